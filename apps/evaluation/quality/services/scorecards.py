"""The form by which answers are reviewed: drafted, published, replaced."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from itertools import count

from django.db import connection, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.evaluation.models import About, Criterion, Scale, Scorecard, ScorecardState
from apps.evaluation.quality import preset
from apps.evaluation.quality.preset import Question
from helpdesk.errors import DomainError, Invalid, NotAllowed
from helpdesk.models import Department, User
from helpdesk.permissions import may, require
from helpdesk.rows import held

MOST_CRITERIA = 40


class ScorecardPublished(DomainError):
    """This version is published and stays as it is. Draft a new version."""

    code = "scorecard-published"


@transaction.atomic
def lay_out_scorecard(*, by: User, at: datetime) -> None:
    """Give a new helpdesk a form for all departments; none if there is one."""
    require(by, "evaluation.manage")
    if Scorecard.objects.exists():
        return
    draft = draft_scorecard(department=None, by=by, at=at)
    publish_scorecard(scorecard=draft, by=by, at=at)


@transaction.atomic
def draft_scorecard(*, department: Department | None, by: User, at: datetime) -> Scorecard:
    """The draft of the next version: the one there is, or a copy of what is in use. Raises NotAllowed for another
    department's."""
    _require_editor(by, department.pk if department else None)
    with connection.cursor() as cursor:  # two who begin at once share a draft
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('draft scorecard'))")
    rows = Scorecard.objects.filter(department=department)
    if draft := rows.filter(state=ScorecardState.DRAFT).first():
        return draft
    key = department.pk if department else None
    used = Scorecard.objects.in_use(key).prefetch_related("criteria").first()
    last = rows.aggregate(last=Max("version"))["last"]
    draft = Scorecard.objects.create(
        department=department, version=(last or 0) + 1, name=used.name if used else preset.name(), drafted_by=by,
        drafted_at=at, **({"pass_mark": used.pass_mark} if used else {}),
    )  # fmt: skip
    _write(draft, [as_question(one) for one in used.criteria.all()] if used else preset.questions())
    return draft


@transaction.atomic
def describe_scorecard(*, scorecard: Scorecard, name: str, pass_mark: float, by: User) -> Scorecard:
    """Name a draft, and say from which share of the points an answer is good enough. Raises ScorecardPublished,
    Invalid."""
    draft = _locked_draft(scorecard, by)
    if not name.strip():
        raise Invalid(_("A scorecard needs a name."), pointer="name")
    if not 0 < pass_mark <= 1:
        raise Invalid(_("A pass mark is a share above 0 % and at most 100 %."), pointer="pass_mark")
    draft.name, draft.pass_mark = name.strip(), pass_mark
    draft.save(update_fields=["name", "pass_mark"])
    return draft


@transaction.atomic
def edit_scorecard(
    *, scorecard: Scorecard, name: str | None = None, pass_mark: float | None = None,
    questions: Sequence[Question] | None = None, by: User,
) -> Scorecard:  # fmt: skip
    """Change what is given of a draft: all of it, or nothing. Raises ScorecardPublished, Invalid."""
    draft = _locked_draft(scorecard, by)
    if name is not None or pass_mark is not None:
        named = draft.name if name is None else name
        mark = draft.pass_mark if pass_mark is None else pass_mark
        draft = describe_scorecard(scorecard=draft, name=named, pass_mark=mark, by=by)
    if questions is not None:
        draft = write_criteria(scorecard=draft, questions=questions, by=by)
    return draft


@transaction.atomic
def draft_with(
    *, department: Department | None, name: str | None = None, pass_mark: float | None = None,
    questions: Sequence[Question] | None = None, by: User, at: datetime,
) -> Scorecard:  # fmt: skip
    """The draft of the next version with what is given changed; where that is refused none is begun. Raises NotAllowed,
    Invalid."""
    draft = draft_scorecard(department=department, by=by, at=at)
    return edit_scorecard(scorecard=draft, name=name, pass_mark=pass_mark, questions=questions, by=by)


@transaction.atomic
def set_criterion(
    *, scorecard: Scorecard, question: Question, criterion: Criterion | None = None, by: User
) -> Criterion:
    """Add a question to a draft, or say one anew; it keeps its code, which is made from the question where there is
    none. Raises ScorecardPublished, Invalid."""
    draft = _locked_draft(scorecard, by)
    others = draft.criteria.exclude(pk=criterion.pk) if criterion else draft.criteria.all()
    if criterion is None and others.count() >= MOST_CRITERIA:
        raise Invalid(
            _("At most %(most_criteria)s questions: nobody answers more with care.")
            % {"most_criteria": MOST_CRITERIA}
        )
    taken = set(others.values_list("code", flat=True))
    code = criterion.code if criterion else question.code or _free_code(question.question, taken)
    question = replace(question, code=code)
    _check(question, taken)
    if criterion is None:
        place = (others.aggregate(last=Max("place"))["last"] or 0) + 1
        return Criterion.objects.create(scorecard=draft, place=place, **asdict(question))
    for name, value in asdict(question).items():
        setattr(criterion, name, value)
    criterion.save()
    return criterion


