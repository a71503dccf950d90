"""Which act is possible in which state of a ticket. Pure: states go in, a refusal or nothing comes out."""

from helpdesk.errors import DomainError, NotAllowed
from helpdesk.models import Role, Status, Ticket, TicketStatus, User
from helpdesk.sentences import Value, Words, in_a_row, labelled, said

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
        raise NotNow(_not_from(act, {"number": ticket.pk, "state": labelled(Status(ticket.status))}))


def _not_from(act: str, named: dict[str, Value]) -> Words:
    match act:
        case "begin":
            return said("Ticket #%(number)s is “%(state)s”, so work on it can't begin.", **named)
        case "hold":
            return said("Ticket #%(number)s is “%(state)s”, so it can't be put on hold.", **named)
        case "solve":
            return said("Ticket #%(number)s is “%(state)s”, so it can't be solved.", **named)
        case "reopen":
            return said("Ticket #%(number)s is “%(state)s”, so it can't be reopened.", **named)
        case "close":
            return said("Ticket #%(number)s is “%(state)s”, so it can't be closed.", **named)
    return said("Ticket #%(number)s is “%(state)s”, so it can't be merged.", **named)


def refusal_of(ticket: Ticket, own: TicketStatus, by: User) -> DomainError | None:
    """Why this person may not give this ticket a state in the company's own words; None: they may."""
    if own.retired_at is not None:
        return NotNow(said("“%(own)s” is retired.", own=own.label))
    if own.department_id not in (None, ticket.department_id):
        department = str(own.department)
        return NotNow(
            said("“%(own)s” is for tickets of %(department)s.", own=own.label, department=department)
        )
    if own.comes_from and ticket.status not in own.comes_from:
        refusal = said(
            "A ticket gets to “%(own)s” from: %(known)s; #%(number)s is: %(state)s.",
            own=own.label,
            known=in_a_row([labelled(Status(one)) for one in own.comes_from], ", "),
            number=ticket.pk,
            state=labelled(Status(ticket.status)),
        )
        return NotNow(refusal)
    if own.roles and by.role not in (*own.roles, Role.ADMIN, Role.SYSTEM):
        known = in_a_row([labelled(Role(one)) for one in own.roles], ", ")
        return NotAllowed(said("“%(own)s” is given by: %(known)s.", own=own.label, known=known))
    return None


def check_own(ticket: Ticket, own: TicketStatus, by: User) -> None:
    """Raise NotNow or NotAllowed where the state's own rules refuse it."""
    if (refusal := refusal_of(ticket, own, by)) is not None:
        raise refusal


def check_not_merged(ticket: Ticket) -> None:
    if ticket.merged_into_id is not None:
        into = ticket.merged_into_id
        raise TicketMerged(
            said("This ticket was merged into #%(merged_into_id)s: go on there.", merged_into_id=into)
        )
