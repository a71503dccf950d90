"""A letter of a side conversation leaves, in a thread of its own, and can be taken back while it is held."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from apps.intake import message_id
from apps.output import mailing, queries
from apps.output.models import Delivery, Enclosure, Kind, State
from apps.output.services.deliver import TooLate
from helpdesk.models import SideLetter, SideState, User
from helpdesk.models.attachment import place_of
from helpdesk.permissions import require


@transaction.atomic
def send_side(*, letter: SideLetter, by: User, at: datetime) -> Delivery | None:
    """Put it into the outbox with its files, once. An answer to it names our signed id, and so is kept among us. None
    for what was taken back meanwhile."""
    # `undo_side` holds the same lock: either it finds the letter here, or this finds it taken back.
    letter = _locked(letter)
    if known := queries.deliveries_of_side(letter).first():
        return known
    if letter.withdrawn_at is not None:
        return None
    side = letter.side
    signed = message_id.sign(
        side.ticket_id, f"s{letter.pk}", domain=settings.MAIL_DOMAIN, secret=settings.SECRET_KEY
    )
    known_ids = side.letters.filter(pk__lt=letter.pk, message_id__isnull=False, withdrawn_at=None)
    earlier = known_ids.order_by("at", "pk")
    ids = [f"<{one}>" for one in earlier.values_list("message_id", flat=True)][-mailing.MAX_REFERENCES :]
    letter.stamp(signed.strip("<>"))
    delivery = Delivery.objects.create(
        kind=Kind.SIDE, ticket=side.ticket, about=f"side:{side.pk}", key=queries.key_of_side(letter),
        sender=mailing.sender_of(side.ticket.department), to=side.to,
        subject=mailing.one_line(f"Re: {side.subject}" if ids else side.subject), text=letter.body.strip() + "\n",
        headers={"In-Reply-To": ids[-1], "References": " ".join(ids)} if ids else {}, letter_id=signed,
        created_at=at, created_by=letter.author or by, state=State.HELD,
        send_after=letter.at + timedelta(seconds=settings.UNDO_SECONDS),
    )  # fmt: skip
    for place, file in enumerate(letter.files):
        with default_storage.open(place_of(file["sha256"])) as content:
            Enclosure.objects.create(
                delivery=delivery, name=_name(letter, place), content_type=_type(file["content_type"]),
                content=content.read(),
            )  # fmt: skip
    return delivery


@transaction.atomic
def undo_side(*, letter: SideLetter, by: User, at: datetime) -> SideLetter:
    """Take a letter back before it leaves; where it was the first, nothing is waited for any more. A second press
    changes nothing. Raises TooLate once a sender has claimed it, and for a letter of theirs."""
    require(by, "output.undo", letter.side.ticket)
    letter = _locked(letter)
    if letter.withdrawn_at is not None:
        return letter
    # One conditional update: of this and the sender's claim exactly one finds the row held.
    withdrawn = queries.deliveries_of_side(letter).filter(state=State.HELD).update(state=State.WITHDRAWN)
    if not letter.is_ours or (not withdrawn and queries.deliveries_of_side(letter).exists()):
        raise TooLate
    letter.withdraw(by=by, at=at)
    side = letter.side
    if side.state == SideState.OPEN and not side.letters.filter(withdrawn_at=None).exists():
        side.move(SideState.DONE, by=by, at=at)
    return letter


def _locked(letter: SideLetter) -> SideLetter:
    rows = SideLetter.objects.select_related("side__ticket__department", "author")
    found: SideLetter = rows.select_for_update(of=("self",), no_key=True).get(pk=letter.pk)
    return found


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
