"""What a webhook says: type, timestamp, and a compact document of the noun with ids, plain values and addresses."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.module_loading import import_string

from helpdesk.links import absolute
from helpdesk.models import Customer, Event, Organisation, Ticket, User
from helpdesk.permissions import may

MOST = 32_000  # bytes of a body; compact documents have a twentieth of it
ANNOUNCER = "output.announce"
# Of what an event holds: ids, states, days and figures. What people wrote is for who asks for the noun itself.
TOLD = frozenset({
    "from", "to", "channel", "message", "department", "owner", "due", "clock", "kind", "verdict", "proven", "cut",
    "action", "cause", "issue", "ticket", "linked", "signal", "outcome", "referral", "decision", "case", "changes",
    "delivery", "source", "promised", "holding", "gone", "joined", "fields", "call", "broken_at", "met_at", "letter",
})  # fmt: skip
Document = dict[str, Any]


@cache
def offered_kinds() -> Sequence[str]:
    """The kinds of event an endpoint can ask for: those that are owed to the announcer."""
    subscribers: Mapping[str, Sequence[str]] = import_module("config.subscribers").SUBSCRIBERS
    return [kind for kind, names in subscribers.items() if ANNOUNCER in names]


@cache
def offered_groups() -> Mapping[str, Sequence[str]]:
    """The kinds by their noun: "case.*" and what is in it."""
    groups: dict[str, list[str]] = {}
    for kind in offered_kinds():
        groups.setdefault(f"{kind.partition('.')[0]}.*", []).append(kind)
    return groups


def message_about(event: Event, *, user: User) -> str | None:
    """The body to send, or None for what this user may not know of."""
    noun = event.about.partition(":")[0] or "ticket"
    names: Mapping[str, str] = import_module("config.announced").ANNOUNCED
    if noun not in names:
        return None
    describe: Callable[..., Document | None] = import_string(names[noun])
    document = describe(event=event, user=user)
    if document is None:
        return None
    head = {
        "event": event.pk,
        "by": {"id": event.by_id, "role": event.by.role},
        "changed": changed(event.data),
    }
    return message(event.kind, event.at, head | document)


def message(kind: str, at: datetime, data: Document) -> str:
    said = {"type": kind, "timestamp": at, "data": data}
    body = json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    if len(body.encode()) > MOST:
        return message(kind, at, {"event": data.get("event"), "too_large": True})
    return body


def changed(data: Mapping[str, Any]) -> Document:
    """What an event says of itself that any program may read."""
    plain = (int, float, bool, type(None))
    return {
        name: value
        for name, value in data.items()
        if name in TOLD
        and (isinstance(value, plain) or (isinstance(value, str) and len(value) <= 120) or _are_names(value))
    }


def _are_names(value: Any) -> bool:
    """Of fields that were written anew: their names, never what stands in them."""
    return isinstance(value, list) and all(isinstance(one, str) and one.isidentifier() for one in value)


def api_address(path: str) -> str:
    """The full address of something in the API: api_address("cases/31/")."""
    site: str = settings.SITE_URL
    return f"{site.rstrip('/')}/api/v1/{path}"


def ticket(*, event: Event, user: User) -> Document | None:
    """A ticket as it stands: what lists show of it, and no word of its messages and notes."""
    if not may(user, "response.view"):
        return None
    rows = Ticket.objects.visible_to(user).select_related("department", "primary_issue", "assignee")
    row = rows.filter(pk=event.ticket_id or 0).first()
    if row is None:
        return None
    return {
        "ticket": {
            "id": row.pk, "subject": row.subject, "status": row.status, "severity": row.severity,
            "channel": row.channel, "customer": row.customer_id,
            "department": row.department.slug if row.department else None,
            "issue": row.primary_issue.path if row.primary_issue else None, "assignee": row.assignee_id,
            "opened_at": row.opened_at, "updated_at": row.updated_at,
            "url": api_address(f"tickets/{row.pk}/"), "page": absolute("ticket", number=row.pk),
        }
    }  # fmt: skip


def customer(*, event: Event, user: User) -> Document | None:
    """A customer in ids, groups and days. How they are called and reached is for who asks for the customer: the bodies
    of webhooks are kept elsewhere, where nobody erases them."""
    row = Customer.objects.filter(pk=_number(event)).first()
    # One that was merged away is nobody's to see any more, and is told of by the event of the one that remains.
    if row is None or not may(user, "output.customers") or not row.is_visible_to(user):
        return None
    return {
        "customer": {
            "id": row.pk, "organisation": row.member_of_id, "is_manager": row.is_manager, "segment": row.segment,
            "region": row.region, "language": row.language, "is_erased": row.anonymised_at is not None,
            "created_at": row.created_at,
            "url": api_address(f"customers/{row.pk}/"), "page": absolute("customer", pk=row.pk),
        }
    }  # fmt: skip


def organisation(*, event: Event, user: User) -> Document | None:
    """An organisation without its name, for some are called like a person."""
    row = Organisation.objects.filter(pk=_number(event)).first()
    if row is None or not may(user, "output.customers") or not row.is_visible_to(user):
        return None
    return {
        "organisation": {
            "id": row.pk, "segment": row.segment, "managers_may": row.managers_may, "created_at": row.created_at,
            "url": api_address(f"organisations/{row.pk}/"), "page": absolute("organisation", pk=row.pk),
        }
    }  # fmt: skip


def _number(event: Event) -> int:
    return int(event.about.partition(":")[2])
