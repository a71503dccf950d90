"""Making a letter out of what we said: who gets it, its ids and its words. Reads the conversation, writes nothing."""

import re
from dataclasses import dataclass, field
from email.utils import formataddr

from django.conf import settings
from django.template.loader import render_to_string

from apps.intake import message_id
from apps.intake.queries import own_addresses, request_key
from helpdesk.links import absolute
from helpdesk.locales import as_written_to
from helpdesk.models import Department, Direction, Message, Ticket

MAX_REFERENCES = 20
_BREAKS = re.compile(r"[\r\n\0]+")


@dataclass(frozen=True)
class Letter:
    """Everything of a letter but its fate."""

    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str
    html: str
    letter_id: str
    headers: dict[str, str] = field(default_factory=dict)


def letter_of(message: Message) -> Letter:
    """The letter that brings this message to the customer and to those who were copied."""
    ticket = message.ticket
    to = address_of(ticket)
    words = {
        "message": message,
        "ticket": ticket,
        "department": ticket.department,
        "status_url": absolute("request_status", key=request_key(ticket)),
    }
    with as_written_to(ticket.customer, language=ticket.language):
        text = render_to_string("output/reply.txt", words).strip() + "\n"
        html = render_to_string("output/reply.html", words)
    return Letter(
        sender=sender_of(ticket.department),
        to=(to,),
        cc=tuple(email for email in _copied(message) if email.casefold() != to),
        subject=one_line(f"Re: {ticket.subject} {message_id.subject_tag(ticket.pk)}"),
        text=text,
        html=html,
        letter_id=signed_id(message),
        headers=_threading(message) | (AUTOMATIC if message.is_automatic else {}),
    )


def address_of(ticket: Ticket) -> str:
    """Where the customer is answered: at the address they wrote from last, if it is proven to be theirs and mail to it
    does not come back; else at the primary one. Never at one that somebody merely claimed."""
    customer = ticket.customer
    proven = customer.addresses.proven().filter(undeliverable_until=None).exclude(email=customer.email)
    further = set(proven.values_list("email", flat=True))
    if further:
        said = ticket.messages.filter(direction=Direction.IN, is_automatic=False, customer=customer)
        last = (said.order_by("-pk").values_list("sender_email", flat=True).first() or "").lower()
        if last in further:
            return last
    return customer.email or ""


AUTOMATIC = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All", "Precedence": "auto_reply"}
GENERATED = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def signed_id(message: Message) -> str:
    """Made from the message's own number, so that whoever makes it makes the same; nobody else can sign it."""
    return message_id.sign(
        message.ticket_id, f"m{message.pk}", domain=settings.MAIL_DOMAIN, secret=settings.SECRET_KEY
    )


def notice_id(nonce: str) -> str:
    return f"<notice.{nonce}@{settings.MAIL_DOMAIN}>"


def sender_of(department: Department | None) -> str:
    address = (department and department.email) or settings.DEFAULT_FROM_EMAIL
    return formataddr((one_line(department.name), address)) if department else address


def one_line(text: str) -> str:
    """A header is one line: what came in as several must not become headers of its own."""
    return " ".join(_BREAKS.sub(" ", text).split())[:600]


def _copied(message: Message) -> tuple[str, ...]:
    """Those it names, or everybody who takes part."""
    ticket = message.ticket
    ours = own_addresses() | {(ticket.customer.email or "").casefold()}
    everybody = ticket.participants.order_by("pk").values_list("email", flat=True)
    emails = everybody if message.cc is None else message.cc
    return tuple(email for email in emails if email.casefold() not in ours)


def _threading(message: Message) -> dict[str, str]:
    """In-Reply-To the customer's last words, and the whole thread's ids, oldest first, the first one always kept."""
    earlier = Message.objects.filter(ticket=message.ticket, message_id__isnull=False, pk__lt=message.pk)
    rows = list(earlier.order_by("at", "pk").values_list("message_id", "direction"))
    ids = [f"<{one}>" for one, _ in rows]
    if not ids:
        return {}
    theirs = [f"<{one}>" for one, direction in rows if direction == Direction.IN]
    kept = ids if len(ids) <= MAX_REFERENCES else [ids[0], *ids[1 - MAX_REFERENCES :]]
    return {"In-Reply-To": (theirs or ids)[-1], "References": " ".join(kept)}
