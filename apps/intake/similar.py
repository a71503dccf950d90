"""Tickets like this one: how was it solved before, and did the same person write twice?

PostgreSQL finds the candidates, by meaning (the nearest vectors of the same encoder) and by words (full text with the
ticket's rarest words); `likeness` puts them in order. Without an encoder, words do it alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import F, FloatField, Func, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast
from pgvector.django import CosineDistance, HalfVectorField

from apps.intake import encoders
from apps.intake.likeness import Letters, mixed
from apps.intake.models import TextVector
from apps.intake.words import joined, with_first_words
from helpdesk.models import Direction, Message, Status, Ticket, User

SHOWN = 5
NEAREST = 60  # candidates of each kind
MOST_WORDS, MOST_READ = 12, 5_000  # words asked for, and messages that may hold one: what a page can wait for
SAME_REQUEST, MOST_OF_CUSTOMER = timedelta(days=14), 20
SOLVED = (Status.SOLVED, Status.CLOSED)


@dataclass(frozen=True, slots=True)
class Bounds:
    """From which likeness on two tickets speak of one trouble, and from which on they are one request sent twice."""

    like: float
    same: float


BY_MEANING, BY_LETTERS = Bounds(0.4, 0.6), Bounds(0.25, 0.45)


@dataclass(frozen=True, slots=True)
class Similar:
    """One ticket like another; `answer` is what was written to solve it, or empty."""

    ticket: Ticket
    likeness: float
    is_same_request: bool
    answer: str

    @property
    def percent(self) -> int:
        return round(100 * min(self.likeness, 1.0))


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Which share of the messages holds a word, as PostgreSQL last counted; `unknown` for words it did not count."""

    shares: dict[str, float]
    unknown: float
    messages: float


def similar_tickets(ticket: Ticket, by: User) -> list[Similar]:
    """What this person may see that is like it: requests of the same customer, then solved ones, then others.

    The likest of each, `SHOWN` at most. Eight statements, whatever there is.
    """
    visible = Ticket.objects.visible_to(by).filter(merged_into=None).exclude(pk=ticket.pk)
    vector = TextVector.objects.filter(ticket=ticket, vector__isnull=False).first()
    if vector is not None and vector.encoder not in encoders.DIMENSIONS:
        vector = None  # of an encoder that this version no longer has
    own = _own(ticket)
    numbers = {
        *_near(vector, visible),
        *_sharing_words(own.lexemes, visible),
        *_of_same_customer(ticket, visible),
    }
    candidates = list(_read(visible.filter(pk__in=numbers), vector))
    scores = _scores(_text(own), candidates, has_meaning=vector is not None)
    found = sorted(zip(scores, candidates, strict=True), key=lambda pair: (-pair[0], -pair[1].pk))
    return _sorted_out(ticket, found, BY_LETTERS if vector is None else BY_MEANING)


def _sorted_out(ticket: Ticket, found: Sequence[tuple[float, Any]], bounds: Bounds) -> list[Similar]:
    like = [(score, one) for score, one in found if score >= bounds.like]
    same = [pair for pair in like if pair[0] >= bounds.same and _may_be_one(ticket, pair[1])][:SHOWN]
    others = [pair for pair in like if pair not in same][: SHOWN - len(same)]
    others.sort(key=lambda pair: pair[1].status not in SOLVED)
    answers = _answers([one.pk for _, one in others if one.status in SOLVED])
    return [
        Similar(one, round(score, 3), is_same, answers.get(one.pk, ""))
        for is_same, pairs in ((True, same), (False, others))
        for score, one in pairs
    ]


def _own(ticket: Ticket) -> Any:
    """The ticket with what it said first, and the words that full text knows of it."""
    first = Message.objects.filter(ticket=OuterRef("pk"), direction=Direction.IN).order_by("at", "id")
    lexemes = Subquery(first.values_list(_Lexemes("search"))[:1])
    own = with_first_words(Ticket.objects.filter(pk=ticket.pk)).annotate(
        in_subject=_Lexemes("search"), in_message=lexemes
    )
    row: Any = own.only("subject").get()
    row.lexemes = dict.fromkeys([*row.in_subject, *(row.in_message or ())])
    return row


def _text(row: Any) -> str:
    return joined(row.subject, row.said or "")


def _read(tickets: QuerySet[Ticket], vector: TextVector | None) -> QuerySet[Any]:
    """With what each said first, and how far its meaning is from `vector`."""
    near: Any = Value(None, FloatField())
    if vector is not None:
        near = Subquery(_distances(vector).filter(ticket=OuterRef("pk")).values("distance")[:1])
    related = ("customer", "department", "assignee", "product", "primary_issue", "own_status")
    whole: QuerySet[Any] = with_first_words(tickets).annotate(distance=near)
    return whole.select_related(*related).defer("search")


