"""Every change of a ticket, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.response.queries.history_sentences import names_in, sentence
from helpdesk.models import Event, Ticket, User

MAX_MOMENTS = 500
# Kinds as people look for them; the rest is "other".
GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "state": (
        _("Status"),
        (
            "ticket.opened", "ticket.begun", "ticket.held", "ticket.resolved", "ticket.reopened", "ticket.closed",
            "ticket.named", "ticket.kept", "ticket.recurred", "request.sent",
        ),
    ),
    "people": (
        _("Who answers"),
        ("ticket.assigned", "ticket.moved", "ticket.told", "referral.", "ticket.followed", "ticket.unfollowed"),
    ),
    "coding": (
        _("Classification and fields"),
        (
            "ticket.classified", "ticket.recoded", "ticket.uncoded", "ticket.rated", "ticket.described",
            "ticket.filled", "ticket.unmarked", "remedy.", "fact.", "approval.",
        ),
    ),
    "ties": (_("Merges, splits and links"), ("ticket.merged", "ticket.unmerged", "messages.", "link.")),
    "talk": (
        _("Messages and notes"),
        ("message.", "note.", "call.", "mail.", "delivery.", "person.", "reply.", "side."),
    ),
    "time": (_("Clocks"), ("clock.", "promise.")),
    "work": (_("Tasks, minutes and snoozes"), ("task.", "time.", "ticket.snoozed", "ticket.woken")),
    "loop": (
        _("The loop"),
        ("case.", "signal.", "cause.", "action.", "plan.", "workaround.", "wave.", "evidence."),
    ),
    "customer": (_("What the customer says"), ("outcome.", "survey.")),
}  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """One event: who, when, what, in a sentence."""

    pk: int
    at: datetime
    by: int
    who: str
    kind: str
    text: str
    is_loop: bool


@dataclass(frozen=True)
class Past:
    """The history as it was asked for, and whom it could be asked for."""

    moments: list[Moment]
    people: list[tuple[int, str]]
    more: bool  # older ones are left out


def past(ticket: Ticket, *, group: str = "", by: int | None = None) -> Past:
    """The newest 500 changes of a kind and a person, newest first. Six queries: events, names, and who did any."""
    events = Event.objects.filter(ticket=ticket, at__gte=ticket.opened_at)
    did = User.objects.filter(pk__in=events.order_by().values("by")).order_by("name", "pk")
    if group in GROUPS:
        wanted = Q()
        for kind in GROUPS[group][1]:
            wanted |= Q(kind__startswith=kind) if kind.endswith(".") else Q(kind=kind)
        events = events.filter(wanted)
    if by is not None:
        events = events.filter(by=by)
    rows = list(events.select_related("by").order_by("-at", "-pk")[: MAX_MOMENTS + 1])
    names = names_in([event.data for event in rows])
    moments = [
        Moment(
            event.pk, event.at, event.by_id, event.by.name, event.kind, sentence(event, names), _is_loop(event.kind)
        )
        for event in rows[:MAX_MOMENTS]
    ]  # fmt: skip
    return Past(moments, list(did.values_list("pk", "name")), len(rows) > MAX_MOMENTS)


def history(ticket: Ticket) -> list[Moment]:
    """The newest 500 changes, newest first."""
    return past(ticket).moments


def _is_loop(kind: str) -> bool:
    return kind.split(".")[0] in (
        "case",
        "signal",
        "cause",
        "action",
        "plan",
        "workaround",
        "wave",
        "evidence",
    )
