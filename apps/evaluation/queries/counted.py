"""What was counted from the tickets beforehand, where they are many (`services.count_months`)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.evaluation.models import CountedMonths
from apps.evaluation.queries.window import zone
from apps.evaluation.tally import Tally

# Counted every quarter of an hour. An older one is not shown: the worker is away, and who looks waits for the tickets.
AT_MOST = timedelta(hours=1)

# A measure, a department, the first day of a month, so many good of so many.
Share = tuple[str, int | None, date, Tally]
# The first day of a month, owning department, issue, contacts, of these answered by another department.
Charge = tuple[date, int | None, int | None, int, int]
Fact = tuple[int, date]  # of a department in the quarter that begins on this day


@dataclass(frozen=True)
class Counted:
    """Everything as of `at`, from the day `since` on; what else is read with it is read as of the same moment."""

    at: datetime
    since: date
    shares: list[Share]
    charges: list[Charge]
    facts: dict[Fact, dict[str, int]]


def read_counted(at: datetime, *, since: date) -> Counted | None:
    """The last count, if it is of the last hour and goes back to this day; None: count from the tickets. One query."""
    row = CountedMonths.objects.filter(
        counted_at__gt=at - AT_MOST, counted_at__lte=at, since__lte=since, counted_in=str(zone())
    ).first()
    if row is None:
        return None
    day = date.fromisoformat
    return Counted(
        at=row.counted_at,
        since=row.since,
        shares=[(measure, one, day(month), Tally(*tally)) for measure, one, month, *tally in row.shares],
        charges=[(day(month), *rest) for month, *rest in row.charges],
        facts={(department, day(first)): counts for department, first, counts in row.facts},
    )
