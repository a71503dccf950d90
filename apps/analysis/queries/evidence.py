"""What speaks for a case, how each ticket came to do so, and which others read alike."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from pgvector.django import CosineDistance, HalfVectorField

from apps.analysis import likeness
from apps.analysis.deadlines import midnight
from apps.analysis.models import Case, CaseTicket, LinkedBy
from apps.analysis.queries.taxonomy import read_taxonomy
from apps.analysis.queries.uncoded import vectors_of_tickets
from apps.analysis.queries.verbatims import Quote, quotes_of_tickets
from apps.analysis.series import Floats
from apps.intake import encoders
from apps.intake.models import TextVector
from helpdesk.models import IssueKind, Ticket

A_PAGE = 50
MOST_ALIKE = 10
LEARNT_FROM = 200  # of its latest tickets: enough to know what the case sounds like
LEAST_LEARNT = 3
MOST_OTHERS = 1_000  # coded otherwise: enough to know what is like it and is something else
# Where nothing can be measured: as like the middle as nine in ten of the case's own are, and never less than this.
OWN_SHARE, LEAST_LIKENESS = 10, 0.5
WAYS = (*LinkedBy.values, "excluded")


@dataclass(frozen=True)
class Line:
    """One ticket that is, or was, evidence."""

    row: CaseTicket
    quote: Quote | None


@dataclass(frozen=True)
class Alike:
    """A ticket without a code that reads like those of the case."""

    quote: Quote
    # That it is about the case; None where too little is coded to tell.
    chance: float | None

    @property
    def in_ten(self) -> int | None:
        return None if self.chance is None else min(max(round(10 * self.chance), 1), 9)


@dataclass(frozen=True)
class EvidencePage:
    """A page of the evidence in one way, how many there are in each, and what is proposed."""

    way: str
    counts: tuple[tuple[str, str, int], ...]
    page: Page
    lines: list[Line]
    proposed: list[Alike]


def evidence_page(case: Case, *, way: str, number: str | None) -> EvidencePage:
    """Newest first; `way` is how they came, "excluded", or "" for all that speaks for it. Thirteen queries at most."""
    rows = case.evidence.select_related("ticket", "linked_by", "excluded_by").order_by("-ticket_id")
    page = Paginator(_in_way(rows, way), A_PAGE).get_page(number)
    shown: list[CaseTicket] = list(page)
    found = alike(case) if case.is_open and page.number == 1 and way in ("", LinkedBy.MODEL) else {}
    quotes = quotes_of_tickets([row.ticket_id for row in shown] + list(found))
    proposed = [Alike(quotes[number], chance) for number, chance in found.items() if number in quotes]
    return EvidencePage(
        way, _counts(case), page, [Line(row, quotes.get(row.ticket_id)) for row in shown], proposed
    )


def alike(case: Case, most: int = MOST_ALIKE) -> dict[int, float | None]:
    """Tickets without a fitting code that read like the case's own, the likest first, with the chance that they are
    about it; None where too little is coded to measure one.

    Compared with the middle of its latest tickets' vectors, by the encoder that read most of them. What was linked or
    excluded before is not asked again. Six statements.
    """
    speaking = case.evidence.filter(excluded_at=None).order_by("-ticket_id")
    stored = vectors_of_tickets(speaking.values_list("ticket_id", flat=True)[:LEARNT_FROM])
    known = {name: rows for name, rows in stored.items() if name in encoders.DIMENSIONS}
    encoder = max(known, key=lambda name: len(known[name]), default=None)
    if encoder is None or len(known[encoder]) < LEAST_LEARNT:
        return {}
    own = np.stack(list(known[encoder].values()))
    middle = likeness.middle(own)
    measured = _measured(case, own, middle, encoder)
    with connection.cursor() as cursor:
        # Few of the nearest are without a code: go on until there are enough of those.
        cursor.execute("SET hnsw.iterative_scan = strict_order")
    wide = Cast("vector", HalfVectorField(dimensions=encoders.DIMENSIONS[encoder]))
    uncoded = _uncoded_since(case).order_by().values("pk")
    near = TextVector.objects.filter(encoder=encoder, vector__isnull=False, ticket__in=uncoded)
    near = near.annotate(distance=CosineDistance(wide, middle.tolist())).order_by("distance", "ticket_id")
    found = {number: 1 - distance for number, distance in near.values_list("ticket_id", "distance")[:most]}
    if measured is None:
        bound = max(float(np.percentile(likeness.left_out(own), OWN_SHARE)), LEAST_LIKENESS)
        return {number: None for number, like in found.items() if like >= bound}
    return {number: measured.chance(like) for number, like in found.items() if measured.is_proposed(like)}


def _measured(case: Case, own: Floats, middle: Floats, encoder: str) -> likeness.Scale | None:
    """What a likeness is worth, by the tickets of its time that were coded as something else. Two statements."""
    evidence = case.evidence.order_by().values("ticket")
    issues = read_taxonomy().subtree(case.issue_id) if case.issue_id else ()
    rows = Ticket.objects.filter(opened_at__gte=midnight(case.detection_start), merged_into=None)
    others = Q(primary_issue__kind=IssueKind.REASON) & ~Q(pk__in=evidence) & ~Q(primary_issue__in=issues)
    counted = rows.aggregate(
        own=Count("pk", filter=Q(pk__in=case.evidence.filter(excluded_at=None).order_by().values("ticket"))),
        others=Count("pk", filter=others),
    )
    if not counted["own"] or not counted["others"]:
        return None
    wide = Cast("vector", HalfVectorField(dimensions=encoders.DIMENSIONS[encoder]))
    latest = rows.filter(others).order_by("-pk").values("pk")[:MOST_OTHERS]
    read = TextVector.objects.filter(encoder=encoder, vector__isnull=False, ticket__in=latest)
    far = read.annotate(distance=CosineDistance(wide, middle.tolist())).values_list("distance", flat=True)
    share = counted["own"] / (counted["own"] + counted["others"])
    return likeness.scale(likeness.left_out(own), 1 - np.array(list(far), np.float64), share=share)


def _uncoded_since(case: Case) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(opened_at__gte=midnight(case.detection_start), merged_into=None)
    rows = rows.filter(Q(primary_issue=None) | Q(primary_issue__kind=IssueKind.NO_CODE))
    return rows.exclude(pk__in=case.evidence.order_by().values("ticket"))


def _in_way(rows: QuerySet[CaseTicket], way: str) -> QuerySet[CaseTicket]:
    if way == "excluded":
        return rows.filter(excluded_at__isnull=False)
    rows = rows.filter(excluded_at=None)
    return rows.filter(how=way) if way in LinkedBy.values else rows


def _counts(case: Case) -> tuple[tuple[str, str, int], ...]:
    speaking = Q(excluded_at=None)
    asked: dict[str, Any] = {
        f"by_{how}": Count("pk", filter=speaking & Q(how=how)) for how in LinkedBy.values
    }
    found = case.evidence.aggregate(
        all=Count("pk", filter=speaking), excluded=Count("pk", filter=~speaking), **asked
    )
    ways = [(how.value, str(how.label), found[f"by_{how.value}"]) for how in LinkedBy]
    return (("", _("All"), found["all"]), *ways, ("excluded", _("Not this issue"), found["excluded"]))
