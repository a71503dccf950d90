"""A share with what it was counted from, and how it stands against a goal.

Units: tickets, promises, answers or cases, as the measure has them; a share is between 0 and 1.
Limits: a share of fewer than `ENOUGH` is shown and not judged: at 9 in 10 a single ticket moves it by a tenth.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

ENOUGH = 10


@dataclass(frozen=True)
class Tally:
    """So many of so many. Where they were drawn with unequal chances, each stands for as many as its chance left out:
    `heavy` of them good, `weight` in all; None where each stands for itself."""

    good: int = 0
    all: int = 0
    heavy: float | None = None
    weight: float | None = None

    def __add__(self, other: "Tally") -> "Tally":
        good, counted = self.good + other.good, self.all + other.all
        if self.weight is None and other.weight is None:
            return Tally(good, counted)
        return Tally(good, counted, self._heavy + other._heavy, self._weight + other._weight)

    @property
    def share(self) -> float | None:
        return self._heavy / self._weight if self._weight else None

    @property
    def _heavy(self) -> float:
        return self.good if self.heavy is None else self.heavy

    @property
    def _weight(self) -> float:
        return self.all if self.weight is None else self.weight


def total(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())


class Standing(StrEnum):
    """How a reading stands against its goal."""

    MET = "met"
    MISSED = "missed"
    TOO_FEW = "too_few"
    NO_GOAL = "no_goal"


def standing(tally: Tally, target: float | None) -> Standing:
    if target is None:
        return Standing.NO_GOAL
    if tally.share is None or tally.all < ENOUGH:
        return Standing.TOO_FEW
    return Standing.MET if tally.share >= target else Standing.MISSED
