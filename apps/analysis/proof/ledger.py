"""The prevention ledger: what proven fixes save, day by day, while their proof holds.

A verdict gives money a quarter (91 days) with the ends of its interval. It counts from the first day of the
window in which it was proven; it stops on the day a relapse began, when a newer verdict of the same case takes
over, and at the end of what was asked for. Errors of different fixes are taken as independent, so the ends of a
sum come from the root of the summed squares, not from adding ends up. Money in the company's currency.
Limits: money per contact stands at its likely value; after the counted window the proven level is assumed for
as long as the relapse watch, which looks every day, has nothing to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import hypot

QUARTER_DAYS = 91


@dataclass(frozen=True)
class Holding:
    """One proven saving a quarter, and the days it counts: from `start` up to, not including, `until`."""

    low: float
    likely: float
    high: float
    start: date
    until: date | None = None

    def days_between(self, first: date, stop: date) -> int:
        """Days of [first, stop) on which it counts."""
        ends = stop if self.until is None else min(self.until, stop)
        return max((ends - max(self.start, first)).days, 0)

    def saved(self, first: date, stop: date) -> "Saved":
        share = self.days_between(first, stop) / QUARTER_DAYS
        return Saved(self.low * share, self.likely * share, self.high * share)


@dataclass(frozen=True)
class Saved:
    """Money with the ends of its 90 % interval."""

    low: float = 0.0
    likely: float = 0.0
    high: float = 0.0


def sum_up(parts: Sequence[Saved]) -> Saved:
    """The sum of independent savings."""
    likely = sum(part.likely for part in parts)
    below = hypot(*(part.likely - part.low for part in parts))
    above = hypot(*(part.high - part.likely for part in parts))
    return Saved(likely - below, likely, likely + above)


def quarter_of(day: date) -> tuple[date, date]:
    """The calendar quarter of a day: its first day, and the first of the next."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    month = first.month + 3
    return first, date(first.year + month // 13, (month - 1) % 12 + 1, 1)
