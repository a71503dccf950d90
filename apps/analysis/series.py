"""The time axis that every counting engine shares, and the names of its array types."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]

DAYS_A_YEAR = 365.25
DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Calendar:
    """The steps (days or weeks) of a block of series: where each stands in the year, the week and the
    holidays.

    `position` counts steps from a fixed origin, so two calendars of the same unit agree on the season.
    A weekly calendar has no weekdays and no holidays; a plain daily one may have no holidays.
    """

    position: Ints
    steps_a_year: float
    weekday: Ints | None = None
    holiday: Bools | None = None
    after_holiday: Bools | None = None

    @classmethod
    def of_days(cls, first: date, days: int, holidays: Collection[date] = ()) -> Self:
        """`days` consecutive days from `first`, Monday as weekday 0, with the given public holidays."""
        dates = [first + timedelta(days=n) for n in range(days)]
        off = frozenset(holidays)
        eves = frozenset(day + timedelta(days=1) for day in off) - off
        return cls(
            position=np.arange(days, dtype=np.int64) + first.toordinal(),
            steps_a_year=DAYS_A_YEAR,
            weekday=np.array([day.weekday() for day in dates], dtype=np.int64),
            holiday=np.array([day in off for day in dates], dtype=np.bool_) if off else None,
            after_holiday=np.array([day in eves for day in dates], dtype=np.bool_) if off else None,
        )

    @classmethod
    def of_weeks(cls, first: date, weeks: int) -> Self:
        """`weeks` consecutive weeks, the first of them beginning on `first`."""
        start = first.toordinal() // DAYS_A_WEEK
        return cls(np.arange(weeks, dtype=np.int64) + start, DAYS_A_YEAR / DAYS_A_WEEK)

    def __len__(self) -> int:
        return len(self.position)

    @property
    def is_daily(self) -> bool:
        return self.weekday is not None

    def between(self, start: int, stop: int) -> "Calendar":
        """The steps with index `start` up to, not including, `stop`."""
        cut = slice(start, stop)
        return Calendar(
            self.position[cut],
            self.steps_a_year,
            None if self.weekday is None else self.weekday[cut],
            None if self.holiday is None else self.holiday[cut],
            None if self.after_holiday is None else self.after_holiday[cut],
        )


def as_counts(counts: npt.ArrayLike) -> Floats:
    """Counts as a finite, non-negative float matrix (series, steps); one series may come as a vector."""
    table = np.atleast_2d(np.asarray(counts, dtype=np.float64))
    if table.ndim != 2:
        raise ValueError("counts must be a table of series by steps")
    if not np.isfinite(table).all() or (table < 0).any():
        raise ValueError("counts must be finite and not negative")
    return table


def as_offset(offset: npt.ArrayLike | None, shape: tuple[int, int]) -> Floats:
    """The logarithm of the exposure, spread to (series, steps); nothing given means an exposure of one."""
    return np.broadcast_to(np.asarray(0.0 if offset is None else offset, dtype=np.float64), shape)
