"""Where a ticket stands: waiting, solved, open again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.response import transitions
from apps.response.services.solving import check_ready
from helpdesk.each import each
from helpdesk.errors import Invalid
from helpdesk.models import Status, Ticket, TicketStatus, User
from helpdesk.permissions import require
from helpdesk.rows import held

SETTLED_AFTER = timedelta(days=14)


@transaction.atomic
def hold(
    *,
    ticket: Ticket,
    waiting_on: str,
    reason: str = "",
    own: TicketStatus | None = None,
    by: User,
    at: datetime,
) -> Ticket:
    """Wait for the customer, or for the owner of a part of the work. Raises Invalid, NotNow, TicketMerged."""
    require(by, "response.hold", ticket)
    if waiting_on not in (Status.WAITING_CUSTOMER, Status.WAITING_OWNER):
        raise Invalid(
            _("A ticket waits on the customer (waiting_customer) or on an owner (waiting_owner)."),
            pointer="waiting_on",
        )
    ticket = held(ticket)
    transitions.check(ticket, "hold")
    if ticket.status != waiting_on:
        ticket.hold(waiting_on, reason=reason.strip()[:500], own=own, by=by, at=at)
    return ticket


@transaction.atomic
def solve(*, ticket: Ticket, own: TicketStatus | None = None, by: User, at: datetime) -> Ticket:
    """The customer has an answer. Raises NotNow, NotReady, TicketMerged."""
    require(by, "response.solve", ticket)
    ticket = held(ticket)
    transitions.check(ticket, "solve")
    check_ready(ticket)
    ticket.resolve(own=own, by=by, at=at)
    return ticket


@transaction.atomic
def reopen(
    *, ticket: Ticket, reason: str = "", own: TicketStatus | None = None, by: User, at: datetime
) -> Ticket:
    """It was not over. Raises NotNow, TicketMerged."""
    require(by, "response.reopen", ticket)
    ticket = held(ticket)
    transitions.check(ticket, "reopen")
    ticket.reopen(reason=reason.strip()[:500], own=own, by=by, at=at)
    return ticket


def close_settled(*, by: User, at: datetime) -> int:
    """Close what was solved two weeks ago and not heard of since: it counts as over. Returns how many.

    Raises the faults once every ticket had its turn.
    """
    solved = Ticket.objects.filter(status=Status.SOLVED, solved_at__lt=at - SETTLED_AFTER)
    numbers = solved.order_by("pk").values_list("pk", flat=True)
    return sum(each(numbers, lambda pk: _close(pk, by=by, at=at)))


@transaction.atomic
def _close(pk: int, *, by: User, at: datetime) -> bool:
    ticket = (
        Ticket.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(pk=pk).first()
    )
    if ticket is None or not transitions.allows(ticket.status, "close"):
        return False
    ticket.close(by=by, at=at)
    return True
