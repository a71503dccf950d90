"""Writes that need more than the kernel knows: split tickets by suggestion, files and packs into the draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.evaluation.taxonomy.files import Line, Refused, wanted
from apps.intake import suggestion
from apps.intake.services.learn import current_model
from apps.intake.suggestion import NotEnoughIssues
from apps.intake.words import joined
from helpdesk.errors import Invalid
from helpdesk.models import (
    ChangeSet,
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
from helpdesk.rows import held
from helpdesk.services import draft_changes, refused_changes
from helpdesk.services.taxonomy_drafts import changes_in
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
    held(issue)
    release, parts = _split_of(issue)
    if issue.valid_to is None or not parts:
        raise Invalid(_("“%(issue)s” is not split.") % {"issue": issue}, pointer="code")
    if Recoding.objects.at_work().filter(source=issue).exists():
        raise Invalid(
            _("Tickets of “%(issue)s” are being recoded already.") % {"issue": issue}, pointer="code"
        )
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
        raise Invalid(_("“%(issue)s” is not split.") % {"issue": issue}, pointer="code")
    parts = next(
        data["parts"] for data in release.changes if data["change"] == "split" and data["code"] == issue.code
    )
    return release, tuple(parts)


@dataclass(frozen=True)
class Imported:
    """What became of a file or a pack: changes in the draft, rows that say what is there already, rows refused."""

    drafted: int
    unchanged: int
    refused: tuple[Refused, ...]


@transaction.atomic
def draft_lines(*, lines: Sequence[Line], by: User, at: datetime) -> Imported:
    """Put what a file or a pack asks for into the draft, but for the rows that can't be; nothing is published."""
    require(by, "taxonomy.publish")
    asked = wanted(lines)
    drafted = ChangeSet.objects.draft()
    before = changes_in(drafted) if drafted else []
    changes = [change for _line, change in asked.changes]
    errors = {
        place - len(before): error.detail
        for place, error in refused_changes(changes=[*before, *changes], by=by, at=at).items()
    }
    refused = [Refused(asked.changes[place][0], reason) for place, reason in errors.items() if place >= 0]
    good = [change for place, change in enumerate(changes) if place not in errors]
    if good:
        draft_changes(changes=good, by=by, at=at)
    told = sorted([*asked.refused, *refused], key=lambda one: one.line)
    return Imported(len(good), asked.unchanged, tuple(told))
