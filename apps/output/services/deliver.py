"""What is said becomes a letter in the outbox, and can be taken back while it is held there."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.intake.files import File
from apps.output import mailing
from apps.output.models import Delivery, Enclosure, Kind, State
from apps.response import services as response
from apps.response.macros.services import take_back_use
from helpdesk.errors import DomainError
from helpdesk.models import Direction, Message, Ticket, User
from helpdesk.permissions import require


class TooLate(DomainError):
    """This has left already and can't be taken back."""

    code = "too-late"


class NotFailed(DomainError):
    """Only what failed can be tried again."""

    code = "not-failed"


@transaction.atomic
def deliver(*, message: Message, by: User, at: datetime) -> Delivery | None:
    """Put a message into the outbox, once. None for a customer without an address, who reads it in the portal, and for
    what was taken back meanwhile."""
    # `undo` holds the same lock: either it finds the letter here, or this finds the message taken back.
    message = _lock(message)
    if known := Delivery.objects.filter(message=message).first():
        return known
    customer = message.ticket.customer
    if message.direction != Direction.OUT or message.withdrawn_at is not None or not customer.email:
        return None
    letter = mailing.letter_of(message)
    message.stamp(letter.letter_id.strip("<>"))
    held = not message.is_automatic
    delivery = Delivery(
        kind=Kind.REPLY if held else Kind.ACKNOWLEDGEMENT,
        message=message,
        ticket=message.ticket,
        created_at=at,
        created_by=message.author or by,
        state=State.HELD if held else State.QUEUED,
        send_after=message.at + timedelta(seconds=settings.UNDO_SECONDS if held else 0),
        **_columns(letter),
    )
    if letter.to == (customer.email,) and customer.bounces(at):
        delivery.state = State.FAILED
        delivery.error = f"Mail to {customer.email} came back before. Ask for another address."
    delivery.save(force_insert=True)
    if delivery.state == State.FAILED:
        delivery.fail(error=delivery.error, by=by, at=at)
    return delivery


def _lock(message: Message) -> Message:
    rows = Message.objects.select_related("ticket__customer", "ticket__department", "author")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=message.pk)


def _columns(letter: mailing.Letter) -> dict[str, object]:
    return asdict(letter) | {"to": list(letter.to), "cc": list(letter.cc)}


@transaction.atomic
def undo(*, message: Message, to_write_again: bool = True, by: User, at: datetime) -> Ticket:
    """Take a reply back before it leaves, and with it what it did to the ticket. A second press changes nothing.
    `to_write_again`: its words are a draft of its author's.

    Raises TooLate once a sender has claimed it. Works too while the letter is not yet made: then none is made.
    """
    require(by, "output.undo", message.ticket)
    message = _lock(message)
    if message.withdrawn_at is not None:
        return message.ticket
    if message.direction != Direction.OUT or message.is_automatic:
        raise TooLate(_("Only a reply of a colleague can be taken back."))
    # One conditional update: of this and the sender's claim exactly one finds the row held.
    withdrawn = Delivery.objects.filter(message=message, state=State.HELD).update(state=State.WITHDRAWN)
    if not withdrawn and _has_left(message, at):
        raise TooLate
    ticket = response.take_back(message=message, to_write_again=to_write_again, by=by, at=at)
    take_back_use(message=message, by=by, at=at)
    return ticket


def _has_left(message: Message, at: datetime) -> bool:
    """Whether there is no way back: a letter is on its way, or the portal has shown the message for long enough."""
    until = message.at + timedelta(seconds=settings.UNDO_SECONDS)
    return Delivery.objects.filter(message=message).exists() or (
        not message.ticket.customer.email and at > until
    )


@transaction.atomic  # no sender may claim the letter before its files are there
def send_notice(
    *,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    about: str = "",
    ticket: Ticket | None = None,
    key: str | None = None,
    files: Sequence[File] = (),
    headers: Mapping[str, str] | None = None,
    by: User,
    at: datetime,
) -> Delivery:
    """Write to one address on behalf of a point further right: a routed case, a digest, a survey.

    With a `key` the same notice asked for again is the same letter. Permission was asked by the service that has
    something to tell. The text is the caller's: notes of colleagues do not belong in it.
    """
    nonce = hashlib.sha256((key or f"{to} {subject} {at.isoformat()} {about}").encode()).hexdigest()[:32]
    row = Delivery(
        kind=Kind.NOTICE,
        ticket=ticket,
        about=about,
        key=key,
        sender=mailing.sender_of(ticket.department if ticket else None),
        to=[to.strip().lower()],
        subject=mailing.one_line(subject),
        text=text,
        html=html,
        headers={**mailing.GENERATED, **(headers or {})},
        letter_id=mailing.notice_id(nonce),
        created_at=at,
        created_by=by,
        state=State.QUEUED,
        send_after=at,
    )
    # An upsert, so that two who tell the same at once do not break each other's transaction.
    Delivery.objects.bulk_create([row], ignore_conflicts=True)
    delivery = Delivery.objects.get(letter_id=row.letter_id)
    enclosures = [
        Enclosure(delivery=delivery, name=file.name, content_type=file.content_type, content=file.content)
        for file in files
    ]
    Enclosure.objects.bulk_create(enclosures, ignore_conflicts=True)
    return delivery


@transaction.atomic
def retry(*, delivery: Delivery, by: User, at: datetime) -> Delivery:
    """Try a failed letter again, with all its tries before it. Raises NotFailed."""
    require(by, "output.manage")
    fresh = {"state": State.QUEUED, "attempts": 0, "send_after": at}
    if not Delivery.objects.visible_to(by).filter(pk=delivery.pk, state=State.FAILED).update(**fresh):
        raise NotFailed
    delivery.refresh_from_db()
    return delivery
