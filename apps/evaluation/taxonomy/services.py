"""Writes that need more than the kernel knows: tickets of a split issue by suggestion."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from apps.intake import suggestion
from apps.intake.services.learn import current_model
from apps.intake.suggestion import NotEnoughIssues
from apps.intake.words import joined
from helpdesk.errors import Invalid
from helpdesk.models import (
    Direction,
    Issue,
    Message,
    Recoding,
    RecodingKind,
    TaxonomyRelease,
    TicketIssue,
    User,
)
from helpdesk.permissions import require
from helpdesk.services.taxonomy_recoding import move_codes, rows_to_recode

# Less sure than this, and a ticket keeps its old code: a person may look at it.
SURE = 0.5
# Reading texts costs more than moving codes.
BATCH = 200
BATCHES_A_TASK = 10


@transaction.atomic
def recode_by_suggestion(*, issue: Issue, by: User, at: datetime) -> Recoding:
    """Let the model say which part each ticket of a split issue belongs to. Raises Invalid where it was not split."""
    require(by, "taxonomy.publish")
    Issue.objects.select_for_update(of=("self",), no_key=True).get(pk=issue.pk)
    release, parts = _split_of(issue)
    if issue.valid_to is None or not parts:
        raise Invalid(f"“{issue}” is not split.", pointer="code")
    if Recoding.objects.at_work().filter(source=issue).exists():
        raise Invalid(f"Tickets of “{issue}” are being recoded already.", pointer="code")
    return Recoding.plan(release=release, kind=RecodingKind.SUGGESTION, source=issue, by=by, at=at)


def suggest_waiting(*, at: datetime) -> int:
    """Work on what was asked for, up to 2,000 tickets; returns how many batches were done."""
    for done in range(BATCHES_A_TASK):
        if suggest_next_batch(at=at) is None:
            return done
    return BATCHES_A_TASK


@transaction.atomic
def suggest_next_batch(*, at: datetime, size: int = BATCH) -> Recoding | None:
    """One batch: a ticket goes to the part the model puts first, if it is sure; the others stay as they are."""
    recoding = (
        Recoding.objects.at_work()
        .filter(kind=RecodingKind.SUGGESTION)
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .first()
    )
    if recoding is None:
        return None
    rows = rows_to_recode(recoding, size=size)
    try:
        targets = _suggested(rows, recoding, at=at)
    except NotEnoughIssues:
        recoding.stop(at=at)
        return recoding
    move_codes(recoding=recoding, rows=rows, target_of=targets, at=at)
    return recoding


def _suggested(rows: Mapping[int, TicketIssue], recoding: Recoding, *, at: datetime) -> dict[int, int | None]:
    if not rows:
        return {}
    _row, model = current_model(at)
    _release, codes = _split_of(recoding.source)
    parts = dict(Issue.objects.filter(code__in=codes, valid_to=None).values_list("code", "pk"))
    texts = _texts(list(rows))
    found: dict[int, int | None] = {}
    for ticket, reading in zip(texts, suggestion.read(model, list(texts.values()), top=1), strict=True):
        for first in reading.whole.suggestions[:1]:
            if first.confidence >= SURE and first.code in parts:
                found[ticket] = parts[first.code]
    return found


def _texts(tickets: list[int]) -> dict[int, str]:
    """Subject and first message, as suggestions read them. One query."""
    first = Message.objects.filter(ticket__in=tickets, direction=Direction.IN).order_by("ticket", "at", "pk")
    rows = first.distinct("ticket").values_list("ticket", "ticket__subject", "body")
    return {ticket: joined(subject, body) for ticket, subject, body in rows}


def _split_of(issue: Issue) -> tuple[TaxonomyRelease, tuple[str, ...]]:
    """The release that split it last, and its parts."""
    asked = [{"change": "split", "code": issue.code}]
    release = (
        TaxonomyRelease.objects.filter(changes__contains=asked, undone_by=None).order_by("-number").first()
    )
    if release is None:
        raise Invalid(f"“{issue}” is not split.", pointer="code")
    parts = next(
        data["parts"] for data in release.changes if data["change"] == "split" and data["code"] == issue.code
    )
    return release, tuple(parts)
