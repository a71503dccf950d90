"""Messages that were about another matter go to a ticket of their own, or to another ticket of the same customer."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.intake.models import InboundMail
from apps.response import transitions
from apps.response.calls.queries import first_answer
from apps.response.models.splitting import Split
from apps.response.services.merging import merge
from apps.response.services.rows import lock_all, lock_both
from helpdesk import events
from helpdesk.errors import DomainError, Invalid
from helpdesk.marked import inside
from helpdesk.models import Direction, Message, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held

VERB = "response.merge"


class CannotSplit(DomainError):
    """These messages can't go to another ticket."""

    code = "cannot-split"


class CannotUndoSplit(DomainError):
    """A split can be undone for 30 days, and once."""

    code = "cannot-undo-split"


@transaction.atomic
def split(
    *,
    ticket: Ticket,
    messages: Iterable[int],
    subject: str = "",
    into: Ticket | None = None,
    by: User,
    at: datetime,
) -> Split:
    """Move messages, with their files, to a new ticket or into another open one of the same customer.

    A new ticket counts as opened when the first of them came, so its clocks run from then and the analysis counts it on
    that day. Answers to the moved messages follow them. Raises Invalid, CannotSplit, TicketMerged.
    """
    require(by, VERB, ticket)
    if into is not None:
        require(by, VERB, into)
        if into.pk == ticket.pk:
            raise CannotSplit(_("They are on this ticket already."), pointer="into")
        ticket, into = lock_both(ticket, into)
        _check_target(into, ticket)
    else:
        ticket = held(ticket)
    transitions.check_not_merged(ticket)
    chosen = _chosen(ticket, set(messages), at)
    target = into or _opened(ticket, chosen, subject, by)
    made = Split.objects.create(
        source=ticket,
        target=target,
        opened=into is None,
        messages=[one.pk for one in chosen],
        made_by=by,
        made_at=at,
    )
    move_messages(chosen, ticket, target, by=by, at=at)
    return made


def _check_target(into: Ticket, ticket: Ticket) -> None:
    transitions.check_not_merged(into)
    if into.customer_id != ticket.customer_id:
        # It would show one customer what another wrote.
        raise CannotSplit(
            _("#%(number)s is another customer's ticket.") % {"number": into.pk}, pointer="into"
        )
    if not into.is_open:
        raise CannotSplit(
            _("#%(number)s is %(status)s. Reopen it first.")
            % {"number": into.pk, "status": inside(into.get_status_display())},
            pointer="into",
        )


def _chosen(ticket: Ticket, numbers: set[int], at: datetime) -> list[Message]:
    """In the order they came. What can still be taken back stays, or taking it back would miss its ticket."""
    said = list(Message.objects.filter(ticket=ticket).order_by("at", "pk"))
    chosen = [one for one in said if one.pk in numbers]
    if not chosen or len(chosen) != len(numbers):
        raise Invalid(_("Choose among the messages of this ticket."), pointer="messages")
    if not any(one.direction == Direction.IN for one in chosen):
        raise Invalid(_("Choose at least one message of the customer."), pointer="messages")
    if not any(one.direction == Direction.IN for one in said if one.pk not in numbers):
        raise CannotSplit(
            _("Something of the customer has to stay here. Merge the tickets instead."), pointer="messages"
        )
    held = at - timedelta(seconds=settings.UNDO_SECONDS)
    if any(one.direction == Direction.OUT and one.at > held for one in chosen):
        raise CannotSplit(
            _("One of these replies is only just leaving. Try again in a few seconds."), pointer="messages"
        )
    return chosen


def _opened(ticket: Ticket, chosen: Sequence[Message], subject: str, by: User) -> Ticket:
    first = next(one for one in chosen if one.direction == Direction.IN)
    return Ticket.open(
        subject=" ".join(subject.split()) or ticket.subject,
        customer=ticket.customer,
        department=ticket.department,
        channel=first.channel or ticket.channel,
        contact_type=ticket.contact_type,
        severity=ticket.severity,
        product=ticket.product,
        product_version=ticket.product_version,
        language=ticket.language,
        campaign=ticket.campaign,
        by=by,
        at=first.at,
    )


def move_messages(
    chosen: Sequence[Message], source: Ticket, target: Ticket, *, by: User, at: datetime
) -> None:
    """The rows change their ticket, with the mails they came as; both tickets say so, and both know anew when they were
    first answered."""
    numbers = [one.pk for one in chosen]
    Message.objects.filter(pk__in=numbers).update(ticket=target)
    InboundMail.objects.filter(message__in=numbers).update(ticket=target)
    for ticket in (source, target):
        _note_first_reply(ticket)
    events.record("messages.moved", ticket=source, by=by, at=at, data={"messages": numbers, "to": target.pk})
    events.record(
        "messages.arrived", ticket=target, by=by, at=at, data={"messages": numbers, "from": source.pk}
    )


def _note_first_reply(ticket: Ticket) -> None:
    first = first_answer(ticket)
    if ticket.first_replied_at != first:
        ticket.first_replied_at = first
        ticket.save(update_fields=["first_replied_at"])


@transaction.atomic
def undo_split(*, split: Split, by: User, at: datetime) -> Ticket:
    """The messages go back where they were; a ticket that was opened for them, and holds nothing else, is merged back.

    Raises CannotUndoSplit where more was said on it since: then it is a matter of its own.
    """
    require(by, VERB, split.source)
    require(by, VERB, split.target)
    rows = lock_all([split.source_id, split.target_id])
    source, target = rows[split.source_id], rows[split.target_id]
    split.refresh_from_db()
    if split.undone_at is not None or at >= split.undo_until:
        raise CannotUndoSplit
    for ticket in (source, target):
        transitions.check_not_merged(ticket)
    there = list(Message.objects.filter(pk__in=split.messages, ticket=target).order_by("at", "pk"))
    if split.opened and (target.messages.count() > len(there) or target.notes.exists()):
        raise CannotUndoSplit(
            _("More was said on #%(number)s since. Merge it instead.") % {"number": target.pk}
        )
    if split.opened and not source.is_open:
        raise CannotUndoSplit(
            _("#%(number)s is %(status)s. Reopen it first.")
            % {"number": source.pk, "status": inside(source.get_status_display())}
        )
    split.undo(by=by, at=at)
    move_messages(there, target, source, by=by, at=at)
    if split.opened:
        merge(ticket=target, into=source, by=by, at=at)
    return source
