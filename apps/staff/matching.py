"""Who takes a ticket: skill first, then the lightest load.

Method: a candidate whose open tickets have reached their capacity, or who is away, is out. Of the rest the one
with the highest skill for the ticket wins; among equals the one who uses the smallest share of their capacity,
then the one with the lowest id, so that the same question has the same answer.
Units: tickets. Limits: one ticket at a time; it does not plan ahead.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take it: how well they know it (0 to 3), what they have and what they can carry."""

    user: int
    skill: int
    open_tickets: int
    capacity: int

    @property
    def is_free(self) -> bool:
        return self.open_tickets < self.capacity

    @property
    def load(self) -> float:
        return self.open_tickets / self.capacity


def best(candidates: Iterable[Candidate]) -> Candidate | None:
    """The one who should take it; None when everybody is full."""
    free = [candidate for candidate in candidates if candidate.is_free]
    return min(free, key=lambda c: (-c.skill, c.load, c.user), default=None)
