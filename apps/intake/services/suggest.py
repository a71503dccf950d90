"""Which issue a ticket is about: learnt at night from the tickets people coded, said for each new one."""

from datetime import datetime
from functools import lru_cache

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from apps.intake import suggestion
from apps.intake.models import Suggestion, SuggestionModel
from apps.intake.suggestion import IssueWords, Model, NotEnoughIssues, StaleModel
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

TOP = 3
LEARN_FROM = 30_000  # the newest coded tickets: older ones speak of products and words that have gone
TEST_WITH = 2_000
ENOUGH_TO_TEST = 200
TEXT_CHARS = 2_000  # what the engine reads of a text
KEEP_MODELS = 5
TURN = "train suggestions"


class AlreadyTraining(DomainError):
    """The suggestions are learning already. Nothing has to be done twice."""

    code = "already-training"


@transaction.atomic
def suggest_issue(*, ticket: Ticket, by: User, at: datetime) -> list[Suggestion]:
    """Store the three likeliest issues of a ticket with their confidence; again gives the same rows, never more."""
    require(by, "intake.receive")
    try:
        row, model = _current(at)
    except NotEnoughIssues:
        return []
    found = model.predict([_text(ticket)], top=TOP)[0]
    issues = {issue.code: issue for issue in Issue.objects.filter(code__in=[one.code for one in found])}
    Suggestion.objects.filter(ticket=ticket).delete()
    return Suggestion.objects.bulk_create(
        Suggestion(
            ticket=ticket, issue=issues[one.code], rank=rank, confidence=one.confidence, model_id=row.pk
        )
        for rank, one in enumerate(found, 1)
        if one.code in issues
    )


@transaction.atomic
def train_suggestions(*, by: User, at: datetime) -> SuggestionModel | None:
    """Learn from what people coded and from the taxonomy's own words; None while it has fewer than two issues.

    The accuracy is told on the newest coded tickets, which a model learnt from the older ones has not seen.
    Raises AlreadyTraining while another process learns.
    """
    require(by, "intake.receive")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [TURN])
        if not cursor.fetchone()[0]:
            raise AlreadyTraining
    try:
        return _train(at)
    except NotEnoughIssues:
        return None


def _current(at: datetime) -> tuple[SuggestionModel, Model]:
    """The newest model; one that another version of the engine wrote is learnt anew now instead of tonight."""
    row = _newest() or _trained_since(0, at)
    try:
        return row, _model(row.pk)
    except StaleModel:
        row = _trained_since(row.pk, at)
        return row, _model(row.pk)


def _newest() -> SuggestionModel | None:
    return SuggestionModel.objects.defer("data").first()


def _trained_since(last: int, at: datetime) -> SuggestionModel:
    """A newer model than the `last`, for a ticket that needs one now: whoever learns already is waited for.

    Raises NotEnoughIssues.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [TURN])
    newest = _newest()
    return newest if newest is not None and newest.pk > last else _train(at)


def _train(at: datetime) -> SuggestionModel:
    issues = _taxonomy(at)
    texts, labels = _coded()
    model = suggestion.train(texts, labels, issues)
    accuracy = _accuracy(texts, labels, issues)
    row = SuggestionModel.objects.create(
        data=suggestion.dump(model),
        trained_at=at,
        release=TaxonomyRelease.objects.first(),
        method=model.method,
        trained_on=model.trained_on,
        accuracy=accuracy,
    )
    kept = SuggestionModel.objects.values_list("pk", flat=True)[:KEEP_MODELS]
    SuggestionModel.objects.exclude(pk__in=list(kept)).delete()
    return row


@lru_cache(maxsize=2)
def _model(pk: int) -> Model:
    """Kept in the process under the id of its row, which never changes what it holds."""
    return suggestion.load(bytes(SuggestionModel.objects.only("data").get(pk=pk).data))


def _text(ticket: Ticket) -> str:
    first = ticket.messages.filter(direction=Direction.IN).values_list("body", flat=True).first() or ""
    return _joined(ticket.subject, first)


def _joined(subject: str, body: str) -> str:
    """The subject is often the first words of the body: once is enough."""
    start = subject.removesuffix(" ...")
    return body[:TEXT_CHARS] if body.strip().startswith(start) else f"{subject}\n{body}"[:TEXT_CHARS]


def _taxonomy(at: datetime) -> list[IssueWords]:
    leaves = Issue.objects.valid(at.date()).leaves().filter(kind=IssueKind.REASON).order_by("path")
    return [IssueWords(one.code, one.label, one.definition, tuple(one.examples)) for one in leaves]


def _coded() -> tuple[list[str], list[str]]:
    """The texts and codes that people gave, newest first."""
    first = Message.objects.filter(ticket=OuterRef("ticket"), direction=Direction.IN).order_by("at", "id")
    rows = (
        TicketIssue.objects.filter(is_primary=True, source=CodingSource.PERSON)
        .order_by("-at", "-ticket_id")
        .annotate(said=Subquery(first.values("body")[:1]))
        .values_list("ticket__subject", "said", "issue__code")[:LEARN_FROM]
    )
    known = [(_joined(subject, said or ""), code) for subject, said, code in rows]
    return [text for text, _ in known], [code for _, code in known]


def _accuracy(texts: list[str], labels: list[str], issues: list[IssueWords]) -> float | None:
    if len(texts) < ENOUGH_TO_TEST:
        return None
    newest = min(TEST_WITH, len(texts) // 5)
    model = suggestion.train(texts[newest:], labels[newest:], issues)
    said = model.predict(texts[:newest], top=1)
    right = sum(bool(one) and one[0].code == label for one, label in zip(said, labels[:newest], strict=True))
    return round(right / newest, 4)
