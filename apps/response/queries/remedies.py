"""What was given, what may be, and which approvals wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from django.db.models import QuerySet

from apps.response.models import Approval, ApprovalState, FoundFact, GivenRemedy, Guidance, Offer
from apps.response.queries.guidance import guidance_of, offers_of
from helpdesk.models import Issue, Ticket, TicketIssue, User

Row = TypeVar("Row", GivenRemedy, Approval, FoundFact)


@dataclass(frozen=True)
class MayOffer:
    """One offer as one person sees it: their limit (None: any amount), and whether they may give it alone at all."""

    offer: Offer
    limit: Decimal | None
    is_free: bool


@dataclass(frozen=True)
class Asked:
    """A question of the guidance, and what was found out about it, if anything."""

    question: str
    fact: FoundFact | None


@dataclass(frozen=True)
class GuidanceBlock:
    """What is known of one issue of a ticket, and what was given for it."""

    coded: TicketIssue
    guidance: Guidance | None
    # The issue above from which the guidance comes; None where it is the issue's own.
    inherited: Issue | None
    limit: Decimal | None
    offers: list[MayOffer]
    given: list[GivenRemedy]
    approvals: list[Approval]
    # What the guidance says to ask, and what was found out; questions of other days that were answered stay.
    questions: list["Asked"]

    @property
    def issue(self) -> Issue:
        return self.coded.issue

    @property
    def money(self) -> Decimal:
        return sum((one.amount or Decimal(0) for one in self.given if not one.is_struck), Decimal(0))


@dataclass(frozen=True)
class GuidanceBox:
    """The box beside a ticket: a block for each of its issues, the primary one first."""

    blocks: list[GuidanceBlock]
    # What this customer was given within 12 months, on all their tickets.
    customer_money: Decimal


def guidance_box(ticket: Ticket, *, user: User, at: datetime) -> GuidanceBox:
    """Eight queries, however many issues there are: issues, guidance, offers, given, approvals and whom they were asked
    of, answers, the customer's sum."""
    coded = list(ticket.issues.select_related("issue").order_by("-is_primary", "pk"))
    issues = [row.issue for row in coded]
    guided, offered = guidance_of(issues), offers_of(issues, segment=ticket.segment)
    rows = GivenRemedy.objects.filter(ticket=ticket).select_related("given_by", "struck_by", "offer")
    given = _by_issue(rows, coded, ticket)
    approvals = _by_issue(approvals_of(ticket), coded, ticket)
    facts = _by_issue(FoundFact.objects.filter(ticket=ticket).select_related("found_by"), coded, ticket)
    blocks = [
        GuidanceBlock(
            coded=row,
            guidance=(known := guided.get(row.issue_id)),
            inherited=known.issue if known and known.issue_id != row.issue_id else None,
            limit=known.limit_of(user.role) if known else None,
            offers=[
                MayOffer(one, one.limit_of(user.role), one.is_free_to(user.role))
                for one in offered[row.issue_id]
            ],
            given=given.get(row.issue_id, []),
            approvals=approvals.get(row.issue_id, []),
            questions=_questions(known, facts.get(row.issue_id, [])),
        )
        for row in coded
    ]
    return GuidanceBox(blocks, GivenRemedy.objects.lately_to(ticket.customer_id, at=at).money())


def _questions(guidance: Guidance | None, facts: list[FoundFact]) -> list[Asked]:
    known = {fact.question: fact for fact in facts}
    asked = list(dict.fromkeys([*(guidance.asks() if guidance else []), *known]))
    return [Asked(question, known.get(question)) for question in asked]


def _by_issue(rows: Iterable[Row], coded: list[TicketIssue], ticket: Ticket) -> dict[int, list[Row]]:
    """Each below its issue, or below the primary one where the ticket no longer has it."""
    known, found = {row.issue_id for row in coded}, dict[int, list[Row]]()
    for row in rows:
        number = row.issue_id if row.issue_id in known else ticket.primary_issue_id or 0
        found.setdefault(number, []).append(row)
    return found


def approvals_of(ticket: Ticket) -> QuerySet[Approval]:
    related = Approval.objects.filter(ticket=ticket).select_related("asked_by", "answered_by", "issue")
    return related.prefetch_related("asked__user")


def approvals_waiting(user: User) -> QuerySet[Approval]:
    """What this person is to answer, the most urgent first."""
    rows = Approval.objects.waiting_for(user).order_by("until", "pk")
    return rows.select_related("ticket__customer", "issue", "asked_by", "offer")


def approvals_answered(user: User, *, most: int = 50) -> QuerySet[Approval]:
    """What they were asked, or asked for, and what became of it, the newest first."""
    rows = Approval.objects.filter(asked__user=user) | Approval.objects.filter(asked_by=user)
    others = rows.exclude(state=ApprovalState.ASKED, asked__user=user).distinct()
    return others.select_related("ticket", "issue", "asked_by", "answered_by").order_by("-asked_at", "-pk")[
        :most
    ]
