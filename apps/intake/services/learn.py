"""The issue suggestion learns, each night: from what people coded, the taxonomy's words, and uncoded tickets."""

from datetime import datetime, timedelta
from functools import lru_cache

from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery

from apps.intake import encoders, suggestion
from apps.intake.encoded import Remembering
from apps.intake.models import Suggestion, SuggestionModel, TextFit
from apps.intake.suggestion import IssueWords, Model, NotEnoughIssues, StaleModel
from apps.intake.words import joined
from helpdesk.errors import DomainError
from helpdesk.models import (
    CodingSource,
    Direction,
    Issue,
    IssueKind,
    Message,
    TaxonomyRelease,
    Ticket,
    TicketIssue,
    User,
)
from helpdesk.permissions import require

LEARN_FROM = 30_000  # the newest coded tickets: older ones speak of products and words that have gone
LEARN_FROM_UNCODED = 1_000
FEW_CODED = 2_500  # with more of them the uncoded teach nothing
ENCODE_MOST = 5_000  # some 20 ms each, once; the others are learnt by their words
ENCODE_NOW = 300  # while a ticket waits for its first suggestion
KEEP_MODELS = 5
TURN = "train suggestions"
BLIND_DAYS, ENOUGH_BLIND = timedelta(days=180), 50


class AlreadyTraining(DomainError):
    """The suggestions are learning already. Nothing has to be done twice."""

    code = "already-training"


@transaction.atomic
def train_suggestions(*, by: User, at: datetime, encode_most: int = ENCODE_MOST) -> SuggestionModel | None:
    """Learn from what people coded and from the taxonomy's own words; None while it has fewer than two issues.

    How good it is is told twice: on coded tickets held out of training, and on blind ones, whose coders had seen no
    suggestion. `encode_most` 0 learns from words alone. Raises AlreadyTraining while another process learns.
    """
    require(by, "intake.receive")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [TURN])
        if not cursor.fetchone()[0]:
            raise AlreadyTraining
    try:
        return _train(at, encode_most)
    except NotEnoughIssues:
        return None


def current_model(at: datetime) -> tuple[SuggestionModel, Model]:
    """The newest model; one that another version of the engine wrote is learnt anew now instead of tonight.

    Raises NotEnoughIssues.
    """
    row = _newest() or _trained_since(0, at)
    try:
        return row, _model(row.fingerprint)
    except StaleModel:
        row = _trained_since(row.pk, at)
        return row, _model(row.fingerprint)


def _newest() -> SuggestionModel | None:
    return SuggestionModel.objects.defer("data").first()


def _trained_since(last: int, at: datetime) -> SuggestionModel:
    """A newer model than the `last`, for a ticket that needs one now: whoever learns already is waited for.

    Raises NotEnoughIssues.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [TURN])
    newest = _newest()
    return newest if newest is not None and newest.pk > last else _train(at, ENCODE_NOW)


def _train(at: datetime, encode_most: int) -> SuggestionModel:
    successors = _successors()
    texts, labels = _coded(successors)
    encoder = encoders.richest() if encode_most else None
    remembering = Remembering(encoder) if encoder else None
    model = suggestion.train(
        texts,
        labels,
        _taxonomy(at),
        encoder=remembering,
        uncoded=_uncoded() if len(texts) <= FEW_CODED else [],
        encode_most=encode_most,
    )
    if remembering:
        remembering.forget_the_rest()
    blind_accuracy, blind_tickets = _blind_accuracy(successors, at)
    row = SuggestionModel.objects.create(
        data=suggestion.dump(model),
        trained_at=at,
        release=TaxonomyRelease.objects.first(),
        method=model.method,
        encoder=model.encoder_name,
        trained_on=model.trained_on,
        accuracy=model.accuracy,
        auto_fill=model.auto_fill,
        blind_accuracy=blind_accuracy,
        blind_tickets=blind_tickets,
    )
    kept = SuggestionModel.objects.values_list("pk", flat=True)[:KEEP_MODELS]
    SuggestionModel.objects.exclude(pk__in=list(kept)).delete()
    return row


@lru_cache(maxsize=2)
def _model(fingerprint: str) -> Model:
    """Kept in the process under what it holds: of one number there is another model in every database."""
    row = SuggestionModel.objects.only("data", "encoder").filter(fingerprint=fingerprint)[:1].get()
    return suggestion.load(bytes(row.data), encoders.richest() if row.encoder else None)


# --- what it learns from ------------------------------------------------------------------------------


def _taxonomy(at: datetime) -> list[IssueWords]:
    leaves = Issue.objects.valid(at.date()).leaves().filter(kind=IssueKind.REASON).order_by("path")
    return [IssueWords(one.code, one.label, one.definition, tuple(one.examples)) for one in leaves]


def _successors() -> dict[str, str]:
    """Retired code -> what takes its place today, however often it was replaced; a circle ends where it began."""
    rows = Issue.objects.filter(replaced_by__isnull=False).values_list("code", "replaced_by__code")
    next_code = dict(rows)

    def last(code: str) -> str:
        seen = {code}
        while (after := next_code.get(code)) is not None and after not in seen:
            seen.add(code := after)
        return code

    return {code: last(code) for code in next_code}


def _coded(successors: dict[str, str]) -> tuple[list[str], list[str]]:
    """The texts and codes that people gave, newest first."""
    rows = (
        TicketIssue.objects.filter(is_primary=True, source=CodingSource.PERSON)
        .order_by("-at", "-ticket_id")
        .annotate(said=_first_words(OuterRef("ticket")))
        .values_list("ticket__subject", "said", "issue__code")[:LEARN_FROM]
    )
    known = [(joined(subject, said or ""), successors.get(code, code)) for subject, said, code in rows]
    return [text for text, _ in known], [code for _, code in known]


def _uncoded() -> list[str]:
    """The newest tickets that nobody has coded: they teach while the coded ones are few."""
    rows = Ticket.objects.uncoded().order_by("-opened_at", "-pk").annotate(said=_first_words(OuterRef("pk")))
    return [
        joined(subject, said or "")
        for subject, said in rows.values_list("subject", "said")[:LEARN_FROM_UNCODED]
    ]


def _first_words(ticket: OuterRef) -> Subquery:
    first: QuerySet[Message] = Message.objects.filter(ticket=ticket, direction=Direction.IN).order_by(
        "at", "id"
    )
    return Subquery(first.values("body")[:1])


def _blind_accuracy(successors: dict[str, str], at: datetime) -> tuple[float | None, int]:
    """How often the first suggestion of a blind ticket was what a person gave, and of how many; None of too few."""
    coded = TicketIssue.objects.filter(ticket=OuterRef("ticket"), is_primary=True, source=CodingSource.PERSON)
    pairs = (
        Suggestion.objects.filter(rank=1, is_further=False, ticket__opened_at__gt=at - BLIND_DAYS)
        .filter(ticket__in=TextFit.objects.filter(is_blind=True).values("ticket"))
        .annotate(given=Subquery(coded.values("issue__code")[:1]))
        .filter(given__isnull=False)
        .values_list("issue__code", "given")
    )
    right = [successors.get(said, said) == successors.get(given, given) for said, given in pairs]
    return (round(sum(right) / len(right), 4) if len(right) >= ENOUGH_BLIND else None), len(right)
