"""Which tickets recoding by hand is about, what it would do, and what it did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q, QuerySet

from apps.response.queries.finding import find
from apps.response.query import Wrong, read
from apps.response.recoding.models import HandRecodedTicket, HandRecoding
from helpdesk.models import Issue, Message, Ticket, TicketIssue, User

MOST = 10_000
SAMPLES, EXCERPT = 8, 300


@dataclass(frozen=True)
class Chosen:
    """The codings that a question names, and the parts of it that say nothing."""

    codings: QuerySet[TicketIssue]
    wrong: tuple[Wrong, ...]
    found: QuerySet[Ticket]


@dataclass(frozen=True)
class Change:
    """One issue, before and after: how many tickets carry it, in all."""

    issue: Issue
    moving: int
    now: int
    then: int


@dataclass(frozen=True)
class Sample:
    """One of the tickets, in the customer's words."""

    ticket: int
    subject: str
    text: str
    issue: Issue
    at: datetime


@dataclass(frozen=True)
class Preview:
    """What would be done. `uncoded` and `same`: found, but without a code to replace, or carrying it already."""

    wrong: tuple[Wrong, ...]
    found: int
    to_recode: int
    same: int
    without: int
    both: int
    target: Issue
    changes: tuple[Change, ...]
    first: datetime | None
    last: datetime | None
    samples: tuple[Sample, ...]

    @property
    def owners(self) -> tuple[str, ...]:
        """Departments that lose tickets to another that can remove their causes."""
        after = self.target.owner_department
        names = {str(row.issue.owner_department or "nobody") for row in self.changes[:-1]}
        return tuple(sorted(names - {str(after or "nobody")}))

    @property
    def is_too_many(self) -> bool:
        return self.to_recode > MOST


def chosen(text: str, *, target: Issue, instead_of: Issue | None, user: User, at: datetime) -> Chosen:
    """The codings that would be replaced. Up to five queries check names."""
    query = read(text, at=at)
    found, unknown = find(query, user=user)
    tickets = found.filter(merged_into=None)
    carried = Q(issue=instead_of) if instead_of else Q(is_primary=True)
    rows = TicketIssue.objects.filter(carried, ticket__in=tickets.order_by().values("pk"))
    return Chosen(rows.exclude(issue=target), (*query.wrong, *unknown), tickets)


def preview(text: str, *, target: Issue, instead_of: Issue | None, user: User, at: datetime) -> Preview:
    """Seven queries and those that check names, whatever the number of tickets."""
    these = chosen(text, target=target, instead_of=instead_of, user=user, at=at)
    moving = dict(these.codings.order_by().values_list("issue").annotate(n=Count("pk")))
    issues = Issue.objects.select_related("owner_department").in_bulk([*moving, target.pk])
    now = dict(
        TicketIssue.objects.filter(issue__in=issues).order_by().values_list("issue").annotate(n=Count("pk"))
    )
    about = these.codings.aggregate(
        first=Min("at"), last=Max("at"), both=Count("pk", filter=Q(ticket__issues__issue=target))
    )
    to_recode, found = sum(moving.values()), these.found.count()
    same = these.found.filter(pk__in=_carrying(target, instead_of)).count()
    same -= about["both"] if instead_of else 0
    changes = [
        Change(issues[pk], n, now.get(pk, 0), now.get(pk, 0) - n)
        for pk, n in sorted(moving.items(), key=lambda item: -item[1])
    ]
    came = to_recode - about["both"]
    after = Change(issues[target.pk], came, now.get(target.pk, 0), now.get(target.pk, 0) + came)
    return Preview(
        wrong=these.wrong, found=found, to_recode=to_recode, same=same, without=found - to_recode - same,
        both=about["both"], target=issues[target.pk], changes=(*changes, after), first=about["first"],
        last=about["last"], samples=_samples(these.codings),
    )  # fmt: skip


def _carrying(target: Issue, instead_of: Issue | None) -> QuerySet[TicketIssue, int]:
    rows = TicketIssue.objects.filter(issue=target)
    return (rows if instead_of else rows.filter(is_primary=True)).order_by().values_list("ticket", flat=True)


def _samples(codings: QuerySet[TicketIssue]) -> tuple[Sample, ...]:
    """Spread over their time, so that not all are of one day; three queries."""
    numbers = list(codings.order_by("at", "pk").values_list("pk", flat=True)[: MOST + 1])
    step = max(len(numbers) // SAMPLES, 1)
    rows = TicketIssue.objects.filter(pk__in=numbers[::step][:SAMPLES]).select_related("ticket", "issue")
    told = {row.ticket_id: row for row in rows.order_by("at")}
    first = (
        Message.objects.filter(ticket__in=told, withdrawn_at=None)
        .order_by("ticket_id", "pk")
        .distinct("ticket_id")
    )
    words = {message.ticket_id: message.body for message in first}
    return tuple(
        Sample(number, row.ticket.subject, words.get(number, "")[:EXCERPT], row.issue, row.at)
        for number, row in told.items()
    )


def recodings_of(user: User) -> QuerySet[HandRecoding]:
    """The newest first; one query."""
    rows = HandRecoding.objects.visible_to(user)
    found: QuerySet[HandRecoding] = rows.select_related("target", "instead_of", "asked_by", "undone_by")
    return found


def rows_of(recoding: HandRecoding, *, user: User, state: str = "") -> QuerySet[HandRecodedTicket]:
    """Its tickets, those that this person may see."""
    rows = recoding.rows.filter(ticket__in=Ticket.objects.visible_to(user).order_by().values("pk"))
    rows = rows.select_related("issue_before", "ticket")
    return rows.filter(state=state) if state else rows


def words_of(wrong: Sequence[Wrong]) -> str:
    return "; ".join(f"{one.token}: {one.reason}" for one in wrong)
