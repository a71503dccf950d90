"""What guards watch: tickets, answers, codes and contacts by department and quarter, one grouped query a source."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Avg, Count, F, Q
from django.db.models.functions import TruncQuarter

from apps.analysis.models import Exposure
from apps.control.models import Survey
from apps.evaluation.incentive import Facts
from apps.evaluation.queries.counted import Counted, Fact
from apps.evaluation.queries.quarters import Quarter
from apps.evaluation.queries.window import zone
from helpdesk.models import Channel, IssueKind, Outcome, Ticket

SPOKEN = (Channel.PHONE, Channel.WALK_IN)
OTHER = (IssueKind.NO_CODE, IssueKind.NOT_ENOUGH, IssueKind.UNDETERMINED, IssueKind.NO_PROBLEM)

# A person's new code that took a ticket from a department's issues to another's; a release of the taxonomy that
# recodes tickets records `ticket.recoded` and is not in it.
MOVED_AWAY = """
    SELECT date_trunc('quarter', event.at AT TIME ZONE %(zone)s)::date, before.owner_department_id,
           count(DISTINCT event.ticket_id)
    FROM helpdesk_event event
    JOIN helpdesk_issue before ON before.id = (event.data->>'before')::bigint
    JOIN helpdesk_issue after ON after.id = (event.data->>'issue')::bigint
    WHERE event.kind = 'ticket.classified' AND event.at >= %(since)s AND event.at < %(until)s
          AND (event.data->>'primary')::boolean
          AND after.owner_department_id IS DISTINCT FROM before.owner_department_id
          AND before.owner_department_id IS NOT NULL
    GROUP BY 1, 2
"""
FOUND = """
    SELECT date_trunc('quarter', survey.answered_at AT TIME ZONE %(zone)s)::date, issue.owner_department_id,
           count(*), count(*) FILTER (WHERE issue.id = ANY(survey.problems))
    FROM control_survey survey CROSS JOIN LATERAL unnest(survey.offered) shown (issue)
    JOIN helpdesk_issue issue ON issue.id = shown.issue
    WHERE survey.answered_at >= %(since)s AND survey.answered_at < %(until)s
    GROUP BY 1, 2
"""


def read_facts(
    quarters: Sequence[Quarter], *, departments: Iterable[int], at: datetime, counted: Counted | None = None
) -> dict[Fact, Facts]:
    """Of these departments in these quarters, up to `at`; six queries whatever their number, one with what is
    counted."""
    found = counted.facts if counted else count_facts(quarters, at=at)
    exposure = _exposure(quarters, at)
    return {
        (department, one.first): replace(
            Facts(**found.get((department, one.first), {})), exposure=exposure[one.first]
        )
        for department in set(departments)
        for one in quarters
    }


def count_facts(quarters: Sequence[Quarter], *, at: datetime) -> dict[Fact, dict[str, int]]:
    """Of all departments, by name. Five queries."""
    since, until = min(quarters).since, max(quarters).known_at(at)
    found: dict[Fact, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def add(day: date, owners: Iterable[int | None], counts: dict[str, int]) -> None:
        # A ticket counts once for a department that both answered it and owns its issue.
        for department in set(owners):
            for name, count in counts.items():
                if department is not None:
                    found[department, day][name] += count

    for row in _solved(since, until):
        quarter, department, owner = row.pop("quarter"), row.pop("department"), row.pop("owner")
        add(quarter.date(), (department, owner), row)
    for quarter, department, owner, asked in _asked(since, until, at):
        add(quarter.date(), (department, owner), {"asked": asked})
    for quarter, owner, own in _contacts(since, until):
        add(quarter.date(), (owner,), {"own": own})
    with connection.cursor() as cursor:
        given: dict[str, str | datetime] = {"zone": str(zone()), "since": since, "until": until}
        cursor.execute(MOVED_AWAY, given)
        for day, owner, moved in cursor.fetchall():
            add(day, (owner,), {"moved_away": moved})
        cursor.execute(FOUND, given)
        for day, owner, offered, yes in cursor.fetchall():
            add(day, (owner,), {"offered": offered, "found": yes})
    return found


def _solved(since: datetime, until: datetime) -> Iterable[Any]:
    """Tickets solved, by who answered and who owns the issue, with what became of them."""
    coded, written = Q(primary_issue__isnull=False), ~Q(channel__in=SPOKEN)
    return (
        Ticket.objects.filter(solved_at__gte=since, solved_at__lt=until, merged_into__isnull=True)
        .order_by()
        .values(
            "department",
            quarter=TruncQuarter("solved_at", tzinfo=zone()),
            owner=F("primary_issue__owner_department"),
        )
        .annotate(
            solved=Count("id"),
            uncoded=Count("id", filter=~coded),
            other=Count("id", filter=Q(primary_issue__kind__in=OTHER)),
            milder=Count("id", filter=Q(severity__gt=F("primary_issue__default_severity"))),
            reopened=Count("id", filter=Q(reopened_count__gt=0)),
            written=Count("id", filter=written),
            unanswered=Count("id", filter=written & Q(first_replied_at=None)),
            told=Count("id", filter=~Q(outcome="")),
            satisfied=Count("id", filter=Q(outcome=Outcome.SATISFIED)),
        )
    )


def _asked(since: datetime, until: datetime, at: datetime) -> Iterable[tuple[datetime, int, int | None, int]]:
    """Whoever was asked by now: answers are counted as late."""
    rows = Survey.objects.filter(
        sent_at__lte=at, ticket__solved_at__gte=since, ticket__solved_at__lt=until,
        ticket__merged_into__isnull=True,
    )  # fmt: skip
    return (
        rows.order_by()
        .values_list(
            TruncQuarter("ticket__solved_at", tzinfo=zone()),
            "ticket__department",
            "ticket__primary_issue__owner_department",
        )
        .annotate(asked=Count("id"))
    )


def _contacts(since: datetime, until: datetime) -> Iterable[tuple[datetime, int | None, int]]:
    rows = Ticket.objects.filter(opened_at__gte=since, opened_at__lt=until, merged_into__isnull=True)
    return (
        rows.order_by()
        .values_list(TruncQuarter("opened_at", tzinfo=zone()), "primary_issue__owner_department")
        .annotate(own=Count("id"))
    )


def _exposure(quarters: Sequence[Quarter], at: datetime) -> dict[date, float]:
    """Customer-days of each quarter: the mean of the days that have a number, for all its days up to now. Days alone
    where one of the quarters has no number: then contacts are compared as if the customers were as many."""
    rows = (
        Exposure.objects.filter(
            kind=Exposure.Kind.ACTIVE_CUSTOMERS, day__gte=min(quarters).first, day__lt=max(quarters).stop
        )
        .values_list(TruncQuarter("day"))
        .annotate(mean=Avg("value"))
        .order_by()
    )
    means = {quarter: float(mean) for quarter, mean in rows}
    is_known = all(one.first in means for one in quarters)
    days = {one.first: max((one.known_at(at) - one.since).total_seconds() / 86_400, 0.0) for one in quarters}
    return {first: number * (means[first] if is_known else 1.0) for first, number in days.items()}
