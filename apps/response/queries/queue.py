"""The queue: views with their counts, and one page of rows."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, F, Q
from django.urls import reverse

from apps.response.queries.finding import find, moment_of, narrowed
from apps.response.query import All, Query, Wrong, read
from helpdesk.models import ClockState, Ticket, User
from helpdesk.models.ticket import TicketQuerySet
from helpdesk.permissions import may

PAGE = 50
COUNTS_FOR = 20  # seconds a count may be old
SOON = timedelta(hours=1)


@dataclass(frozen=True)
class View:
    """A question somebody asks every day, under a name."""

    slug: str
    label: str
    query: str
    empty: str


VIEWS = (
    View(
        "my-open",
        "My open",
        "is:open assignee:@me sort:due",
        "Nothing waits for you. Press P to take the next.",
    ),
    View(
        "unassigned",
        "Unassigned",
        "is:open is:unassigned sort:due",
        "Everything has somebody who works on it.",
    ),
    View("all-open", "All open", "is:open sort:due", "No open tickets. New ones appear here by themselves."),
    View("breaching", "Due within 1 h", "is:open due:<1h sort:due", "No clock runs out within the hour."),
    View("waiting", "Waiting", "is:waiting sort:due", "We wait for nobody."),
    View("uncoded", "Uncoded", "is:open is:uncoded sort:due", "Every open ticket says what it is about."),
    View("solved", "Solved", "is:solved sort:updated", "Nothing was solved in the last two weeks."),
)
BY_SLUG = {view.slug: view for view in VIEWS}


@dataclass(frozen=True)
class ViewLink:
    slug: str
    label: str
    url: str
    count: int | None
    current: bool


@dataclass(frozen=True)
class Row:
    """One ticket of a list, with what its badge needs."""

    ticket: Ticket
    url: str
    state: str
    current: bool


@dataclass(frozen=True)
class QueuePage:
    query: Query
    view: View | None
    views: list[ViewLink]
    rows: list[Row]
    next_url: str
    is_first: bool
    wrong: tuple[Wrong, ...]
    # What was typed in pieces, with whether each was left out.
    pieces: list[tuple[str, bool]]
    # What is asked, as it stands in addresses of tickets and pages.
    asked: dict[str, str]
    # Of a question that finds nothing: the part that finds nothing even alone.
    blamed: str


def queue_page(
    *, user: User, view: str = "", text: str | None = None, after: str = "", current: int = 0, at: datetime
) -> QueuePage:
    """Fifty rows and the views. At most 10 queries: rows, counts when they are old, up to four to check names, and
    where nothing is found up to four to say why."""
    chosen = BY_SLUG.get(view) if text is None or (view in BY_SLUG and BY_SLUG[view].query == text) else None
    if chosen is None and text is None:
        chosen = VIEWS[0] if may(user, "response.reply") else VIEWS[2]
    query = read(chosen.query if chosen else text or "", at=at)
    asked = {"view": chosen.slug} if chosen else {"q": query.text}
    tickets, unknown = find(query, user=user)
    wrong = (*query.wrong, *unknown)
    found = _page(tickets, query.sort or "created", after)
    rows = [_row(ticket, asked, current, at) for ticket in found[:PAGE]]
    return QueuePage(
        query=query,
        view=chosen,
        views=view_links(user=user, current=chosen.slug if chosen else "", at=at),
        rows=rows,
        next_url=_next_url(found, query.sort or "created", asked),
        is_first=not after,
        wrong=wrong,
        pieces=_pieces(query.text, wrong),
        asked=asked,
        blamed="" if found or chosen or after else _blamed(query, unknown, user),
    )


def _pieces(text: str, wrong: tuple[Wrong, ...]) -> list[tuple[str, bool]]:
    pieces, place = [], 0
    for one in sorted(wrong, key=lambda one: one.start):
        if one.start >= place:
            pieces += [(text[place : one.start], False), (text[one.start : one.end], True)]
            place = one.end
    return [*pieces, (text[place:], False)]


def view_links(*, user: User, current: str, at: datetime) -> list[ViewLink]:
    """The views with how many tickets each holds, counted at most every 20 seconds, all in one query."""
    key = f"queue-counts:{user.pk}"
    counts = cache.get(key)
    if counts is None:
        counts = _counts(user, at)
        cache.set(key, counts, COUNTS_FOR)
    return [
        ViewLink(
            view.slug,
            view.label,
            f"{reverse('queue')}?{urlencode({'view': view.slug})}",
            counts.get(view.slug),
            view.slug == current,
        )
        for view in VIEWS
        if view.slug != "my-open" or may(user, "response.reply")
    ]


def _counts(user: User, at: datetime) -> dict[str, int]:
    """Solved tickets are not counted: nobody works a list of what is done."""
    counted: dict[str, int] = (
        Ticket.objects.visible_to(user)
        .open()
        .aggregate(
            **{
                "my-open": Count("pk", filter=Q(assignee=user)),
                "unassigned": Count("pk", filter=Q(assignee__isnull=True)),
                "all-open": Count("pk"),
                "breaching": Count("pk", filter=Q(due_at__lt=at + SOON)),
                "waiting": Count("pk", filter=Q(status__startswith="waiting")),
                "uncoded": Count("pk", filter=Q(primary_issue__isnull=True)),
            }
        )
    )
    return counted


# --- one page of rows ---------------------------------------------------------------------------------

# sort -> (column, descending); ties go by number, in the same direction
_SORTS = {
    "due": ("due_at", False),
    "updated": ("updated_at", True),
    "created": ("opened_at", True),
    "oldest": ("opened_at", False),
    "severity": ("severity", False),
}
_SHOWN = ("customer", "assignee", "department", "primary_issue")


def _page(tickets: TicketQuerySet, sort: str, after: str) -> list[Ticket]:
    """One row more than a page, to know whether there is a next one. Pages begin after a row, not at a number of rows:
    the hundredth page costs what the first does, and a new ticket does not push one onto two pages."""
    column, descending = _SORTS[sort]
    ordered = F(column).desc() if descending else F(column).asc(nulls_last=True)
    if after:
        tickets = tickets.filter(_behind(sort, after))
    rows = tickets.select_related(*_SHOWN).order_by(ordered, "-pk" if descending else "pk")
    return list(rows[: PAGE + 1])


def _behind(sort: str, after: str) -> Q:
    column, descending = _SORTS[sort]
    raw, _, number = after.rpartition("~")
    pk = int(number) if number.isdecimal() and len(number) < 19 else 0
    side = "lt" if descending else "gt"
    if not raw:
        return Q(**{f"{column}__isnull": True, f"pk__{side}": pk})
    value: object = (
        (int(raw) if raw.isdecimal() and len(raw) < 3 else None) if sort == "severity" else moment_of(raw)
    )
    if value is None:
        return Q()
    behind = Q(**{f"{column}__{side}": value}) | Q(**{column: value, f"pk__{side}": pk})
    return behind | Q(**{f"{column}__isnull": True}) if sort == "due" else behind


def _blamed(query: Query, unknown: tuple[Wrong, ...], user: User) -> str:
    """The first of at most four parts that alone removes everything."""
    left_out = {wrong.token for wrong in unknown}
    parts = [part for part in query.where.parts if part.token not in left_out]
    return next((part.token for part in parts[:4] if not narrowed(part, user=user).exists()), "")


def _next_url(found: list[Ticket], sort: str, asked: dict[str, str]) -> str:
    if len(found) <= PAGE:
        return ""
    last = found[PAGE - 1]
    value = getattr(last, _SORTS[sort][0])
    place = "" if value is None else value.isoformat() if isinstance(value, datetime) else str(value)
    return f"{reverse('queue')}?{urlencode(asked | {'after': f'{place}~{last.pk}'})}"


def _row(ticket: Ticket, asked: dict[str, str], current: int, at: datetime) -> Row:
    return Row(
        ticket=ticket,
        url=f"{reverse('ticket', kwargs={'number': ticket.pk})}?{urlencode(asked)}",
        state=badge_state(ticket, at),
        current=ticket.pk == current,
    )


def badge_state(ticket: Ticket, at: datetime) -> str:
    """What a badge can tell from the ticket alone; the working time that is left, and "soon", come from control."""
    if ticket.clock_state == ClockState.PAUSED:
        return "paused"
    late = ticket.due_at is not None and ticket.due_at < at
    return "overdue" if late or ticket.clock_state == ClockState.BREACHED else "fine"


# --- the next one -------------------------------------------------------------------------------------


def unclaimed(*, user: User, view: str = "", text: str | None = None, at: datetime) -> TicketQuerySet:
    """What a press of "Play" may take from this list: open tickets that nobody has, the most pressing first."""
    chosen = BY_SLUG.get(view)
    query = read(text if text is not None else chosen.query if chosen else "", at=at)
    # "My open" holds nothing that nobody has: Play then takes from everything.
    mine = any(term.key == "assignee" or term.value == "unassigned" for term in query.terms)
    tickets, _ = find(replace(query, where=All()) if mine and chosen else query, user=user)
    return tickets.open().filter(assignee__isnull=True).order_by(F("due_at").asc(nulls_last=True), "pk")


def next_in_view(*, user: User, asked: dict[str, str], leaving: Ticket, at: datetime) -> Ticket | None:
    """The ticket on top of the list that is not the one just dealt with."""
    page_text = (
        BY_SLUG[asked["view"]].query if asked.get("view") in BY_SLUG else asked.get("q", VIEWS[0].query)
    )
    query = read(page_text, at=at)
    tickets, _ = find(query, user=user)
    column, descending = _SORTS[query.sort or "created"]
    ordered = F(column).desc() if descending else F(column).asc(nulls_last=True)
    return tickets.exclude(pk=leaving.pk).order_by(ordered, "-pk" if descending else "pk").first()
