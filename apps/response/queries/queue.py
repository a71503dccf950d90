"""The queue: one page of rows, of a view or of a question of one's own."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Case, Exists, ExpressionWrapper, OuterRef, Subquery, Value, When
from django.urls import reverse

from apps.response.columns import GROUPS, Column, columns_named
from apps.response.models import PlayClaim
from apps.response.queries.drafts import written_by
from apps.response.queries.finding import find, narrowed
from apps.response.queries.paging import BACK, PAGE, Key, keys_of, ordered, page, place_of
from apps.response.queries.ticket_views import STANDARD, View, ViewLinks, view_links, view_named, views_of
from apps.response.query import All, Query, Wrong, read
from apps.response.snoozing.models import back
from helpdesk.asked import tickets_with
from helpdesk.models import ClockState, Ticket, User
from helpdesk.models.ticket import TicketQuerySet
from helpdesk.permissions import may

OWN = "my-open"


@dataclass(frozen=True)
class Row:
    """One ticket of a list, with what its badge needs."""

    ticket: Ticket
    url: str
    state: str
    current: bool
    is_back: bool = False  # it was put off until now
    looked_at_by: str = ""  # who took it up by Play, and has not acted on it yet
    cells: tuple[tuple[str, Any], ...] = ()  # how to draw it, and what
    group: str = ""  # the heading above it; empty where it is the same as above


@dataclass(frozen=True)
class Head:
    """The heading of a column; `url` asks the same in its order."""

    label: str
    kind: str
    url: str
    sorted: bool


@dataclass(frozen=True)
class QueuePage:
    query: Query
    view: View | None
    views: ViewLinks
    rows: list[Row]
    heads: list[Head]  # none: rows are cards
    next_url: str
    is_first: bool
    wrong: tuple[Wrong, ...]
    # What was typed in pieces, with whether each was left out.
    pieces: list[tuple[str, bool]]
    # What is asked, as it stands in addresses of tickets and pages.
    asked: dict[str, str]
    # Of a question that finds nothing: the part that finds nothing even alone.
    blamed: str

    @property
    def width(self) -> int:
        """Cells of a row of the table, with the box that selects it."""
        return len(self.heads) + 1


def queue_page(
    *, user: User, view: str = "", text: str | None = None, after: str = "", current: int = 0, at: datetime
) -> QueuePage:
    """Fifty rows and the views. At most 13 queries: rows, saved views, up to seven to check names, two to know
    words that stand everywhere, one to name columns, and where nothing is found one to say why."""
    views = views_of(user)
    chosen = _chosen(views, view, text, user)
    query = read(chosen.query if chosen else text or "", at=at)
    asked = {"view": chosen.slug} if chosen else {"q": query.text}
    tickets, unknown = find(query, user=user, top=True)
    wrong = (*query.wrong, *unknown)
    group = chosen.group if chosen else ""
    columns = tuple(columns_named(chosen.columns if chosen else ()).values())
    keys = keys_of(query.sort, GROUPS[group].column if group else "")
    if own := chosen is not None and chosen.slug == OWN:
        keys = [BACK, *keys]

    def shown(tickets: TicketQuerySet) -> TicketQuerySet:
        return with_back_on_top(tickets, user) if own else tickets

    related = _IN_CELLS if columns or group else _ON_A_CARD
    found = page(
        shown(tickets), keys, after,
        as_shown=lambda few: shown(_with_marks(few.select_related(*related), user, at)),
    )  # fmt: skip
    rows = [_row(ticket, asked, current, at, columns) for ticket in found[:PAGE]]
    return QueuePage(
        query=query,
        view=chosen,
        views=view_links(views, user=user, current=chosen.slug if chosen else ""),
        rows=_grouped(rows, group),
        heads=_heads(columns, query),
        next_url=_next_url(found, keys, asked),
        is_first=not after,
        wrong=wrong,
        pieces=_pieces(query.text, wrong),
        asked=asked,
        blamed="" if found or chosen or after else _blamed(query, unknown, user),
    )


def _with_marks(tickets: TicketQuerySet, user: User, at: datetime) -> TicketQuerySet:
    """With what a row says of what stands elsewhere."""
    looking = PlayClaim.objects.filter(ticket=OuterRef("pk"), until__gt=at).values("person__name")
    return tickets.annotate(
        looked_at_by=Subquery(looking),
        has_draft=Exists(written_by(user).filter(ticket=OuterRef("pk"))),
        promise_is_due=ExpressionWrapper(tickets_with("promise", "due", at=at), output_field=BooleanField()),
    )


def with_back_on_top(tickets: TicketQuerySet, user: User) -> TicketQuerySet:
    """Told of each row: was it put off, and is back?"""
    return tickets.annotate(is_back=Case(When(back(user), then=True), default=False))


def _chosen(views: list[View], slug: str, text: str | None, user: User) -> View | None:
    """The view asked for, unless the question was changed since; one's own work where nothing is asked."""
    by_slug = {view.slug: view for view in views}
    chosen = by_slug.get(slug)
    if text is not None:
        return chosen if chosen and chosen.query == text else None
    return chosen or by_slug["my-open" if may(user, "response.reply") else "all-open"]


