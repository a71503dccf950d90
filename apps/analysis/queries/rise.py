"""What the tickets of a rise say: words that set them apart, and a few that speak for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Left

from apps.analysis.deadlines import midnight
from apps.analysis.masking import mask
from apps.analysis.queries.uncoded import vectors_of_tickets
from apps.analysis.series import Floats
from apps.analysis.telling import telling
from apps.analysis.terms import distinctive_terms
from helpdesk.models import Direction, Message, Ticket

READ, COMPARED = 80, 400  # of the rise, and of the same departments' other tickets
EXAMPLES = 6
WORDS_READ = 600
TERM_LENGTH = 80


@dataclass(frozen=True)
class Words:
    """Terms, the strongest first; numbers of tickets: three near the middle, the newest, then the latest others."""

    terms: tuple[str, ...]
    examples: tuple[int, ...]


def words_of_rise(numbers: QuerySet[Any], *, first: date, last: date) -> Words:
    """What the tickets with these numbers say, against what else their departments heard from `first` to `last`.

    Three queries; personal data is masked before anything is counted.
    """
    inside = list(_with_words(Ticket.objects.filter(pk__in=numbers))[:READ])
    if not inside:
        return Words((), ())
    span = {"opened_at__gte": midnight(first), "opened_at__lt": midnight(last + timedelta(days=1))}
    others = Ticket.objects.filter(
        **span, merged_into=None, department__in={ticket.department_id for ticket in inside}
    ).exclude(pk__in=numbers)
    texts = [_text(ticket) for ticket in inside]
    terms = distinctive_terms(texts, [_text(ticket) for ticket in _with_words(others)[:COMPARED]])
    order = [inside[i].pk for i in telling(texts, _vectors([ticket.pk for ticket in inside]), newest=0)]
    latest = [ticket.pk for ticket in inside]
    return Words(
        tuple(term[:TERM_LENGTH] for term in terms), tuple(dict.fromkeys([*order, *latest]))[:EXAMPLES]
    )


def _with_words(tickets: QuerySet[Ticket]) -> QuerySet[Any]:
    said = Message.objects.filter(ticket=OuterRef("pk"), direction=Direction.IN).order_by("at", "id")
    words = Subquery(said.values_list(Left("body", WORDS_READ))[:1])
    rows: QuerySet[Any] = (
        tickets.annotate(words=words).select_related("customer").order_by("-opened_at", "-id")
    )
    return rows.only("subject", "opened_at", "department_id", "customer__name", "customer__organisation")


def _text(ticket: Any) -> str:
    names = [ticket.customer.name, ticket.customer.organisation]
    return mask(f"{ticket.subject}. {ticket.words or ''}", names=names).text


def _vectors(numbers: Sequence[int]) -> Floats | None:
    """Where one encoder has read them all."""
    for rows in vectors_of_tickets(numbers).values():
        if all(number in rows for number in numbers):
            return np.array([rows[number] for number in numbers])
    return None
