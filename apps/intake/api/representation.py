"""How a ticket looks in the API: one shape for lists, details and answers; `expand` adds what belongs to it."""

import hashlib
import json
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from helpdesk.models import Customer, Message, Severity, Ticket, TicketIssue

EXPANSIONS = ("customer", "issues", "messages", "participants")


def loaded(tickets: QuerySet[Ticket], expand: Collection[str] = ()) -> QuerySet[Ticket]:
    """With everything `represent` reads: one query, and one more for each list that is expanded."""
    tickets = tickets.select_related(
        "customer", "department", "assignee", "product", "primary_issue", "own_status"
    ).defer("search")
    lists = {
        "issues": ("issues__issue", "issues__release"),
        "messages": ("messages__attachments",),
        "participants": ("participants",),
    }
    return tickets.prefetch_related(*(path for name in expand for path in lists.get(name, ())))


def represent(ticket: Ticket, expand: Collection[str] = ()) -> dict[str, Any]:
    """Plain values; times in RFC 3339."""
    shown = {
        "number": ticket.pk,
        "url": f"/api/v1/tickets/{ticket.pk}/",
        "subject": ticket.subject,
        "status": ticket.status,
        "own_status": _own_status(ticket),
        "closes_itself": ticket.closes_itself,
        "severity": str(Severity(ticket.severity).label).lower(),
        "channel": ticket.channel,
        "contact_type": ticket.contact_type,
        "department": ticket.department.slug,
        "assignee": ticket.assignee.email if ticket.assignee else None,
        "customer": _customer(ticket.customer, whole="customer" in expand),
        "product": ticket.product.code if ticket.product else None,
        "product_version": ticket.product_version,
        "issue": ticket.primary_issue.code if ticket.primary_issue else None,
        "tags": ticket.tags,
        "custom": ticket.custom,
        "external_id": ticket.external_id,
        "campaign": ticket.campaign or None,
        "remedy_wanted": ticket.remedy_wanted,
        "outcome": ticket.outcome or None,
        "merged_into": ticket.merged_into_id,
        "occurred_at": _time(ticket.occurred_at),
        "opened_at": _time(ticket.opened_at),
        "first_replied_at": _time(ticket.first_replied_at),
        "solved_at": _time(ticket.solved_at),
        "closed_at": _time(ticket.closed_at),
        "updated_at": _time(ticket.updated_at),
        "due_at": _time(ticket.due_at),
        "clock_state": ticket.clock_state or None,
    }
    return shown | {name: show(ticket) for name, show in _LISTS.items() if name in expand}


def _own_status(ticket: Ticket) -> dict[str, str] | None:
    own = ticket.own_status
    return {"key": own.key, "label": own.label, "customer_label": own.customer_label} if own else None


def message(one: Message) -> dict[str, Any]:
    return {
        "id": one.pk,
        "direction": one.direction,
        "channel": one.channel,
        "sender": {"name": one.sender_name, "email": one.sender_email},
        "body": one.body,
        "is_thanks": one.is_thanks,
        "is_automatic": one.is_automatic,
        "refused_at": _time(one.refused_at),
        "at": _time(one.at),
        "attachments": [
            {"id": file.pk, "name": file.name, "content_type": file.content_type, "size": file.size}
            for file in one.attachments.all()
        ],
    }


def etag(shown: dict[str, Any]) -> str:
    """Strong: the same for the same answer. A PATCH compares it with `etag(represent(ticket))`."""
    return f'"{hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:32]}"'


def _customer(customer: Customer, *, whole: bool) -> dict[str, Any]:
    short = {"id": customer.pk, "email": customer.email, "name": customer.name}
    if not whole:
        return short
    return short | {
        "phone": customer.phone,
        "organisation": customer.organisation,
        "segment": customer.segment,
        "region": customer.region,
        "language": customer.language,
        "joined_on": customer.joined_on.isoformat() if customer.joined_on else None,
    }


def _issue(coded: TicketIssue) -> dict[str, Any]:
    return {
        "code": coded.issue.code,
        "path": coded.issue.path,
        "label": coded.issue.label,
        "is_primary": coded.is_primary,
        "source": coded.source,
        "confidence": coded.confidence,
        "release": coded.release.number,
        "suspected_cause": coded.suspected_cause or None,
        "coded_at": _time(coded.coded_at),
    }


_LISTS: dict[str, Callable[[Ticket], Any]] = {
    "issues": lambda ticket: [_issue(coded) for coded in ticket.issues.all()],
    "messages": lambda ticket: [message(one) for one in ticket.messages.all() if one.withdrawn_at is None],
    "participants": lambda ticket: [
        {"email": person.email, "name": person.name} for person in ticket.participants.all()
    ],
}


def _time(value: datetime | None) -> str | None:
    return value.isoformat().replace("+00:00", "Z") if value else None