def _pieces(text: str, wrong: tuple[Wrong, ...]) -> list[tuple[str, bool]]:
    pieces, place = [], 0
    for one in sorted(wrong, key=lambda one: one.start):
        if one.start >= place:
            pieces += [(text[place : one.start], False), (text[one.start : one.end], True)]
            place = one.end
    return [*pieces, (text[place:], False)]


# --- one page of rows ---------------------------------------------------------------------------------

# Not more than is shown: PostgreSQL weighs every order of what is joined.
_ON_A_CARD = ("customer", "assignee", "primary_issue", "own_status")
_IN_CELLS = (*_ON_A_CARD, "department", "product")


def _heads(columns: tuple[Column, ...], query: Query) -> list[Head]:
    return [_head(column, query) for column in columns]


def _head(column: Column, query: Query) -> Head:
    kept = " ".join(word for word in query.text.split() if not word.startswith("sort:"))
    url = f"{reverse('queue')}?{urlencode({'q': f'{kept} sort:{column.sort}'})}" if column.sort else ""
    return Head(str(column.label), column.kind, url, bool(column.sort) and column.sort == query.sort)


def _grouped(rows: list[Row], group: str) -> list[Row]:
    """The first row of each group says what they share."""
    if not group:
        return rows
    names = [GROUPS[group].name(row.ticket) for row in rows]
    before = ["", *names]
    return [
        replace(row, group=name if name != above else "")
        for row, name, above in zip(rows, names, before, strict=False)
    ]


def _blamed(query: Query, unknown: tuple[Wrong, ...], user: User) -> str:
    """The first of at most four parts that alone removes everything; one query."""
    left_out = {wrong.token for wrong in unknown}
    parts = [part for part in query.where.parts if part.token not in left_out][:4]
    if not parts:
        return ""
    first, *rest = (
        narrowed(part, user=user).order_by().annotate(nth=Value(nth)).values_list("nth", flat=True)[:1]
        for nth, part in enumerate(parts)
    )
    finding = set(first.union(*rest, all=True))
    return next((part.token for nth, part in enumerate(parts) if nth not in finding), "")


def _next_url(found: list[Ticket], keys: list[Key], asked: dict[str, str]) -> str:
    if len(found) <= PAGE:
        return ""
    return f"{reverse('queue')}?{urlencode(asked | {'after': place_of(found[PAGE - 1], keys)})}"


def _row(
    ticket: Ticket, asked: dict[str, str], current: int, at: datetime, columns: tuple[Column, ...]
) -> Row:
    return Row(
        ticket=ticket,
        url=f"{reverse('ticket', kwargs={'number': ticket.pk})}?{urlencode(asked)}",
        state=badge_state(ticket, at),
        current=ticket.pk == current,
        is_back=getattr(ticket, "is_back", False),
        looked_at_by=getattr(ticket, "looked_at_by", None) or "",
        cells=tuple((column.kind, column.value(ticket)) for column in columns),
    )


def badge_state(ticket: Ticket, at: datetime) -> str:
    """What a badge can tell from the ticket alone; the working time that is left, and "soon", come from control."""
    if ticket.clock_state == ClockState.PAUSED:
        return "paused"
    late = ticket.due_at is not None and ticket.due_at < at
    return "overdue" if late or ticket.clock_state == ClockState.BREACHED else "fine"


# --- the next one -------------------------------------------------------------------------------------


def unclaimed(*, user: User, view: str = "", text: str | None = None, at: datetime) -> TicketQuerySet:
    """What a press of "Play" may take from this list, in its order: open tickets that nobody has. Where the list has
    no order, or nothing in it is free, the most pressing comes first."""
    chosen = view_named(view, user=user) if view and text is None else None
    query = read(text if text is not None else chosen.query if chosen else "", at=at)
    # "My open" holds nothing that nobody has: Play then takes from everything.
    mine = any(term.key == "assignee" or term.value == "unassigned" for term in query.terms)
    tickets, _ = find(replace(query, where=All()) if mine and chosen else query, user=user, top=True)
    return ordered(tickets.open().filter(assignee__isnull=True), keys_of(query.sort or "due"))


def next_in_view(*, user: User, asked: dict[str, str], leaving: Ticket, at: datetime) -> Ticket | None:
    """The ticket on top of the list that is not the one just dealt with."""
    chosen = view_named(asked["view"], user=user) if asked.get("view") else None
    query = read(chosen.query if chosen else asked.get("q", STANDARD[0].query), at=at)
    tickets, _ = find(query, user=user, top=True)
    keys = keys_of(query.sort)
    if asked.get("view") == OWN:
        tickets, keys = with_back_on_top(tickets, user), [BACK, *keys]
    return ordered(tickets.exclude(pk=leaving.pk), keys).first()
