"""How a fix went on: week by week what came, what was to be expected without it, and how many contacts it has saved.

The procedure is that of the verdict (`decide`), asked again for every week since the fix with the window ending there;
so the last point says what a verdict on that day would say, error and all. How far rates wander by themselves is
learnt once, for the whole window. Saved is expected less observed; its 90 % interval is that of the ratio.
"""

from dataclasses import dataclass, replace

from apps.analysis.proof.decide import Bench
from apps.analysis.proof.ratio import Z90
from apps.analysis.proof.record import Record
from apps.analysis.series import DAYS_A_WEEK

MOST = 26  # points: after half a year every second week is enough, and so on


@dataclass(frozen=True)
class Point:
    """`days` since the fix. Observed and expected in the days since the point before, with where nine in ten such
    stretches would lie; and contacts saved since the fix, with their 90 % interval."""

    days: int
    observed: float
    expected: float
    low: float
    high: float
    saved: float
    saved_low: float
    saved_high: float


def course(record: Record) -> list[Point]:
    """From the first day of the record's window after the fix to its last, in whole weeks; none in the first week."""
    start, stop = record.after
    weeks = (stop - start) // DAYS_A_WEEK
    each = -(-weeks // MOST) if weeks else 1
    stops = list(range(weeks, 0, -each))[::-1]
    wander = Bench(record).wander if stops else 0.0
    points: list[Point] = []
    observed = expected = 0.0
    for week in stops:
        end = start + week * DAYS_A_WEEK
        found, _ = Bench(replace(record, after=(start, end)), wander).after()
        came, due = found.observed - observed, max(found.expected - expected, 0.0)
        reach = Z90 * (found.dispersion * due) ** 0.5
        points.append(
            Point(
                week * DAYS_A_WEEK, came, due, max(due - reach, 0.0), due + reach, found.expected - found.observed,
                found.expected * (1 - found.high), found.expected * (1 - found.low),
            )
        )  # fmt: skip
        observed, expected = found.observed, found.expected
    return points
