"""Which act is possible in which state of a ticket. Pure: states go in, a refusal or nothing comes out."""

from django.utils.translation import gettext as _

from helpdesk.errors import DomainError, NotAllowed
from helpdesk.models import Role, Status, Ticket, TicketStatus, User

OPEN = frozenset({Status.NEW, Status.OPEN, Status.WAITING_CUSTOMER, Status.WAITING_OWNER})
DONE = frozenset({Status.SOLVED, Status.CLOSED})

# act -> the states it may start from; where it leads to is the kernel's mutator of the same name.
POSSIBLE: dict[str, frozenset[Status]] = {
    "begin": OPEN - {Status.OPEN},
    "hold": OPEN,
    "solve": OPEN,
    "reopen": DONE,
    "close": frozenset({Status.SOLVED}),
    "merge": OPEN | DONE,
}


class NotNow(DomainError):
    """The ticket's state does not allow this."""

    code = "not-now"


class TicketMerged(DomainError):
    """This ticket was merged into another: go on there."""

    code = "ticket-merged"


def allows(status: str, act: str) -> bool:
    return Status(status) in POSSIBLE[act]


def check(ticket: Ticket, act: str) -> None:
    """Raise TicketMerged for a merged ticket, NotNow where the state does not allow the act."""
    check_not_merged(ticket)
    if not allows(ticket.status, act):
        state = Status(ticket.status).label.lower()
        raise NotNow(
            _("Ticket #%(number)s is %(state)s, so it can't be %(participles)s.")
            % {"number": ticket.pk, "state": state, "participles": PARTICIPLES[act]}
        )


def refusal_of(ticket: Ticket, own: TicketStatus, by: User) -> DomainError | None:
    """Why this person may not give this ticket a state in the company's own words; None: they may."""
    if own.retired_at is not None:
        return NotNow(_("“%(own)s” is retired.") % {"own": own})
    if own.department_id not in (None, ticket.department_id):
        return NotNow(
            _("“%(own)s” is for tickets of %(department)s.") % {"own": own, "department": own.department}
        )
    if own.comes_from and ticket.status not in own.comes_from:
        known = " or ".join(Status(one).label.lower() for one in own.comes_from)
        state = Status(ticket.status).label.lower()
        return NotNow(
            _("A ticket gets to “%(own)s” from %(known)s; #%(number)s is %(state)s.")
            % {"own": own, "known": known, "number": ticket.pk, "state": state}
        )
    if own.roles and by.role not in (*own.roles, Role.ADMIN, Role.SYSTEM):
        known = ", ".join(Role(one).label.lower() for one in own.roles)
        return NotAllowed(_("“%(own)s” is given by: %(known)s.") % {"own": own, "known": known})
    return None


def check_own(ticket: Ticket, own: TicketStatus, by: User) -> None:
    """Raise NotNow or NotAllowed where the state's own rules refuse it."""
    if (refusal := refusal_of(ticket, own, by)) is not None:
        raise refusal


def check_not_merged(ticket: Ticket) -> None:
    if ticket.merged_into_id is not None:
        raise TicketMerged(
            _("This ticket was merged into #%(merged_into_id)s: go on there.")
            % {"merged_into_id": ticket.merged_into_id}
        )


PARTICIPLES = {
    "begin": "begun",
    "hold": "put on hold",
    "solve": "solved",
    "reopen": "reopened",
    "close": "closed",
    "merge": "merged",
}