@transaction.atomic
def write_criteria(*, scorecard: Scorecard, questions: Sequence[Question], by: User) -> Scorecard:
    """Give a draft these questions in this order, and no others. Raises ScorecardPublished, Invalid."""
    draft = _locked_draft(scorecard, by)
    if len(questions) > MOST_CRITERIA:
        raise Invalid(
            _("At most %(most_criteria)s questions: nobody answers more with care.")
            % {"most_criteria": MOST_CRITERIA},
            pointer="criteria",
        )
    taken: set[str] = set()
    for question in questions:
        _check(question, taken)
        taken.add(question.code)
    draft.criteria.all().delete()
    _write(draft, questions)
    return draft


@transaction.atomic
def move_criterion(*, criterion: Criterion, up: bool, by: User) -> None:
    """One place up or down; at the end nothing happens. Raises ScorecardPublished."""
    draft = _locked_draft(criterion.scorecard, by)
    rows = list(draft.criteria.all())
    place = next(i for i, row in enumerate(rows) if row.pk == criterion.pk)
    other = place + (-1 if up else 1)
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    for number, row in enumerate(rows, 1):
        row.place = number
    Criterion.objects.bulk_update(rows, ["place"])


@transaction.atomic
def remove_criterion(*, criterion: Criterion, by: User) -> None:
    """It is asked no more. Raises ScorecardPublished."""
    _locked_draft(criterion.scorecard, by)
    criterion.delete()


@transaction.atomic
def publish_scorecard(*, scorecard: Scorecard, by: User, at: datetime) -> Scorecard:
    """From now on answers are reviewed by it; what was reviewed by the version before stays so.

    Raises ScorecardPublished, Invalid for a form that asks nothing of the agent or nothing of the system.
    """
    draft = _locked_draft(scorecard, by)
    about = set(draft.criteria.values_list("about", flat=True))
    if About.AGENT not in about:
        raise Invalid(_("It asks nothing about the agent. Add a question."))
    if not about - {About.AGENT}:
        raise Invalid(
            _(
                "It asks nothing about the system. Most dissatisfaction is not made by who answers: add "
                "a question about guidance, authority, promises, product or process."
            )
        )
    draft.publish(by=by, at=at)
    return draft


@transaction.atomic
def discard_scorecard(*, scorecard: Scorecard, by: User) -> None:
    """The draft is gone; what is in use stays in use. Raises ScorecardPublished."""
    _locked_draft(scorecard, by).delete()


def as_question(criterion: Criterion) -> Question:
    return Question(
        criterion.group, criterion.code, criterion.question, criterion.looks_like, criterion.scale, criterion.weight,
        criterion.is_critical, criterion.about,
    )  # fmt: skip


def _write(draft: Scorecard, questions: Sequence[Question]) -> None:
    rows = [Criterion(scorecard=draft, place=n, **asdict(one)) for n, one in enumerate(questions, 1)]
    Criterion.objects.bulk_create(rows)


def _check(question: Question, taken: set[str]) -> None:
    if not question.question.strip():
        raise Invalid(_("Say what is asked."), pointer="question")
    if not question.group.strip():
        raise Invalid(_("Say in which group it stands."), pointer="group")
    if question.code in taken:
        raise Invalid(_("There is a question “%(code)s” already.") % {"code": question.code}, pointer="code")
    if question.scale not in Scale.values or question.about not in About.values:
        raise Invalid(_("This scale, or what it is about, is not known."), pointer="scale")
    if not 1 <= question.weight <= 10:
        raise Invalid(_("A question weighs from 1 to 10."), pointer="weight")
    if question.is_critical and question.about != About.AGENT:
        raise Invalid(
            _("Only what the agent does can fail a review: nobody is failed for the system."),
            pointer="is_critical",
        )


def _free_code(text: str, taken: set[str]) -> str:
    stem = slugify(text)[:36].strip("-") or "question"
    numbered = (f"{stem}-{number}" for number in count(2))
    return stem if stem not in taken else next(code for code in numbered if code not in taken)


def _locked_draft(scorecard: Scorecard, by: User) -> Scorecard:
    _require_editor(by, scorecard.department_id)
    row = held(scorecard)
    if not row.is_draft:
        raise ScorecardPublished
    return row


def _require_editor(by: User, department: int | None) -> None:
    """Leads make the form of their own department, administrators all."""
    require(by, "evaluation.manage")
    if may(by, "helpdesk.configure"):
        return
    if department is None or department != by.department_id:
        raise NotAllowed(_("You edit the form of your own department. Ask an administrator for the others."))
