"""The texts among which new issues are looked for, with the vectors that are stored of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from apps.analysis.deadlines import midnight, today
from apps.analysis.masking import mask
from apps.analysis.series import Floats
from apps.intake.models import TextFit, TextVector
from helpdesk.models import CodingSource, Direction, IssueKind, Message, Ticket, TicketIssue

MOST_UNCODED = 5_000
MOST_CODED = 1_500  # texts to compare with: enough to know what coded tickets sound like
WORDS_READ = 600  # characters of the first message: the complaint stands at the beginning


@dataclass(frozen=True)
class Said:
    """One ticket as the engine reads it: personal data masked. `fits_none` where the suggestion found that already."""

    number: int
    opened_at: datetime
    text: str
    fits_none: bool

    @property
    def day(self) -> date:
        return today(self.opened_at)


def uncoded_between(first: date, last: date) -> list[Said]:
    """Tickets without a fitting code, newest first: no issue, expressly none, or one that nobody confirmed and the text
    does not fit. Where there are too many, every so-and-so-many-th, so that the earlier weeks stay as long as they
    were. Two queries."""
    by_person = TicketIssue.objects.filter(ticket=OuterRef("pk"), is_primary=True, source=CodingSource.PERSON)
    none_fits = (
        Q(primary_issue=None)
        | Q(primary_issue__kind=IssueKind.NO_CODE)
        | (Q(fits_none=True) & ~Exists(by_person))
    )
    fits = TextFit.objects.filter(ticket=OuterRef("pk"), fits_no_code=True)
    rows = _opened(first, last).annotate(fits_none=Exists(fits)).filter(none_fits)
    if (step := -(-rows.count() // MOST_UNCODED)) > 1:
        rows = rows.annotate(turn=F("pk") % step).filter(turn=0)
    return [_said(row, row.fits_none) for row in _with_words(rows)[:MOST_UNCODED]]


def coded_between(first: date, last: date) -> list[Said]:
    """The latest tickets that have a code, to compare with. One query."""
    rows = _opened(first, last).filter(primary_issue__kind=IssueKind.REASON)
    return [_said(row, False) for row in _with_words(rows)[:MOST_CODED]]


def vectors_of_tickets(numbers: Iterable[int]) -> dict[str, dict[int, Floats]]:
    """What is stored of these tickets, by encoder. One query."""
    found: dict[str, dict[int, Floats]] = {}
    rows = TextVector.objects.filter(ticket__in=list(numbers), vector__isnull=False)
    for ticket, encoder, vector in rows.values_list("ticket_id", "encoder", "vector"):
        found.setdefault(encoder, {})[ticket] = np.array(vector, np.float64)
    return found


def _opened(first: date, last: date) -> QuerySet[Any]:
    span = {"opened_at__gte": midnight(first), "opened_at__lt": midnight(last + timedelta(days=1))}
    return Ticket.objects.filter(**span, merged_into=None, campaign="")


def _with_words(rows: QuerySet[Any]) -> QuerySet[Any]:
    first = Message.objects.filter(ticket=OuterRef("pk"), direction=Direction.IN).order_by("at", "id")
    words = Subquery(first.values_list(Left("body", WORDS_READ))[:1])
    chosen: QuerySet[Any] = rows.annotate(words=words).select_related("customer")
    return chosen.order_by("-opened_at", "-id").only(
        "subject", "opened_at", "customer__name", "customer__organisation"
    )


def _said(row: Any, fits_none: bool) -> Said:
    names = [row.customer.name, row.customer.organisation]
    text = mask(f"{row.subject}. {row.words or ''}", names=names).text
    return Said(row.pk, row.opened_at, text, fits_none)


def texts_of(tickets: Sequence[Said]) -> list[str]:
    return [ticket.text for ticket in tickets]
