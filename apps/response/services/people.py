"""Who works on a ticket."""

from datetime import datetime
from types import EllipsisType

from django.db import transaction
from django.utils.translation import gettext as _

from apps.response import transitions
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Department, Ticket, User
from helpdesk.permissions import may, require
from helpdesk.rows import held


class NotAssignable(Invalid):
    """This person can't take tickets."""

    code = "not-assignable"


class TakenMeanwhile(DomainError):
    """Somebody else took this ticket meanwhile."""

    code = "taken-meanwhile"


@transaction.atomic
def assign(
    *,
    ticket: Ticket,
    assignee: User | None,
    by: User,
    at: datetime,
    expected: int | EllipsisType | None = ...,
) -> Ticket:
    """Give the ticket to somebody, or to nobody.

    `expected` is the pk of who had it when the caller looked: of two who take it at once, the second is told.
    Raises NotAssignable, TakenMeanwhile, TicketMerged.
    """
    require(by, "response.assign", ticket)
    if assignee is not None and not (assignee.is_staff_member and may(assignee, "response.reply")):
        raise NotAssignable(
            _("%(assignee)s can't answer tickets.") % {"assignee": assignee}, pointer="assignee"
        )
    ticket = held(ticket)
    transitions.check_not_merged(ticket)
    wanted = assignee.pk if assignee else None
    if ticket.assignee_id == wanted:
        return ticket
    if not isinstance(expected, EllipsisType) and ticket.assignee_id != expected:
        holder = ticket.assignee or _("Nobody")
        raise TakenMeanwhile(
            _("%(holder)s has this ticket by now. Look again before you change that.") % {"holder": holder}
        )
    ticket.assign(assignee, by=by, at=at)
    return ticket


@transaction.atomic
def move(*, ticket: Ticket, department: Department, by: User, at: datetime) -> Ticket:
    """Another department answers from here on. Raises TicketMerged."""
    require(by, "response.assign", ticket)
    ticket = held(ticket)
    transitions.check_not_merged(ticket)
    if ticket.department_id != department.pk:
        ticket.move_to(department, by=by, at=at)
    return ticket
