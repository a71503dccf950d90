"""What we say: to the customer, and to each other."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.intake.files import File, check_files, keep_files
from apps.response import transitions
from apps.response.calls.queries import first_answer
from apps.response.following.services import mention
from apps.response.models import DraftKind, Then
from apps.response.services.copies import checked_copies
from apps.response.services.drafts import Composer, settle_drafts, write_again
from apps.response.services.solving import check_ready
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Direction, Message, Note, Status, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.sentences import Number

MAX_BODY = 200_000


class NothingSaid(Invalid):
    """Write something first: there is no text here."""

    code = "nothing-said"


class NewerMessage(DomainError):
    """Somebody wrote since you opened this ticket. Read it, then send again."""

    code = "newer-message"


@transaction.atomic
def reply(
    *,
    ticket: Ticket,
    body: str,
    then: str = Then.STAY,
    by: User,
    at: datetime,
    attachments: Sequence[File] = (),
    cc: Sequence[str] | None = None,
    seen: int | None = None,
    composer: Composer | None = None,
) -> Message:
    """Answer the customer, and say what becomes of the ticket; a solved or closed one is open again unless solved anew.

    `seen` is the newest message its author knew of, `composer` what they wrote it in: its draft is sent with it.
    `cc` are copied instead of everybody who takes part. Raises NothingSaid, FileTooLarge, CantBeCopied, TicketMerged,
    NotReady, and NewerMessage when another person wrote after `seen`.
    """
    require(by, "response.reply", ticket)
    text = checked_words(body)
    check_files(attachments)
    ticket = held(ticket)
    transitions.check_not_merged(ticket)
    if seen is not None:
        _check_nothing_newer(ticket, seen, by)
    message = Message.write(
        ticket=ticket,
        body=text,
        by=by,
        at=at,
        channel="email" if ticket.customer.email else "portal",
        cc=checked_copies(ticket, cc),
    )
    keep_files(message, attachments)
    ticket.note_first_reply(at=at)
    _go_on(ticket, Then(then), by=by, at=at)
    if ticket.status == Status.WAITING_CUSTOMER:
        ticket.wait_anew(at=at)
    settle_drafts(
        ticket=ticket, kind=DraftKind.REPLY, sent=text, files=attachments, composer=composer, by=by, at=at
    )
    return message


def checked_words(body: str) -> str:
    """Words as they are kept. Raises NothingSaid, and Invalid for too many."""
    text = body.replace("\0", "").replace("\r\n", "\n").strip()
    if not text:
        raise NothingSaid(pointer="body")
    if len(text) > MAX_BODY:
        raise Invalid(
            _("At most %(max_body)s characters. Attach a file instead.")
            % {"max_body": Number(MAX_BODY, grouped=True)},
            pointer="body",
        )
    return text


def _check_nothing_newer(ticket: Ticket, seen: int, by: User) -> None:
    newer = Message.objects.filter(
        ticket=ticket, pk__gt=seen, is_automatic=False, withdrawn_at__isnull=True
    ).exclude(direction=Direction.OUT, author=by)
    if message := newer.order_by("pk").first():
        who = message.sender_name or "The customer" if message.direction == Direction.IN else message.author
        raise NewerMessage(
            _("%(who)s wrote since you opened this ticket. Read it, then send again.") % {"who": who}
        )


def _go_on(ticket: Ticket, then: Then, *, by: User, at: datetime) -> None:
    """The state after a reply."""
    if then == Then.SOLVE:
        if ticket.status == Status.CLOSED:
            ticket.reopen(reason="We wrote again", by=by, at=at)
        if ticket.is_open:
            check_ready(ticket)
            ticket.resolve(by=by, at=at)
        return
    if not ticket.is_open:
        ticket.reopen(reason="We wrote again", by=by, at=at)
    if then == Then.WAIT and ticket.status != Status.WAITING_CUSTOMER:
        ticket.hold(Status.WAITING_CUSTOMER, by=by, at=at)
    elif then == Then.STAY and ticket.status == Status.NEW:
        ticket.begin(by=by, at=at)


@transaction.atomic
def add_note(
    *,
    ticket: Ticket,
    body: str,
    by: User,
    at: datetime,
    attachments: Sequence[File] = (),
    composer: Composer | None = None,
) -> Note:
    """Tell colleagues something the customer never sees. Raises NothingSaid, FileTooLarge, CantBeMentioned."""
    require(by, "response.note", ticket)
    text = checked_words(body)
    check_files(attachments)
    note = Note.add(ticket=ticket, body=text, by=by, at=at)
    mention(note=note, ticket=ticket, by=by, at=at)
    keep_files(note, attachments)
    settle_drafts(
        ticket=ticket, kind=DraftKind.NOTE, sent=text, files=attachments, composer=composer, by=by, at=at
    )
    return note


@transaction.atomic
def take_back(*, message: Message, to_write_again: bool = True, by: User, at: datetime) -> Ticket:
    """A reply was withdrawn before it left: what it did to the ticket is undone, where nothing was done since, and with
    `to_write_again` its words and files are a draft of its author's again.

    Called by the point that delivers, which alone knows that the reply is still in the house.
    """
    ticket = held(message.ticket)
    message.withdraw(by=by, at=at)
    if to_write_again:
        write_again(message=message, at=at)
    if ticket.first_replied_at == message.at:
        ticket.first_replied_at = first_answer(ticket)
        ticket.save(update_fields=["first_replied_at"])
    if ticket.status == Status.SOLVED and ticket.solved_at == message.at:
        ticket.reopen(reason="The reply was taken back", by=by, at=at)
    elif ticket.status == Status.WAITING_CUSTOMER and ticket.updated_at == message.at:
        ticket.begin(by=by, at=at)
    return ticket
