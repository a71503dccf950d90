"""What came in, day by day, as arrays: what the engines of a night work on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from apps.analysis.places import EVERYWHERE, Place
from apps.analysis.series import Bools, Floats, Ints

UNCODED = 0


@dataclass(frozen=True)
class Contacts:
    """Contacts from day `first` on: parallel arrays of cells, and what the numbers of each dimension are called.

    `issue` holds primary keys, 0 for uncoded; the dimensions hold indices into `names`, -1 for "not recorded".
    """

    first: date
    days: int
    total: Floats
    day: Ints
    issue: Ints
    tickets: Ints
    codes: dict[str, Ints]
    names: dict[str, tuple[str, ...]]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.days - 1)

    def index(self, day: date) -> int:
        return (day - self.first).days

    def date(self, index: int) -> date:
        return self.first + timedelta(days=index)

    def until(self, index: int) -> "Contacts":
        """The same up to and with a day; the cells are in the order of time."""
        stop = int(np.searchsorted(self.day, index, side="right"))
        codes = {name: column[:stop] for name, column in self.codes.items()}
        return Contacts(
            self.first, index + 1, self.total[: index + 1], self.day[:stop], self.issue[:stop], self.tickets[:stop],
            codes, self.names,
        )  # fmt: skip

    def cells_of(self, issues: Collection[int], place: Place = EVERYWHERE) -> Bools:
        chosen: Bools = np.isin(self.issue, list(issues))
        if not place.is_everywhere:
            names = self.names[place.dimension]
            code = names.index(place.value) if place.value in names else -2
            chosen &= self.codes[place.dimension] == code
        return chosen

    def daily(self, issues: Collection[int], place: Place = EVERYWHERE) -> Floats:
        """Tickets a day (days,) with one of these issues, in this place."""
        chosen = self.cells_of(issues, place)
        return np.bincount(self.day[chosen], self.tickets[chosen], self.days).astype(np.float64)
