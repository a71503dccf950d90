"""Side conversations are begun, gone on with and done."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from apps.intake.files import File, check_files
from apps.intake.queries import own_addresses
from apps.intake.uploads import Stored, keep
from apps.response import transitions
from apps.response.addresses import addresses_in
from apps.response.services.answer import checked_words
from apps.response.sides.forwarding import Said, forwarded
from helpdesk.errors import Invalid
from helpdesk.models import (
    Attachment,
    CustomerAddress,
    Direction,
    Message,
    SideConversation,
    SideLetter,
    SideState,
    Ticket,
    User,
)
from helpdesk.permissions import require
from helpdesk.rows import held

MOST_ADDRESSES, MOST_FORWARDED, MOST_FILES = 10, 50, 20


class CantBeWrittenTo(Invalid):
    """A side conversation can't be held with this address."""

    code = "cant-be-written-to"


@transaction.atomic
def open_side(
    *,
    ticket: Ticket,
    to: Sequence[str],
    subject: str,
    body: str,
    forward: Sequence[int] | None = None,
    files_of_ticket: Sequence[int] = (),
    attachments: Sequence[File] = (),
    by: User,
    at: datetime,
) -> SideConversation:
    """Write to somebody else about a ticket; with `forward`, pass messages of it on (none named: all of them).

    `files_of_ticket` are attachments of its messages that go along. Raises CantBeWrittenTo for what is no address, ours
    or the customer's, NothingSaid, FileTooLarge, TicketMerged, and Invalid for messages and files of another ticket.
    """
    require(by, "response.reply", ticket)
    check_files(attachments)
    addresses = _checked(ticket, to)
    ticket = held(ticket)
    transitions.check_not_merged(ticket)
    text = checked_words(body if forward is None else forwarded(body, _said(ticket, forward)))
    chosen = _files_of(ticket, files_of_ticket)
    side: SideConversation = SideConversation.objects.create(
        ticket=ticket, subject=_subject(subject, ticket), to=addresses, is_forward=forward is not None,
        opened_by=by, opened_at=at,
    )  # fmt: skip
    SideLetter.write(side=side, body=text, files=[*chosen, *_kept(attachments)], by=by, at=at)
    return side


def _subject(subject: str, ticket: Ticket) -> str:
    return " ".join(subject.replace("\0", "").split())[:500] or ticket.subject[:500]


def _checked(ticket: Ticket, to: Sequence[str]) -> list[str]:
    found = addresses_in(to)
    if not 0 < len(found) <= MOST_ADDRESSES:
        raise CantBeWrittenTo(_("Name between 1 and %(n)s addresses.") % {"n": MOST_ADDRESSES}, pointer="to")
    ours = own_addresses()
    theirs = set(
        CustomerAddress.objects.filter(customer=ticket.customer_id, email__in=found).values_list(
            "email", flat=True
        )
    )
    for email in found:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CantBeWrittenTo(
                _("“%(typed)s” is no address of mail.") % {"typed": email}, pointer="to"
            ) from error
        if email.casefold() in ours or len(email) > 254:
            raise CantBeWrittenTo(
                _("%(address)s is ours: move the ticket, or refer it.") % {"address": email}, pointer="to"
            )
        if email in theirs or email == ticket.customer.email:
            raise CantBeWrittenTo(
                _("%(address)s is the customer: write a reply.") % {"address": email}, pointer="to"
            )
    return found


def _said(ticket: Ticket, numbers: Sequence[int]) -> list[Said]:
    """Messages of the ticket, the oldest first; never notes."""
    rows = Message.objects.filter(ticket=ticket, withdrawn_at=None).select_related("author", "customer")
    if numbers:
        found = list(rows.filter(pk__in=numbers).order_by("at", "pk"))
        if len(found) != len(set(numbers)):
            raise Invalid(_("Only messages of this ticket are passed on."), pointer="forward")
    else:
        newest = rows.filter(is_automatic=False).order_by("-at", "-pk")[:MOST_FORWARDED]
        found = list(reversed(newest))
    return [Said(_who(one), one.at, ticket.subject, one.body) for one in found]


def _who(message: Message) -> str:
    if message.direction == Direction.OUT:
        return message.author.name if message.author else _("We")
    return message.sender_name or (message.customer.name if message.customer else "") or _("The customer")


def _files_of(ticket: Ticket, numbers: Sequence[int]) -> list[dict[str, object]]:
    """Files of its messages; those of notes stay among us."""
    found = list(Attachment.objects.filter(pk__in=numbers, message__ticket=ticket).order_by("pk"))
    if len(found) != len(set(numbers)) or len(found) > MOST_FILES:
        raise Invalid(
            _("Only files of this ticket's messages are passed on, at most %(n)s.") % {"n": MOST_FILES},
            pointer="files",
        )
    return [asdict(Stored(one.name, one.content_type, one.size, one.sha256)) for one in found]


def _kept(attachments: Sequence[File]) -> list[dict[str, object]]:
    return [asdict(keep(file)) for file in attachments]


@transaction.atomic
def write_side(
    *, side: SideConversation, body: str, attachments: Sequence[File] = (), by: User, at: datetime
) -> SideLetter:
    """Go on with it; one that was done is open again. Raises NothingSaid, FileTooLarge, TicketMerged."""
    require(by, "response.reply", side.ticket)
    text = checked_words(body)
    check_files(attachments)
    transitions.check_not_merged(side.ticket)
    side = _held(side)
    if side.state == SideState.DONE:
        side.move(SideState.OPEN, by=by, at=at)
    return SideLetter.write(side=side, body=text, files=_kept(attachments), by=by, at=at)


@transaction.atomic
def settle_side(*, side: SideConversation, state: str, by: User, at: datetime) -> SideConversation:
    """We wait for nothing from them any more, or do so again; to say what stands already is no event."""
    require(by, "response.reply", side.ticket)
    side = _held(side)
    if side.state != SideState(state):
        side.move(state, by=by, at=at)
    return side


def _held(side: SideConversation) -> SideConversation:
    rows = SideConversation.objects.select_related("ticket")
    held: SideConversation = rows.select_for_update(of=("self",), no_key=True).get(pk=side.pk)
    return held
