from datetime import datetime

from django.db import transaction

from apps.analysis.deadlines import midnight, today
from apps.evaluation.models import CountedMonths
from apps.evaluation.queries.accountability import count_charges
from apps.evaluation.queries.facts import count_facts
from apps.evaluation.queries.quarters import BASELINE, Quarter, quarters_up_to
from apps.evaluation.queries.shares import count_shares
from apps.evaluation.queries.window import MONTHS, window, zone
from apps.evaluation.tally import Tally
from helpdesk.models import Ticket, User
from helpdesk.permissions import require

# Tickets in the quarters looked at: fewer are counted at every view, in less than a tenth of a second.
MANY = 100_000
QUARTERS = 2 * BASELINE + 1  # the choices of the page, and those each is compared with


def count_months(*, by: User, at: datetime) -> CountedMonths | None:
    """Count what standards and prevention are reckoned from, as of now, where tickets are many; else keep nothing.

    May run any number of times; an older count never takes the place of a newer one.
    """
    require(by, "analysis.run")
    quarters = quarters_up_to(Quarter.of(today(at)), QUARTERS)
    since = min(quarters).first
    tickets = Ticket.objects.filter(opened_at__gte=midnight(since)).count()
    if tickets < MANY:
        CountedMonths.objects.all().delete()
        return None
    facts = count_facts(quarters, at=at)
    return _keep(
        counted_at=at, since=since, counted_in=str(zone()), tickets=tickets,
        shares=[
            (measure, department, str(month), *_numbers(tally))
            for measure, department, month, tally in count_shares(window(months=max(MONTHS), at=at))
        ],
        charges=[(str(month), *rest) for month, *rest in count_charges(midnight(since), at)],
        facts=[(department, str(first), counts) for (department, first), counts in facts.items()],
    )  # fmt: skip


def _numbers(tally: Tally) -> tuple[int, int, float | None, float | None]:
    return tally.good, tally.all, tally.heavy, tally.weight


@transaction.atomic
def _keep(*, counted_at: datetime, **counted: object) -> CountedMonths:
    rows = CountedMonths.objects.select_for_update(of=("self",), no_key=True)
    row, is_new = rows.get_or_create(defaults={"counted_at": counted_at, **counted})
    if not is_new and row.counted_at < counted_at:
        for name, value in counted.items():
            setattr(row, name, value)
        row.counted_at = counted_at
        row.save()
    return row
