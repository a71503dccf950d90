"""Which states a person may give to a ticket."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from apps.response.statuses.services import VERBS
from apps.response.transitions import allows, refusal_of
from helpdesk.models import Status, Ticket, TicketStatus, User
from helpdesk.permissions import may

# What brings a ticket into a category.
_ACTS = {
    Status.OPEN: ("begin", "reopen"),
    Status.WAITING_CUSTOMER: ("hold",),
    Status.WAITING_OWNER: ("hold",),
    Status.SOLVED: ("solve",),
    Status.CLOSED: ("close",),
}


@dataclass(frozen=True)
class Choice:
    """A state that a ticket may be given: a category's own name, or a word of the company's."""

    value: str
    label: str
    is_current: bool


def choices_for(ticket: Ticket, user: User) -> list[Choice]:
    """In the order of the categories, each with the company's words for it; one query. A category whose default is
    a word of the company's is offered by that word alone."""
    own: dict[str, list[TicketStatus]] = {}
    for row in TicketStatus.objects.in_use(ticket.department_id).select_related("department"):
        own.setdefault(row.category, []).append(row)
    found = []
    for category, verb in VERBS.items():
        here = ticket.status == category
        if not may(user, verb) or not (here or any(allows(ticket.status, act) for act in _ACTS[category])):
            continue
        words = own.get(category, [])
        if not any(one.is_default for one in words):
            found.append(Choice(category.value, str(category.label), here and ticket.own_status_id is None))
        found += [
            Choice(one.key, one.label, one.pk == ticket.own_status_id)
            for one in words
            if refusal_of(ticket, one, user) is None
        ]
    return found


@dataclass(frozen=True)
class Row:
    """A state as the list shows it, with the open tickets that have it."""

    status: TicketStatus
    tickets: int


def statuses_with_tickets() -> list[Row]:
    """Every state, retired ones last, with how many tickets have it; two queries."""
    counts = Counter(
        dict(
            Ticket.objects.filter(own_status__isnull=False)
            .order_by()
            .values("own_status")
            .annotate(n=Count("pk"))
            .values_list("own_status", "n")
        )
    )
    order = list(Status.values)
    rows = TicketStatus.objects.select_related("department")
    ranked = sorted(
        rows, key=lambda row: (row.retired_at is not None, order.index(row.category), row.order, row.label)
    )
    return [Row(row, counts[row.pk]) for row in ranked]
