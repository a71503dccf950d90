"""What somebody has written on a ticket and not sent: read with the ticket itself, in its one query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from apps.intake.uploads import Stored
from apps.response.models import Draft
from helpdesk.models import Ticket, User
from helpdesk.models.ticket import TicketQuerySet


@dataclass(frozen=True)
class Kept:
    """A draft as a page shows it."""

    pk: int
    kind: str
    text: str
    revision: int
    files: tuple[Stored, ...]
    macro: int | None
    cc: list[str] | None
    at: datetime


@dataclass(frozen=True)
class Desk:
    """What one composer begins with: the newest draft, and others that say something else."""

    draft: Kept | None = None
    others: tuple[Kept, ...] = ()


def written_by(user: User) -> QuerySet[Draft]:
    """What this person has not sent, without composers that are empty."""
    return Draft.objects.filter(user=user).exclude(text__regex=r"^\s*$", files=[])


def with_drafts(tickets: TicketQuerySet, user: User) -> TicketQuerySet:
    """Let each ticket bring what this person is writing on it."""
    fields = {name: name for name in ("pk", "kind", "text", "revision", "files", "macro", "cc", "at")}
    rows = Draft.objects.filter(ticket=OuterRef("pk"), user=user).order_by("-at", "-pk")
    return tickets.annotate(kept_drafts=ArraySubquery(rows.values(row=JSONObject(**fields))))


def drafts_of(ticket: Ticket) -> dict[str, Desk]:
    """By kind, of a ticket that was fetched `with_drafts`. No query."""
    kept = [_kept(row) for row in getattr(ticket, "kept_drafts", ())]
    return {kind: _desk([one for one in kept if one.kind == kind]) for kind in ("reply", "note")}


def _kept(row: dict[str, Any]) -> Kept:
    files = tuple(Stored(**file) for file in row.pop("files"))
    at = datetime.fromisoformat(row.pop("at"))
    return Kept(**row, files=files, at=at)


def _desk(kept: list[Kept]) -> Desk:
    written = [one for one in kept if one.text.strip() or one.files]
    if not written:
        return Desk()
    newest = written[0]
    shown = " ".join(newest.text.split())
    differing = (one for one in written[1:] if one.files or " ".join(one.text.split()) not in shown)
    return Desk(newest, tuple(differing))
