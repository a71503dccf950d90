"""Calls of a ticket and of a customer."""

from datetime import datetime

from apps.response.calls.models import Call, CallQuerySet
from helpdesk.models import Customer, Direction, Ticket, User

SHOWN = 50


def calls_on(ticket: Ticket) -> CallQuerySet:
    return _whole().filter(ticket=ticket)


def answers_by_call(ticket: Ticket) -> list[datetime]:
    """When its customer was spoken with, in order. One query."""
    found = Call.objects.reached().filter(ticket=ticket).values_list("begun_at", flat=True)
    return sorted(max(begun, ticket.opened_at) for begun in found)


def first_answer(ticket: Ticket) -> datetime | None:
    """When its customer was first answered: by what a person wrote, or by a call that reached them. Two queries."""
    ours = ticket.messages.filter(direction=Direction.OUT, is_automatic=False, withdrawn_at=None)
    written = ours.order_by("at").values_list("at", flat=True)[:1]
    return min([*written, *answers_by_call(ticket)], default=None)


def calls_of(customer: Customer, *, user: User) -> list[Call]:
    """The newest fifty, on tickets this person may see. One query."""
    return list(_whole().visible_to(user).filter(customer=customer)[:SHOWN])


def calls_between(
    *, user: User, customer: int | None, since: datetime | None, until: datetime | None
) -> CallQuerySet:
    """Those on tickets this person may see, begun from `since` and before `until`."""
    rows = _whole().visible_to(user)
    if customer is not None:
        rows = rows.filter(customer=customer)
    if since is not None:
        rows = rows.filter(begun_at__gte=since)
    return rows.filter(begun_at__lt=until) if until is not None else rows


def _whole() -> CallQuerySet:
    rows: CallQuerySet = Call.objects.select_related("ticket", "taken_by", "note")
    return rows
