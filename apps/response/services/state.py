"""Where a ticket stands: waiting, solved, open again."""

from datetime import datetime, timedelta

from django.db import transaction

from apps.intake.mail.trim import trim_text
from apps.response import transitions
from apps.response.services.rows import lock
from apps.response.services.solving import check_ready
from apps.response.thanks import is_mere_thanks
from helpdesk.each import each
from helpdesk.errors import Invalid
from helpdesk.models import Channel, Direction, Event, Message, Status, Ticket, TicketStatus, User
from helpdesk.permissions import require

# Two machines that answer each other must not reopen a ticket for ever.
MAX_REOPENINGS, REOPENING_WINDOW = 5, timedelta(minutes=180)
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
            "A ticket waits on the customer (waiting_customer) or on an owner (waiting_owner).",
            pointer="waiting_on",
        )
    ticket = lock(ticket)
    transitions.check(ticket, "hold")
    if ticket.status != waiting_on:
        ticket.hold(waiting_on, reason=reason.strip()[:500], own=own, by=by, at=at)
    return ticket


@transaction.atomic
def solve(*, ticket: Ticket, own: TicketStatus | None = None, by: User, at: datetime) -> Ticket:
    """The customer has an answer. Raises NotNow, NotReady, TicketMerged."""
    require(by, "response.solve", ticket)
    ticket = lock(ticket)
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
    ticket = lock(ticket)
    transitions.check(ticket, "reopen")
    ticket.reopen(reason=reason.strip()[:500], own=own, by=by, at=at)
    return ticket


@transaction.atomic
def hear(*, message: Message, by: User, at: datetime) -> None:
    """The customer wrote: what waited for them goes on, what was over is open again.

    What a machine wrote changes nothing, nor does a message that a person of ours has answered meanwhile, nor the
    sixth message within three hours that would reopen the same ticket. A mere thank-you leaves what is over as it is.
    """
    ticket = lock(message.ticket)
    if message.is_automatic or ticket.merged_into_id is not None or _is_answered(message):
        return
    if ticket.status == Status.WAITING_CUSTOMER:
        ticket.begin(by=by, at=at)
    elif not ticket.is_open and _only_thanks(message, ticket):
        if message.is_thanks is None:  # the same news twice tells of it once
            message.judge_thanks(True, by=by, at=at)
    elif not ticket.is_open and not _reopens_too_often(ticket, at):
        ticket.reopen(reason="The customer wrote again", by=by, at=at)


def _only_thanks(message: Message, ticket: Ticket) -> bool:
    if message.is_thanks is False or message.attachments.exists():
        return False
    text = trim_text(message.body).visible if message.channel == Channel.EMAIL else message.body
    ours = ticket.messages.filter(direction=Direction.OUT, is_automatic=False).order_by("-pk")
    writers = ours.select_related("author")[:1]
    names = [one.author.name for one in writers if one.author]
    return is_mere_thanks(text, names=[*names, ticket.customer.name, message.sender_name])


@transaction.atomic
def deny_thanks(*, message: Message, by: User, at: datetime) -> Ticket:
    """It was no mere thank-you: the ticket is open again. Raises NotNow where it was not taken for one."""
    require(by, "response.reopen", message.ticket)
    ticket = lock(message.ticket)
    message = (
        Message.objects.select_for_update(of=("self",), no_key=True)
        .select_related("ticket")
        .get(pk=message.pk)
    )
    if not message.is_thanks:
        raise transitions.NotNow("This message was not taken for a mere thank-you.")
    message.judge_thanks(False, by=by, at=at)
    if ticket.is_open:
        return ticket
    return reopen(ticket=ticket, reason="More than a thank-you", by=by, at=at)


def _is_answered(message: Message) -> bool:
    ours = Message.objects.filter(ticket_id=message.ticket_id, direction=Direction.OUT, is_automatic=False)
    return ours.filter(at__gt=message.at, withdrawn_at__isnull=True).exists()


def _reopens_too_often(ticket: Ticket, at: datetime) -> bool:
    reopened = Event.objects.filter(ticket=ticket, kind="ticket.reopened", at__gt=at - REOPENING_WINDOW)
    return reopened.count() >= MAX_REOPENINGS


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
