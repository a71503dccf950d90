"""What customers wrote, in their own words but without their names: a few quotes that differ from one another."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Left

from apps.analysis.deadlines import midnight
from apps.analysis.masking import mask
from apps.analysis.models import Case
from helpdesk.models import Direction, Message, Ticket, TicketIssue, User

LOOKED_AT = 80
LENGTH = 320
_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True)
class Quote:
    """One masked quote: the ticket it is from, and the evidence row that can be excluded."""

    ticket: int
    evidence: int | None
    subject: str
    text: str
    at: datetime
    region: str


def quotes_of_case(case: Case, most: int = 5) -> list[Quote]:
    """The most varied quotes among the latest tickets of a case; two queries."""
    rows = case.evidence.filter(excluded_at=None).order_by("-ticket__opened_at", "-ticket_id")
    tickets = dict(rows.values_list("ticket_id", "pk")[:LOOKED_AT])
    quotes = [_quote(ticket, tickets[ticket.pk]) for ticket in _with_words(list(tickets))]
    return varied(quotes, most)


def quotes_of_tickets(numbers: Sequence[int]) -> dict[int, Quote]:
    """A quote of each ticket; one query."""
    return {ticket.pk: _quote(ticket, None) for ticket in _with_words(numbers)}


def quotes_of_issues(
    issues: Sequence[int], *, first: date, last: date, user: User, most: int = 5
) -> list[Quote]:
    """The most varied quotes among the latest tickets with one of these issues that this person may see; two
    queries."""
    span = {"at__gte": midnight(first), "at__lt": midnight(last + timedelta(days=1))}
    latest = TicketIssue.objects.filter(issue__in=issues, **span).order_by("-at").values("ticket")[:LOOKED_AT]
    seen = Ticket.objects.visible_to(user).filter(pk__in=latest).values_list("pk", flat=True)
    return varied([_quote(ticket, None) for ticket in _with_words(list(seen))], most)


def varied(quotes: list[Quote], most: int) -> list[Quote]:
    """The latest first, then always the one least like those already chosen."""
    quotes = list({quote.text.casefold(): quote for quote in reversed(quotes)}.values())[::-1]
    words = {quote.ticket: frozenset(_WORD.findall(quote.text.lower())) for quote in quotes}
    chosen: list[Quote] = quotes[:1]
    rest = quotes[1:]
    while rest and len(chosen) < most:
        best = min(
            rest, key=lambda quote: max(_likeness(words[quote.ticket], words[one.ticket]) for one in chosen)
        )
        chosen.append(best)
        rest.remove(best)
    return chosen


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one | other), 1)


def _with_words(numbers: Sequence[int]) -> QuerySet[Any]:
    first = Message.objects.filter(ticket=OuterRef("pk"), direction=Direction.IN).order_by("at", "id")
    words = Subquery(first.values_list(Left("body", 2 * LENGTH))[:1])
    rows = Ticket.objects.filter(pk__in=numbers).annotate(words=words).select_related("customer")
    return rows.order_by("-opened_at", "-id")


def _quote(ticket: Ticket, evidence: int | None) -> Quote:
    names = [ticket.customer.name, ticket.customer.organisation]
    said = mask(" ".join((getattr(ticket, "words", "") or ticket.subject).split()), names=names).text
    subject = mask(ticket.subject, names=names).text
    short = said if len(said) <= LENGTH else said[: LENGTH - 1].rsplit(" ", 1)[0] + " …"
    return Quote(ticket.pk, evidence, subject, short, ticket.opened_at, ticket.region)
