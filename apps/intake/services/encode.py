"""What a ticket says, as a vector: for each new ticket when it comes, for all others in the background."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.intake import encoders
from apps.intake.language import is_english, language_of
from apps.intake.models import TextVector
from apps.intake.words import joined, with_first_words
from helpdesk.errors import DomainError
from helpdesk.models import Ticket, User
from helpdesk.permissions import require

BATCH = 100  # about a second of work, and one transaction
TURN = "encode tickets"


class AlreadyEncoding(DomainError):
    """The tickets are being encoded already. Nothing has to be done twice."""

    code = "already-encoding"


@transaction.atomic
def encode_ticket(*, ticket: Ticket, by: User, at: datetime) -> None:
    """Note the language of a ticket's words, and their vector where there is an encoder; again changes nothing."""
    require(by, "intake.receive")
    _encode([_read(Ticket.objects.filter(pk=ticket.pk)).get()], at)


def encode_tickets(
    *, by: User, at: datetime, most: int | None = None, newest: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:  # fmt: skip
    """Encode what has no vector yet, or one of another encoder than the one chosen now: the newest first.

    Each hundred is kept at once, so a run that broke off goes on where it was. `progress` is told how many are done and
    how many there were to do. `newest`: look at so many tickets only, which is cheap where nothing waits. Returns
    how many were done. Raises AlreadyEncoding while another process does it.
    """
    require(by, "intake.receive")
    total = waiting().count() if progress else 0
    done, below, above = 0, None, _number_of(newest) if newest else 0
    while most is None or done < most:
        batch = _encode_next(above, below, min(BATCH, most - done) if most is not None else BATCH, at)
        if not batch:
            break
        done, below = done + len(batch), batch[-1]
        if progress:
            progress(done, max(total, done))
    return done


def waiting() -> QuerySet[Ticket]:
    """The tickets without a vector of the encoder that is chosen for their language, the newest first."""
    english, other = encoders.stored_as("en"), encoders.stored_as("de")
    if not english:
        return Ticket.objects.none()
    stored = TextVector.objects.filter(ticket=OuterRef("pk"))
    if english == other:
        return Ticket.objects.filter(~Exists(stored.filter(encoder=english))).order_by("-pk")
    may_be_english = Q(language="") | Q(language__istartswith="en")
    missing = (may_be_english & ~Exists(stored.filter(encoder=english))) | (
        ~may_be_english & ~Exists(stored.filter(encoder=other))
    )
    return Ticket.objects.filter(missing).order_by("-pk")


def _number_of(newest: int) -> int:
    """The number before the first of the newest tickets."""
    return next(iter(Ticket.objects.order_by("-pk").values_list("pk", flat=True)[newest : newest + 1]), 0)


@transaction.atomic
def _encode_next(above: int, below: int | None, most: int, at: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [TURN])
        if not cursor.fetchone()[0]:
            raise AlreadyEncoding
    tickets = waiting().filter(pk__gt=above)
    if below is not None:
        tickets = tickets.filter(pk__lt=below)
    batch = list(_read(tickets)[:most])
    _encode(batch, at)
    return [ticket.pk for ticket in batch]


def _read(tickets: QuerySet[Ticket]) -> QuerySet[Any]:
    return with_first_words(tickets.select_related("customer").defer("search"))


def _encode(tickets: Sequence[Any], at: datetime) -> None:
    texts = {ticket.pk: joined(ticket.subject, ticket.said or "") for ticket in tickets}
    for ticket in tickets:
        _note_language(ticket, language_of(texts[ticket.pk]))
    rows = [
        TextVector(
            ticket=ticket, encoder=encoder.name, vector=vector if vector.any() else None, encoded_at=at
        )
        for encoder, group in _by_encoder(tickets)
        for ticket, vector in zip(group, encoder.encode([_said(texts[one.pk]) for one in group]), strict=True)
    ]
    TextVector.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["ticket"],
        update_fields=["encoder", "vector", "encoded_at"],
    )


def _said(text: str) -> str:
    """Without a word nothing is said: an encoder would find a meaning in a full stop."""
    return text if any(map(str.isalnum, text)) else ""


def _note_language(ticket: Ticket, found: str) -> None:
    """What was said about the ticket stands; what was only taken over from the customer gives way to the words."""
    customer = ticket.customer
    if found and not customer.language:
        customer.note_language(found)
    if found and ticket.language in ("", customer.language) and not _same(ticket.language, found):
        ticket.note_language(found)


def _same(known: str, found: str) -> bool:
    """Whether "en-GB" needs no correction to "en"."""
    return known.lower().partition("-")[0] == found


def _by_encoder(tickets: Sequence[Ticket]) -> Iterator[tuple[encoders.Encoder, list[Ticket]]]:
    for group in (
        [ticket for ticket in tickets if is_english(ticket.language)],
        [ticket for ticket in tickets if not is_english(ticket.language)],
    ):
        if group and (encoder := encoders.default(group[0].language)):
            yield encoder, group
