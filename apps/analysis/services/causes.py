from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.analysis.deadlines import due_in
from apps.analysis.models import Case, CaseState, Cause, CauseCategory, CausePath, CauseState, Finding, Trial
from apps.analysis.models.cause import TRANSITIONS
from apps.analysis.queries.whys import below
from apps.analysis.services.access import WrongState, locked_for_work, must_be_in, must_be_said
from helpdesk.errors import DomainError, Invalid
from helpdesk.marked import inside
from helpdesk.models import SuspectedCause, User
from helpdesk.rows import held
from helpdesk.sentences import Words, in_a_row


class CauseNotVerified(DomainError):
    """Planning begins when a cause is known: verify at least one with evidence, and ask why nobody caught it."""

    code = "cause-not-verified"


@transaction.atomic
def add_cause(*, case: Case, text: str, path: str = CausePath.OCCURRENCE, cause_class: str,
              category: str = "", parent: Cause | None = None, by: User, at: datetime) -> Cause:  # fmt: skip
    """Answer one "why?" of a case with a guess; evidence comes later. Raises WrongState, Invalid."""
    case = locked_for_work(case, by)
    must_be_in(case, CaseState.INVESTIGATING, CaseState.PLANNING, to=_("adding causes"))
    if cause_class not in SuspectedCause.values:
        raise Invalid(
            _("Choose a kind of cause: %(labels)s.") % {"labels": ", ".join(map(str, SuspectedCause.labels))},
            pointer="cause_class",
        )
    if parent is not None and parent.case_id != case.pk:
        raise Invalid(_("That cause belongs to another case."), pointer="parent")
    _require_kind(path, category)
    return Cause.add(
        case=case, text=must_be_said(text, "text", _("The cause")), path=parent.path if parent else path,
        cause_class=cause_class, category=category, parent=parent, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def move_cause(*, cause: Cause, parent: Cause | None = None, path: str = "", category: str = "", note: str = "",
               by: User, at: datetime) -> Cause:  # fmt: skip
    """Place a cause under another answer, or first of a question (its own without `path`), with all that explains it,
    and in another kind of causes (the usual one without `category`). Where it stands already nothing happens.

    Raises WrongState, Invalid for a parent that it explains itself, or of another case.
    """
    case = locked_for_work(cause.case, by)
    must_be_in(case, CaseState.INVESTIGATING, CaseState.PLANNING, to=_("moving causes"))
    # The case is held: nobody else moves a cause meanwhile, and no circle can close.
    every = {row.pk: row for row in case.causes.select_related("case", "parent").order_by("pk")}
    cause = every[cause.pk]
    _require_kind(path or cause.path, category)
    explaining = _explaining(every.values(), cause)
    if parent is not None and parent.pk not in every:
        raise Invalid(_("That cause belongs to another case."), pointer="parent")
    if parent is not None and parent.pk in {cause.pk, *(row.pk for row in explaining)}:
        raise Invalid(
            _("It would explain itself: choose a cause that does not stand below it."), pointer="parent"
        )
    parent = every[parent.pk] if parent else None
    path = parent.path if parent else path or cause.path
    if (parent, path, category) == (cause.parent, cause.path, cause.category):
        return cause
    cause.place(parent=parent, path=path, category=category, note=note.strip(), by=by, at=at)
    # What explains it answers the same question.
    Cause.objects.filter(pk__in=[row.pk for row in explaining]).update(path=path)
    return cause


def _explaining(causes: Iterable[Cause], cause: Cause) -> list[Cause]:
    """The answers below a cause, however deep."""
    children: dict[int | None, list[Cause]] = {}
    for row in causes:
        children.setdefault(row.parent_id, []).append(row)
    return below(children, cause)


def _require_kind(path: str, category: str) -> None:
    if category and category not in CauseCategory.values:
        raise Invalid(
            _("Choose where it lies: %(labels)s.") % {"labels": ", ".join(map(str, CauseCategory.labels))},
            pointer="category",
        )
    if path not in CausePath.values:
        raise Invalid(_("Choose which question it answers."), pointer="path")


@transaction.atomic
def judge_cause(*, cause: Cause, state: str, evidence: str = "", by: User, at: datetime) -> None:
    """Say what the evidence says of a cause; without words, what the tickets said of its predictions.

    Raises WrongState, Invalid for a verdict without evidence.
    """
    case = locked_for_work(cause.case, by)
    must_be_in(case, CaseState.INVESTIGATING, CaseState.PLANNING, to=_("judging causes"))
    cause = held(cause, "case")
    if state not in TRANSITIONS[cause.state]:
        raise WrongState(
            _("A cause that is %(state)s can't become %(state_2)s now.")
            % {"state": inside(cause.get_state_display()), "state_2": state}
        )
    if state in (CauseState.VERIFIED, CauseState.REFUTED):
        found = evidence.strip() or cause.evidence or _by_trials(cause, state)
        must_be_said(str(found), "evidence", _("The evidence"))
    else:
        found = evidence.strip()
    cause.judge(state, evidence=found, by=by, at=at)


def _by_trials(cause: Cause, state: str) -> Words:
    """What the tickets said last of each prediction, where they agree; against them somebody has to find words."""
    wanted = Finding.SUPPORTS if state == CauseState.VERIFIED else Finding.AGAINST
    last = (
        Trial.objects.filter(prediction__cause=cause)
        .order_by("prediction_id", "-id")
        .distinct("prediction_id")
    )
    return in_a_row(trial.sentence for trial in last if trial.finding == wanted)


@transaction.atomic
def begin_planning(*, case: Case, by: User, at: datetime) -> None:
    """The cause is known; now comes what to do about it.

    Raises WrongState, CauseNotVerified unless a cause is verified with evidence and both questions were asked.
    """
    case = locked_for_work(case, by)
    must_be_in(case, CaseState.INVESTIGATING, to=_("planning"))
    causes = list(case.causes.all())
    verified = [cause for cause in causes if cause.state == CauseState.VERIFIED and cause.evidence]
    asked = {cause.path for cause in causes}
    if not any(cause.path == CausePath.OCCURRENCE for cause in verified):
        raise CauseNotVerified(_("No cause is verified with evidence yet: why did it happen?"))
    if CausePath.ESCAPE not in asked:
        raise CauseNotVerified(_("The second question is not asked yet: why did nobody catch it?"))
    case.move(CaseState.PLANNING, due_on=due_in(CaseState.PLANNING, at), by=by, at=at)
