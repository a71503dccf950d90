"""Who else is at which tickets, by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.response.presence import board
from apps.response.presence.board import Doing
from helpdesk.models import Ticket, User


@dataclass(frozen=True)
class Visitor:
    """A colleague at a ticket."""

    name: str
    writes: bool


@dataclass(frozen=True)
class Visited:
    """A ticket and who else is at it; those who write first."""

    number: int
    people: tuple[Visitor, ...]


def visitors(ticket: Ticket, *, besides: User, at: datetime) -> tuple[Visitor, ...]:
    """Who else has this ticket open; whoever fetched it may see it. At most one query."""
    found = _named(board.here([ticket.pk], at=at), besides)
    return found[0].people if found else ()


def visited(numbers: Iterable[int], *, user: User, at: datetime) -> list[Visited]:
    """Of these tickets those at which others are, as far as this person may see them. At most two queries."""
    there = board.here(numbers, at=at)
    there = {number: people for number, people in there.items() if people.keys() - {user.pk}}
    if not there:
        return []
    seen = set(Ticket.objects.visible_to(user).filter(pk__in=list(there)).values_list("pk", flat=True))
    return _named({number: people for number, people in there.items() if number in seen}, user)


def _named(there: dict[int, dict[int, Doing]], besides: User) -> list[Visited]:
    people = {user for doing in there.values() for user in doing} - {besides.pk}
    if not people:
        return []
    # Who does not want to be shown is not, from the moment they say so.
    shown = User.objects.filter(pk__in=people, is_active=True, show_presence=True)
    names = dict(shown.values_list("pk", "name"))
    found = []
    for number, doing in there.items():
        rows = [Visitor(names[user], what == Doing.WRITES) for user, what in doing.items() if user in names]
        if rows:
            found.append(Visited(number, tuple(sorted(rows, key=lambda one: (not one.writes, one.name)))))
    return found
