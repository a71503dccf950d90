"""Who came back: contacts after which the same customer wrote about the same issue again within so many days.

The days are those of the counted contacts; nothing else is known of them. A contact of the last days has not had its
time yet and is left out of every share. A customer who writes three times comes back twice.
"""

from dataclasses import dataclass

import numpy as np

from apps.analysis.series import Bools, Ints

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Returns:
    """For each contact (n,), in the order given: days until the same customer's same issue again, or `NEVER`."""

    day: Ints
    gap: Ints
    days: int

    def within(self, days: int) -> Bools:
        back: Bools = self.gap <= days
        return back

    def had_their_time(self, days: int) -> Bools:
        """So many days have passed since."""
        passed: Bools = self.day + days < self.days
        return passed


def returns(day: Ints, customer: Ints, issue: Ints, *, days: int) -> Returns:
    """`days`: how many there are in all, the last of them is `days` - 1."""
    order = np.lexsort((day, issue, customer))
    who, what, when = customer[order], issue[order], day[order]
    same = (who[1:] == who[:-1]) & (what[1:] == what[:-1])
    gap = np.full(len(day), NEVER)
    gap[order[:-1]] = np.where(same, when[1:] - when[:-1], NEVER)
    return Returns(day, gap, days)
