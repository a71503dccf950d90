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
    """So many of so many."""

    good: int = 0
    all: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.good + other.good, self.all + other.all)

    @property
    def share(self) -> float | None:
        return self.good / self.all if self.all else None


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
