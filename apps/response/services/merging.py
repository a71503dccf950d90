"""Tickets about the same thing become one, and are parted again.

Messages never move: each stays on the ticket it came to, which says where it goes on. What comes for any ticket of a
chain arrives at its end (`intake.queries.standing`). A ticket is only ever merged into one that is merged into none,
both of them locked, so no chain comes round.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.response import transitions
from apps.response.links.queries import makes_circle_when_merged
from apps.response.models.merging import Merge
from apps.response.queries.merging import came_for
from apps.response.services.rows import lock_all, take_turns
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Note, Participant, Status, Ticket, User
from helpdesk.permissions import require

MOST = 50


class CannotMerge(DomainError):
    """These two tickets can't be merged."""

    code = "cannot-merge"


class NotMerged(DomainError):
    """This ticket is part of no other."""

    code = "not-merged"


class CannotUndoMerge(DomainError):
    """A merge can be undone for 30 days."""

    code = "cannot-undo-merge"


@transaction.atomic
def merge(*, ticket: Ticket, into: Ticket, by: User, at: datetime) -> Ticket:
    """Two tickets about the same thing become one: `ticket` closes, what comes for it goes to `into`.

    Its people join the other, which notes where to read the older conversation. Raises CannotMerge, TicketMerged.
    """
    return merge_all(tickets=[ticket], into=into, by=by, at=at)


@transaction.atomic
def merge_all(*, tickets: Iterable[Ticket], into: Ticket, by: User, at: datetime) -> Ticket:
    """Several tickets of a customer become one, all of them or none. Raises Invalid, CannotMerge, TicketMerged."""
    chosen = list({ticket.pk: ticket for ticket in tickets}.values())
    if not 0 < len(chosen) <= MOST:
        raise Invalid(_("Choose between 1 and %(most)s tickets.") % {"most": MOST}, pointer="tickets")
    for ticket in (*chosen, into):
        require(by, "response.merge", ticket)
    if any(ticket.pk == into.pk for ticket in chosen):
        raise CannotMerge(_("A ticket can't be merged into itself."), pointer="into")
    rows = lock_all([into.pk, *(ticket.pk for ticket in chosen)])
    take_turns()
    target = rows.pop(into.pk)
    for ticket in rows.values():
        _merge(ticket, target, by=by, at=at)
    return target


def _merge(ticket: Ticket, into: Ticket, *, by: User, at: datetime) -> None:
    transitions.check(ticket, "merge")
    transitions.check(into, "merge")
    if ticket.customer_id != into.customer_id:
        # Merging them would show one customer what another wrote.
        raise CannotMerge(
            _("#%(number)s is another customer's ticket.") % {"number": into.pk}, pointer="into"
        )
    if into.status == Status.CLOSED:
        raise CannotMerge(_("#%(number)s is closed. Reopen it first.") % {"number": into.pk}, pointer="into")
    if makes_circle_when_merged(ticket.pk, into.pk):
        raise CannotMerge(
            _("#%(number)s and #%(number_2)s hang together through another ticket. Take off that link first.")
            % {"number": ticket.pk, "number_2": into.pk},
            pointer="into",
        )
    before = {
        "status_before": ticket.status,
        "solved_at_before": ticket.solved_at,
        "closed_at_before": ticket.closed_at,
    }
    ticket.merge_into(into, by=by, at=at)
    brought = _bring_people(ticket, into, at)
    Merge.objects.create(ticket=ticket, into=into, brought=brought, merged_by=by, merged_at=at, **before)
    Note.add(
        ticket=into,
        body=_("#%(number)s “%(subject)s” was merged into this ticket.")
        % {"number": ticket.pk, "subject": ticket.subject},
        by=by,
        at=at,
    )


def _bring_people(ticket: Ticket, into: Ticket, at: datetime) -> list[str]:
    known = set(into.participants.values_list("email", flat=True))
    joining = [
        Participant(ticket=into, email=one.email, name=one.name, added_at=at)
        for one in ticket.participants.order_by("pk")
        if one.email not in known
    ]
    Participant.objects.bulk_create(joining, ignore_conflicts=True)
    return [one.email for one in joining]


@transaction.atomic
def undo_merge(*, ticket: Ticket, by: User, at: datetime) -> Ticket:
    """Part a ticket from the one it was merged into: status, times, people and links are as they were before.

    What came for it meanwhile stays where it was read and answered; a note on both says what that is, and it can be
    split off. Raises NotMerged, CannotUndoMerge after 30 days.
    """
    require(by, "response.merge", ticket)
    row = Merge.objects.filter(ticket=ticket, undone_at=None).select_related("into").first()
    if row is None:
        if ticket.merged_into_id is None:
            raise NotMerged
        raise CannotUndoMerge(_("It was merged before merges could be undone."))
    way = _way_from(row.into)
    ticket = lock_all([ticket.pk, *(one.pk for one in way)])[ticket.pk]
    take_turns()
    row.refresh_from_db()
    if not row.can_be_undone(at):
        raise CannotUndoMerge if row.undone_at is None else NotMerged
    row.undo(by=by, at=at)
    ticket.unmerge(
        status=row.status_before, solved_at=row.solved_at_before, closed_at=row.closed_at_before, by=by, at=at
    )
    _take_people_back(row, way)
    _tell(ticket, way[-1], row, by=by, at=at)
    return ticket


def _way_from(ticket: Ticket) -> list[Ticket]:
    """The ticket, the one it went to, and so on to the end."""
    way = [ticket]
    while (following := way[-1].merged_into) is not None and following not in way:
        way.append(following)
    return way


def _take_people_back(row: Merge, way: list[Ticket]) -> None:
    """Whom this merge alone brought, from every ticket on the way to the end."""
    leaving = set(row.brought)
    for ticket in way:
        if ticket.pk != row.into_id:
            came = Merge.objects.filter(into=ticket, undone_at=None).values_list("brought", flat=True)
            leaving &= {email for emails in came for email in emails}
        others = Ticket.objects.filter(merged_into=ticket).values("pk")
        leaving -= set(Participant.objects.filter(ticket__in=others).values_list("email", flat=True))
        ticket.participants.filter(email__in=leaving).delete()


def _tell(ticket: Ticket, end: Ticket, row: Merge, *, by: User, at: datetime) -> None:
    stayed = came_for(ticket, on=end, since=row.merged_at)
    words = _("#%(number)s “%(subject)s” is a ticket of its own again.") % {
        "number": ticket.pk,
        "subject": ticket.subject,
    }
    if stayed:
        count = len(stayed)
        letters = _("message that came") if count == 1 else _("messages that came")
        words += _(" %(count)s %(letters)s for it meanwhile stayed here; split off what belongs there.") % {
            "count": count,
            "letters": letters,
        }
        Note.add(
            ticket=ticket,
            body=_(
                "While this was a part of #%(number)s, %(count)s %(letters)s for it went there and "
                "stayed there."
            )
            % {"number": end.pk, "count": count, "letters": letters},
            by=by,
            at=at,
        )
    Note.add(ticket=end, body=words, by=by, at=at)
