"""Reads of this point: the search through everything, letters and how they fare."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils.safestring import SafeString

from apps.output.highlight import framed, headline, marked
from apps.output.models import Delivery, Kind, State
from helpdesk.models import Attachment, Customer, Direction, Message, Note, SideLetter, Ticket, User
from helpdesk.search import search_query

MAX_HITS, MAX_CUSTOMERS = 30, 10
# Ranking reads every row it ranks, so only the newest hits are ranked: an answer in time beats a perfect order.
RANKED = 300
PAGE = 50
KINDS = ("ticket", "message", "note", "side", "file")


@dataclass(frozen=True)
class Hit:
    """A place where the words were found."""

    kind: str  # one of KINDS
    ticket: Ticket
    at: datetime
    excerpt: SafeString
    rank: float


@dataclass(frozen=True)
class TicketHits:
    """All that was found in one ticket, the best first."""

    ticket: Ticket
    hits: list[Hit]


@dataclass(frozen=True)
class Found:
    hits: list[Hit]
    customers: list[Customer]
    ticket: Ticket | None  # the one whose number was typed
    more: bool

    @property
    def by_ticket(self) -> list[TicketHits]:
        tickets: dict[int, TicketHits] = {}
        for hit in self.hits:
            tickets.setdefault(hit.ticket.pk, TicketHits(hit.ticket, [])).hits.append(hit)
        return list(tickets.values())


def search(text: str, *, user: User) -> Found:
    """Everything this person may know that holds the words. Twelve queries: number, customers, and two for each kind
    of words (find and rank the newest, then excerpts of those shown)."""
    text = " ".join(text.replace("\0", "").split())[:300]
    visible = Ticket.objects.visible_to(user)
    if not text:
        return Found([], [], None, more=False)
    query = search_query(text)
    own = visible.values("pk")
    found: list[tuple[float, str, int]] = [
        *_ranked("ticket", visible.filter(search=query), query),
        *_ranked("message", Message.objects.filter(search=query, ticket__in=own, withdrawn_at=None), query),
        *_ranked("note", Note.objects.filter(search=query, ticket__in=own), query),
        *_ranked(
            "side", SideLetter.objects.filter(search=query, side__ticket__in=own, withdrawn_at=None), query
        ),
        *_ranked("file", Attachment.objects.filter(_file_of(own), search=query), query),
    ]
    found.sort(reverse=True)
    hits = _hits(found[:MAX_HITS], query, text)
    number = text.lstrip("#")
    named = visible.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    return Found(hits, _customers(text, visible), named, more=len(found) > MAX_HITS)


def _file_of(tickets: QuerySet) -> Q:
    said = Q(message__ticket__in=tickets, message__withdrawn_at=None)
    return said | Q(note__ticket__in=tickets)


def _ranked(kind: str, rows: QuerySet, query: SearchQuery) -> Iterable[tuple[float, str, int]]:
    newest = rows.order_by("-pk").values("pk")[:RANKED]
    ranked = rows.model._default_manager.filter(pk__in=newest).annotate(rank=SearchRank(F("search"), query))
    for pk, rank in ranked.order_by("-rank", "-pk").values_list("pk", "rank")[: MAX_HITS + 1]:
        yield rank, kind, pk


_OF_SIDE = [f"side__ticket__{one}" for one in ("customer", "department", "own_status")]
_OF_FILE = [
    f"{parent}__ticket__{one}"
    for parent in ("message", "note")
    for one in ("customer", "department", "own_status")
]


def _hits(found: list[tuple[float, str, int]], query: SearchQuery, text: str) -> list[Hit]:
    """The rows that are shown, with their excerpts: one query for each kind there is."""
    rows: dict[tuple[str, int], tuple[Ticket, datetime, str]] = {}
    numbers = {kind: [pk for _, one, pk in found if one == kind] for kind in KINDS}
    if numbers["ticket"]:
        tickets = Ticket.objects.select_related("customer", "department", "own_status").filter(
            pk__in=numbers["ticket"]
        )
        for ticket in tickets.annotate(excerpt=headline("subject", query)):
            rows["ticket", ticket.pk] = ticket, ticket.opened_at, ticket.excerpt
    for kind, model in (("message", Message), ("note", Note)):
        if numbers[kind]:
            said: QuerySet[Model] = model._default_manager.filter(pk__in=numbers[kind])
            said = said.select_related("ticket__customer", "ticket__department", "ticket__own_status").defer(
                "body", "search"
            )
            for one in said.annotate(excerpt=headline("body", query)):
                rows[kind, one.pk] = one.ticket, one.at, one.excerpt
    if numbers["side"]:
        letters = SideLetter.objects.filter(pk__in=numbers["side"]).select_related(*_OF_SIDE)
        for letter in letters.annotate(excerpt=headline("body", query)):
            rows["side", letter.pk] = letter.side.ticket, letter.at, letter.excerpt
    if numbers["file"]:
        for file in Attachment.objects.filter(pk__in=numbers["file"]).select_related(*_OF_FILE):
            parent = file.message or file.note
            if parent is not None:
                rows["file", file.pk] = parent.ticket, parent.at, framed(file.name, text)
    shown = [(rank, kind, rows[kind, pk]) for rank, kind, pk in found if (kind, pk) in rows]
    return [Hit(kind, ticket, at, marked(excerpt), rank) for rank, kind, (ticket, at, excerpt) in shown]


def _customers(text: str, visible: QuerySet[Ticket]) -> list[Customer]:
    """Customers by name, address or number; only those of whom this person may see a ticket."""
    if len(text) < 2:
        return []
    digits = "".join(char for char in text if char.isdigit())
    wanted = Q(email__startswith=text.lower()) | Q(name__icontains=text)
    if len(digits) >= 5:
        wanted |= Q(phone__contains=digits)
    theirs = Exists(visible.filter(customer=OuterRef("pk")))
    return list(
        Customer.objects.filter(wanted, theirs, anonymised_at=None).order_by("name", "pk")[:MAX_CUSTOMERS]
    )


# --- letters ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fate:
    """How one message of ours fares, as its ticket shows it."""

    message: Message
    delivery: Delivery | None
    state: str
    seconds_left: int  # in which it can be taken back


def fates(ticket: Ticket, *, at: datetime) -> list[Fate]:
    """Every outgoing message that was not taken back. Two queries."""
    said = ticket.messages.filter(direction=Direction.OUT, withdrawn_at__isnull=True).select_related("author")
    on_their_way = Delivery.objects.filter(ticket=ticket, message__isnull=False).defer(
        "text", "html", "headers"
    )
    by_message = {letter.message_id: letter for letter in on_their_way}
    return [_fate(one, by_message.get(one.pk), at) for one in said.order_by("pk")]


def fate_of(message: Message, *, at: datetime) -> Fate | None:
    """Of one message; None for one that was taken back or is not ours."""
    if message.direction != Direction.OUT or message.withdrawn_at is not None:
        return None
    return _fate(message, Delivery.objects.filter(message=message).first(), at)


def _fate(message: Message, delivery: Delivery | None, at: datetime) -> Fate:
    if delivery is None:
        # Not yet made, or to be read in the portal only: for a while it can be taken back too.
        until = message.at + timedelta(seconds=settings.UNDO_SECONDS)
        left = 0 if message.is_automatic else int((until - at).total_seconds())
        return Fate(message, None, "shown", max(left, 0))
    left = int((delivery.send_after - at).total_seconds()) if delivery.state == State.HELD else 0
    return Fate(message, delivery, delivery.state, max(left, 0))


def key_of_side(letter: SideLetter) -> str:
    """By which the outbox knows a letter of a side conversation."""
    return f"side-letter:{letter.pk}"


def deliveries_of_side(letter: SideLetter) -> QuerySet[Delivery]:
    return Delivery.objects.filter(key=key_of_side(letter))


def seconds_to_undo(letter: SideLetter, *, at: datetime) -> int:
    """For how many seconds it can be taken back. One query."""
    gone = letter.withdrawn_at is not None or deliveries_of_side(letter).exclude(state=State.HELD).exists()
    until = letter.at + timedelta(seconds=settings.UNDO_SECONDS)
    return 0 if gone or not letter.is_ours else max(int((until - at).total_seconds()), 0)


@dataclass(frozen=True)
class Letters:
    rows: list[Delivery]
    next_before: int | None
    counts: dict[str, int]


def letters(*, user: User, state: str = "", kind: str = "", before: int | None = None) -> Letters:
    """Fifty letters, newest first, and how many failed or wait. Two queries."""
    seen = Delivery.objects.visible_to(user)
    wanted = seen.select_related("ticket", "created_by").defer("text", "html", "headers")
    if state in State.values:
        wanted = wanted.filter(state=state)
    if kind in Kind.values:
        wanted = wanted.filter(kind=kind)
    if before:
        wanted = wanted.filter(pk__lt=before)
    rows = list(wanted.order_by("-pk")[: PAGE + 1])
    unsettled = seen.filter(state__in=[State.HELD, State.QUEUED, State.SENDING, State.FAILED])
    counts: dict[str, int] = {}
    for one in unsettled.order_by().values_list("state", flat=True)[:10_000]:
        counts[one] = counts.get(one, 0) + 1
    return Letters(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None, counts)
