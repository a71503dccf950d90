"""Which tickets fit which conditions: asked of the database once, for all conditions of all rules, in the queue's own
words. Live acts, timed rules and trials ask here alone, so they agree by construction.

Method: each different line is one part of a UNION ALL, narrowed to the tickets in question; so each part is planned
as a look-up of these tickets and not of all that fit. Two queries, whatever the number of rules.
Limits: a line of words reads the messages of each ticket; lines that name what is no longer there fit nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery, Value
from django.utils.translation import gettext, override

from apps.response.queries.finding import condition
from apps.response.rules.conditions import Group, Line, fits, happened_so, lines_of, node_of, sentence
from apps.response.rules.moments import Happening
from apps.response.rules.vocabulary import HAPPENED, field_named
from helpdesk.models import Direction, Message, Ticket, User


@dataclass(frozen=True)
class Seen:
    """One line on one ticket: what it asks, what was there, whether it fits. `group`: 0 is the rule itself; `words`:
    as lines of before were kept, in English and in one piece."""

    line: Line | None
    was: str
    fits: bool
    group: int = 0
    words: str = ""

    @property
    def text(self) -> str:
        return sentence(self.line) if self.line else self.words

    @property
    def saw(self) -> str:
        """Labels of ours in the reader's language; names and what people wrote as they are."""
        field = field_named(self.line.field) if self.line else None
        return gettext(self.was) if self.was and field is not None and field.says_labels else self.was


@dataclass(frozen=True)
class Verdict:
    fits: bool
    seen: tuple[Seen, ...]


@dataclass(frozen=True)
class Judged:
    """The tickets as they are, and of each line those that fit."""

    tickets: Mapping[int, Ticket]
    fitting: Mapping[Line, frozenset[int]]

    def verdict(self, group: Group, number: int, happening: Happening | None) -> Verdict:
        ticket = self.tickets[number]
        so = {line: self._so(line, number, happening) for line in lines_of(group)}
        return Verdict(fits(group, so), tuple(_seen(group, so, ticket, happening)))

    def _so(self, line: Line, number: int, happening: Happening | None) -> bool:
        if line.asks_event:
            return happening is not None and happened_so(line, happening)
        return number in self.fitting[line]


def judge(groups: Iterable[Group], numbers: Collection[int], *, as_: User, at: datetime) -> Judged:
    """Two queries: the lines, and the tickets with what traces tell of them."""
    lines = list(dict.fromkeys(line for group in groups for line in lines_of(group) if not line.asks_event))
    fitting: dict[Line, set[int]] = {line: set() for line in lines}
    if lines and numbers:
        for place, number in _asked(lines, numbers, as_, at):
            fitting[lines[place]].add(number)
    found = {ticket.pk: ticket for ticket in _tickets(numbers)}
    return Judged(found, {line: frozenset(those) for line, those in fitting.items()})


def _asked(
    lines: Sequence[Line], numbers: Collection[int], as_: User, at: datetime
) -> Iterable[tuple[int, int]]:
    parts = [
        Ticket.objects.filter(pk__in=numbers)
        .filter(condition(node_of(line, at=at), user=as_))
        .order_by()
        .annotate(place=Value(place))
        .values_list("place", "pk")
        for place, line in enumerate(lines)
    ]
    first, *others = parts
    rows: Any = first.union(*others, all=True) if others else first
    return list(rows)


def _tickets(numbers: Collection[int]) -> Iterable[Ticket]:
    rows = Ticket.objects.filter(pk__in=numbers).select_related(
        "customer", "department", "assignee", "primary_issue", "product", "own_status"
    )
    return rows.annotate(heard_at=_last(Direction.IN), answered_at=_last(Direction.OUT))


def _last(direction: str) -> Subquery:
    said = Message.objects.filter(
        ticket=OuterRef("pk"), direction=direction, is_automatic=False, withdrawn_at=None
    )
    return Subquery(said.order_by(F("at").desc()).values("at")[:1])


def _seen(
    group: Group, so: Mapping[Line, bool], ticket: Ticket, happening: Happening | None
) -> Iterable[Seen]:
    groups = 0
    for part in group.parts:
        if isinstance(part, Group):
            groups += 1
            yield from (
                Seen(line, _saw(line, ticket, happening), so[line], groups) for line in lines_of(part)
            )
        else:
            yield Seen(part, _saw(part, ticket, happening), so[part])


def _saw(line: Line, ticket: Ticket, happening: Happening | None) -> str:
    """Kept in the words of the source, which `Seen.saw` can find in the catalogue."""
    with override("en"):
        if line.asks_event:
            labels = dict(HAPPENED[line.field].choices)
            said = getattr(happening, line.field, "") if happening else ""
            return str(labels.get(said, said))
        field = field_named(line.field)
        return field.saw(ticket) if field else ""
