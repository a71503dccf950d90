"""Which act is possible in which state of a ticket. Pure: states go in, a refusal or nothing comes out."""

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
        raise NotNow(f"Ticket #{ticket.pk} is {state}, so it can't be {PARTICIPLES[act]}.")


def refusal_of(ticket: Ticket, own: TicketStatus, by: User) -> DomainError | None:
    """Why this person may not give this ticket a state in the company's own words; None: they may."""
    if own.retired_at is not None:
        return NotNow(f"“{own}” is retired.")
    if own.department_id not in (None, ticket.department_id):
        return NotNow(f"“{own}” is for tickets of {own.department}.")
    if own.comes_from and ticket.status not in own.comes_from:
        known = " or ".join(Status(one).label.lower() for one in own.comes_from)
        state = Status(ticket.status).label.lower()
        return NotNow(f"A ticket gets to “{own}” from {known}; #{ticket.pk} is {state}.")
    if own.roles and by.role not in (*own.roles, Role.ADMIN, Role.SYSTEM):
        known = ", ".join(Role(one).label.lower() for one in own.roles)
        return NotAllowed(f"“{own}” is given by: {known}.")
    return None


def check_own(ticket: Ticket, own: TicketStatus, by: User) -> None:
    """Raise NotNow or NotAllowed where the state's own rules refuse it."""
    if (refusal := refusal_of(ticket, own, by)) is not None:
        raise refusal


def check_not_merged(ticket: Ticket) -> None:
    if ticket.merged_into_id is not None:
        raise TicketMerged(f"This ticket was merged into #{ticket.merged_into_id}: go on there.")


PARTICIPLES = {
    "begin": "begun",
    "hold": "put on hold",
    "solve": "solved",
    "reopen": "reopened",
    "close": "closed",
    "merge": "merged",
}
