"""Calls of a ticket and of a customer."""

from datetime import datetime

from apps.response.calls.models import Call, CallQuerySet
from helpdesk.models import Customer, Ticket, User

SHOWN = 50


def calls_on(ticket: Ticket) -> CallQuerySet:
    return _whole().filter(ticket=ticket)


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
