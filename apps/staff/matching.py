"""Who takes a ticket: by turns, by load, or by skill first and then the lightest load.

Method: a candidate whose open tickets have reached their capacity, or who is away, is out. Of the rest wins, by turns,
who got one longest ago; by load who uses the smallest share of their capacity; by skill who knows it best, and among
equals the lightest load. Then the one with the lowest id, so that the same question has the same answer.
Units: tickets. Limits: one ticket at a time; it does not plan ahead.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """How the tickets of a department find their people."""

    OFF = "off"
    TURN = "turn"
    LOAD = "load"
    SKILL = "skill"


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take it: how well they know it (0 to 3), what they have and what they can carry."""

    user: int
    skill: int
    open_tickets: int
    capacity: int
    last: float = 0.0  # when they got one last, in seconds; 0: never

    @property
    def is_free(self) -> bool:
        return self.open_tickets < self.capacity

    @property
    def load(self) -> float:
        return self.open_tickets / self.capacity


def best(candidates: Iterable[Candidate], mode: Mode = Mode.SKILL) -> Candidate | None:
    """The one who should take it; None when everybody is full."""
    free = [candidate for candidate in candidates if candidate.is_free]
    return min(free, key=lambda candidate: order(mode, candidate), default=None)


def order(mode: Mode, candidate: Candidate) -> tuple[float, ...]:
    """The smallest gets it."""
    if mode == Mode.TURN:
        return (candidate.last, candidate.user)
    if mode == Mode.LOAD:
        return (candidate.load, candidate.user)
    return (-candidate.skill, candidate.load, candidate.user)
