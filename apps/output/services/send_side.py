"""A letter of a side conversation leaves, in a thread of its own."""

from datetime import datetime

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from apps.intake import message_id
from apps.output import mailing
from apps.output.models import Delivery, Enclosure, Kind, State
from helpdesk.models import SideLetter, User
from helpdesk.models.attachment import place_of


@transaction.atomic
def send_side(*, letter: SideLetter, by: User, at: datetime) -> Delivery:
    """Put it into the outbox with its files, once. An answer to it names our signed id, and so is kept among us."""
    key = f"side-letter:{letter.pk}"
    if known := Delivery.objects.filter(key=key).first():
        return known
    side = letter.side
    signed = message_id.sign(
        side.ticket_id, f"s{letter.pk}", domain=settings.MAIL_DOMAIN, secret=settings.SECRET_KEY
    )
    earlier = side.letters.filter(pk__lt=letter.pk, message_id__isnull=False).order_by("at", "pk")
    ids = [f"<{one}>" for one in earlier.values_list("message_id", flat=True)][-mailing.MAX_REFERENCES :]
    letter.stamp(signed.strip("<>"))
    delivery = Delivery.objects.create(
        kind=Kind.SIDE, ticket=side.ticket, about=f"side:{side.pk}", key=key,
        sender=mailing.sender_of(side.ticket.department), to=side.to,
        subject=mailing.one_line(f"Re: {side.subject}" if ids else side.subject), text=letter.body.strip() + "\n",
        headers={"In-Reply-To": ids[-1], "References": " ".join(ids)} if ids else {}, letter_id=signed,
        created_at=at, created_by=letter.author or by, state=State.QUEUED, send_after=at,
    )  # fmt: skip
    for place, file in enumerate(letter.files):
        with default_storage.open(place_of(file["sha256"])) as content:
            Enclosure.objects.create(
                delivery=delivery, name=_name(letter, place), content_type=_type(file["content_type"]),
                content=content.read(),
            )  # fmt: skip
    return delivery


def _name(letter: SideLetter, place: int) -> str:
    """No two of one letter have one name."""
    name = str(letter.files[place]["name"])[-100:]
    before = [str(one["name"])[-100:] for one in letter.files[:place]]
    return f"{place + 1}-{name}" if name in before else name


def _type(told: str) -> str:
    """What can't be sent byte for byte goes as mere bytes."""
    kind = told.partition("/")[0].lower()
    return (
        told
        if "/" in told and len(told) <= 80 and kind not in ("message", "multipart")
        else "application/octet-stream"
    )
