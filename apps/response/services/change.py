"""Several facts of a ticket at once, as a program changes them."""

from collections.abc import Mapping
from datetime import datetime
from types import EllipsisType
from typing import Any

from django.db import transaction

from apps.response.services.coding import describe, rate
from apps.response.services.own_fields import fill_in
from apps.response.services.people import assign, move
from helpdesk.models import Department, Product, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held

_SAME = ...


@transaction.atomic
def change(
    *,
    ticket: Ticket,
    severity: int | None = None,
    department: Department | None = None,
    assignee: User | EllipsisType | None = _SAME,
    product: Product | EllipsisType | None = _SAME,
    product_version: str | None = None,
    tags: list[str] | None = None,
    custom: Mapping[str, Any] | None = None,
    by: User,
    at: datetime,
) -> Ticket:
    """Change what is named, all of it or nothing, each by its own service and with its refusals.

    A department takes the ticket from whoever had it, so the assignee is set after it.
    """
    require(by, "response.view", ticket)
    ticket = held(ticket)
    if severity is not None:
        rate(ticket=ticket, severity=severity, by=by, at=at)
    if not isinstance(product, EllipsisType) or product_version is not None or tags is not None:
        describe(
            ticket=ticket,
            product=ticket.product if isinstance(product, EllipsisType) else product,
            product_version=ticket.product_version if product_version is None else product_version,
            tags=None if tags is None else tuple(tags),
            by=by,
            at=at,
        )
    if custom is not None:
        fill_in(ticket=ticket, values=custom, by=by, at=at)
    if not isinstance(assignee, EllipsisType) and department is None:
        assign(ticket=ticket, assignee=assignee, by=by, at=at)
    if department is not None:
        ticket = move(ticket=ticket, department=department, by=by, at=at)
        if not isinstance(assignee, EllipsisType):
            assign(ticket=ticket, assignee=assignee, by=by, at=at)
    return ticket
