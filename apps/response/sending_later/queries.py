"""Answers that wait: read with their ticket, in its one query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.formats import date_format

from apps.response.sending_later.models import UNSENT, LaterReply, LaterState
from apps.response.snoozing.forms import NAMES
from apps.response.snoozing.times import times
from helpdesk.models import Ticket
from helpdesk.models.ticket import TicketQuerySet
from helpdesk.sentences import Words, read


@dataclass(frozen=True)
class Waiting:
    """An answer for later, as its ticket shows it."""

    pk: int
    author: str
    text: str
    files: int
    cc: tuple[str, ...]
    due_at: datetime
    is_held: bool
    why: Words


def with_later(tickets: TicketQuerySet) -> TicketQuerySet:
    """Let each ticket bring the answers that wait on it."""
    fields = {
        "pk": "pk", "author": "by__name", "text": "body", "files": "files", "cc": "cc", "due_at": "due_at",
        "state": "state", "why": "why",
    }  # fmt: skip
    rows = LaterReply.objects.filter(ticket=OuterRef("pk"), state__in=UNSENT).order_by("due_at", "pk")
    return tickets.annotate(kept_later=ArraySubquery(rows.values(row=JSONObject(**fields))))


def later_of(ticket: Ticket) -> list[Waiting]:
    """Of a ticket that was fetched `with_later`. No query."""
    return [_shown(row) for row in getattr(ticket, "kept_later", ())]


def _shown(row: dict[str, Any]) -> Waiting:
    return Waiting(
        row["pk"], row["author"], row["text"], len(row["files"]), tuple(row["cc"] or ()),
        datetime.fromisoformat(row["due_at"]), row["state"] == LaterState.HELD, read(row["why"]),
    )  # fmt: skip


def times_offered(at: datetime) -> list[tuple[str, str]]:
    """When an answer could go, in the zone of whoever reads: by name."""
    return [(name, f"{NAMES[name]} ({date_format(when, 'D H:i')})") for name, when in times(at).items()]