class _Lexemes(Func):
    """The words of a tsvector, each once."""

    function = "tsvector_to_array"
    output_field = ArrayField(TextField())


def _distances(vector: TextVector) -> QuerySet[Any]:
    """Other vectors of the same encoder, each with its distance, in the form that their index knows."""
    wide = Cast("vector", HalfVectorField(dimensions=encoders.DIMENSIONS[vector.encoder]))
    others = TextVector.objects.filter(encoder=vector.encoder, vector__isnull=False)
    return others.annotate(distance=CosineDistance(wide, vector.vector))


def _near(vector: TextVector | None, visible: QuerySet[Ticket]) -> list[int]:
    if vector is None:
        return []
    with connection.cursor() as cursor:
        # Or somebody who may see a hundredth of all tickets would find a hundredth of what there is for them.
        cursor.execute("SET hnsw.iterative_scan = strict_order")
    nearest = _distances(vector).filter(ticket__in=visible.order_by().values("pk")).order_by("distance")
    return list(nearest.values_list("ticket_id", flat=True)[:NEAREST])


def _sharing_words(lexemes: Iterable[str], visible: QuerySet[Ticket]) -> list[int]:
    """Tickets in which the customer used some of the rarest of these words."""
    if not (chosen := _rarest(lexemes, _frequencies())):
        return []
    query = SearchQuery(" | ".join(map(_quoted, chosen)), search_type="raw", config="simple")
    said = Message.objects.filter(
        direction=Direction.IN, withdrawn_at=None, search=query, ticket__in=visible.order_by().values("pk")
    )
    ranked = said.annotate(rank=SearchRank(F("search"), query)).order_by("-rank", "-id")
    return list(ranked.values_list("ticket_id", flat=True)[:NEAREST])


def _rarest(lexemes: Iterable[str], known: Frequencies) -> list[str]:
    """As many words, the rarest first, as the reading of their messages takes bearable time."""
    shares = {word: known.shares.get(word, known.unknown) for word in lexemes}
    chosen: list[str] = []
    expected = 0.0
    for word in sorted(shares, key=lambda word: (shares[word], word)):
        expected += shares[word] * known.messages
        if len(chosen) == MOST_WORDS or (chosen and expected > MOST_READ):
            break
        chosen.append(word)
    return chosen


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _of_same_customer(ticket: Ticket, visible: QuerySet[Ticket]) -> list[int]:
    span = (ticket.opened_at - SAME_REQUEST, ticket.opened_at + SAME_REQUEST)
    own: QuerySet[Ticket] = visible.filter(customer=ticket.customer_id, opened_at__range=span)
    lately = own.exclude(status__in=SOLVED)
    return list(lately.order_by("-opened_at").values_list("pk", flat=True)[:MOST_OF_CUSTOMER])


def _may_be_one(ticket: Ticket, other: Ticket) -> bool:
    near = abs(other.opened_at - ticket.opened_at) <= SAME_REQUEST
    return near and other.customer_id == ticket.customer_id and other.is_open


def _frequencies() -> Frequencies:
    """What PostgreSQL's planner knows of the words in messages; of a desk that it never looked at, nothing."""
    table = Message._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT most_common_elems::text::text[], most_common_elem_freqs, "
            "(SELECT reltuples FROM pg_class WHERE oid = %s::regclass) FROM pg_stats "
            "WHERE schemaname = current_schema() AND tablename = %s AND attname = 'search'",
            [table, table],
        )
        words, shares, messages = cursor.fetchone() or ([], [], 0)
    # Behind the frequencies stand the least and the largest of them.
    counted = dict(zip(words or (), shares or (), strict=False))
    # A word that was not counted is rarer than the rarest that was; how much rarer is a guess.
    return Frequencies(counted, min(counted.values(), default=0.004) / 4, max(messages, 0.0))


def _scores(text: str, candidates: Sequence[Any], *, has_meaning: bool) -> list[float]:
    letters = Letters([_text(one) for one in candidates]).likeness([text])
    if has_meaning:
        meaning = [np.nan if one.distance is None else 1 - one.distance for one in candidates]
        letters = mixed(np.array([meaning], np.float32), letters)
    scores: list[float] = letters[0].tolist()
    return scores


def _answers(numbers: Sequence[int]) -> dict[int, str]:
    """The last thing a colleague wrote on each of these tickets."""
    ours = Message.objects.filter(
        ticket__in=numbers, direction=Direction.OUT, is_automatic=False, withdrawn_at=None
    )
    last = ours.order_by("ticket_id", "-at", "-id").distinct("ticket_id")
    return dict(last.values_list("ticket_id", "body"))
