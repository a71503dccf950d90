"""Pages of a list that begin after a row, not at a number of rows: the hundredth page costs what the first does, and a
new ticket does not push one onto two pages."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.db.models.expressions import OrderBy

from helpdesk.models import Ticket
from helpdesk.models.ticket import TicketQuerySet

PAGE = 50


@dataclass(frozen=True)
class Key:
    """A column rows are ordered by. Rows without a value come last."""

    column: str
    descending: bool = False
    may_be_empty: bool = False

    def order(self) -> OrderBy:
        # Where nothing is empty nothing is said of it: an index in this order would not be used.
        return F(self.column).desc() if self.descending else F(self.column).asc()

    def value(self, ticket: Ticket) -> Any:
        value: Any = ticket
        for name in self.column.split("__"):
            value = getattr(value, name) if value is not None else None
        return value


# sort -> its column; ties go by number, in the same direction
SORTS = {
    "due": Key("due_at", may_be_empty=True),
    "updated": Key("updated_at", descending=True),
    "created": Key("opened_at", descending=True),
    "oldest": Key("opened_at"),
    "severity": Key("severity"),
}


# Of one's own list: what was put off and is back stands on top.
BACK = Key("is_back", descending=True)


def keys_of(sort: str, group: str = "") -> list[Key]:
    """By group where there is one, then by the order asked for, then by number."""
    chosen = SORTS[sort or "created"]
    return [*([Key(group, may_be_empty=True)] if group else []), chosen, Key("pk", chosen.descending)]


def ordered(tickets: TicketQuerySet, keys: Sequence[Key]) -> TicketQuerySet:
    return tickets.order_by(*(key.order() for key in keys))


def page(
    tickets: TicketQuerySet,
    keys: Sequence[Key],
    after: str,
    *,
    as_shown: Callable[[TicketQuerySet], TicketQuerySet],
) -> list[Ticket]:
    """One row more than a page, to know whether there is a next one. A place that is none begins at the top.

    `as_shown` adds what is shown of a row. It is asked for these rows alone: in the same breath PostgreSQL would fetch
    it for every ticket that it sorts."""
    try:
        behind = _behind(keys, json.loads(after)) if after else Q()
        return _rows(tickets.filter(behind), keys, as_shown)
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
        return _rows(tickets, keys, as_shown)


def _rows(
    tickets: TicketQuerySet, keys: Sequence[Key], as_shown: Callable[[TicketQuerySet], TicketQuerySet]
) -> list[Ticket]:
    chosen = ordered(tickets, keys)[: PAGE + 1].values("pk")
    return list(ordered(as_shown(Ticket.objects.filter(pk__in=chosen)), keys))


def place_of(ticket: Ticket, keys: Sequence[Key]) -> str:
    """Where a row stands in this order, as it goes into an address."""
    values = [key.value(ticket) for key in keys]
    return json.dumps([value.isoformat() if isinstance(value, datetime) else value for value in values])


def _behind(keys: Sequence[Key], values: Sequence[Any]) -> Q:
    """Rows after the one with these values: later in the first column, or equal there and later in the next."""
    if not isinstance(values, list) or len(values) != len(keys):
        raise ValueError
    behind, equal = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        known = _value(key, value)
        if known is None:  # nothing comes after rows without a value but more of them
            equal &= Q(**{f"{key.column}__isnull": True})
            continue
        side = Q(**{f"{key.column}__{'lt' if key.descending else 'gt'}": known})
        if key.may_be_empty:
            side |= Q(**{f"{key.column}__isnull": True})
        behind |= equal & side
        equal &= Q(**{key.column: known})
    return behind


def _value(key: Key, value: Any) -> Any:
    """As the column takes it. Raises ValueError or TypeError for anything else."""
    if value is None:
        return None
    if key.column.endswith("_at"):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment
    if key.column == BACK.column:
        if not isinstance(value, bool):
            raise TypeError
        return value
    if key.column in ("pk", "severity"):
        number = int(value)
        if not 0 <= number < 2**62:
            raise ValueError
        return number
    if not isinstance(value, str) or "\0" in value:
        raise TypeError
    return value
