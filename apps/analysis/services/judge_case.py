from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.analysis.deadlines import due_in, today, working_days_after
from apps.analysis.models import (
    ActionState,
    Case,
    CaseState,
    EffectivenessPlan,
    Outcome,
    Verdict,
    VerdictKind,
)
from apps.analysis.models.plan import UNDECIDED
from apps.analysis.proof import Decision, Design, Record, decide, levels
from apps.analysis.queries.recheck import figures
from apps.analysis.queries.taxonomy import read_taxonomy
from apps.analysis.services.access import locked, must_be_in
from apps.analysis.services.gather_proof import gather_proof, window_of
from apps.analysis.services.seal_plan import frozen
from helpdesk import events
from helpdesk.each import each
from helpdesk.errors import DomainError
from helpdesk.models import User
from helpdesk.permissions import require
from helpdesk.sentences import said

TELL_WITHIN = 10  # working days to tell the customers, once it is proven


class TooEarly(DomainError):
    """The decision date was fixed before the work began, and is not reached yet."""

    code = "too-early"


@transaction.atomic
def judge_case(*, case: Case, by: User, at: datetime) -> Verdict:
    """Give the verdict the frozen plan asks for, on its decision date or after, and move the case accordingly.

    Proven: it stays until customers are told, then closes. Inconclusive or withheld: the count goes on for as long
    again, and the next look must be surer. Displaced: assess again, elsewhere. Otherwise: the cause was not it,
    investigate again.
    Raises WrongState, TooEarly, PlanTampered.
    """
    require(by, "analysis.verify", case)
    case = locked(case)
    must_be_in(case, CaseState.MONITORING, to=_("a verdict"))
    plan = case.plans.last()
    if plan is None or hasattr(plan, "verdict"):
        raise TooEarly(_("The verdict is given; what is left is to tell the customers and close the case."))
    if case.decision_on is None or today(at) < case.decision_on:
        raise TooEarly(
            _("The decision date is %(decision_on)s: it was fixed before the work began.")
            % {"decision_on": case.decision_on}
        )
    record = gather_proof(case=case, plan=plan, at=at)
    verdict = _write(case, plan, record, decide(record), by=by, at=at)
    _move(case, plan, verdict, by=by, at=at)
    return verdict


def due_cases(*, at: datetime) -> list[int]:
    """The cases whose decision date has come. Reads only."""
    return list(_due(at).order_by("pk").values_list("pk", flat=True))


def judge_due_cases(*, by: User, at: datetime, only: int | None = None) -> list[Verdict]:
    """Every case whose decision date has come, or one of them. Raises the faults at the end."""
    require(by, "analysis.verify")
    numbers = due_cases(at=at) if only is None else [only]
    given = each(numbers, lambda number: _judge_if_due(number, by=by, at=at))
    return [verdict for verdict in given if verdict is not None]


@transaction.atomic
def _judge_if_due(number: int, *, by: User, at: datetime) -> Verdict | None:
    """None when it has its verdict, or somebody else gave it while we waited for the case."""
    case = _due(at).select_for_update(of=("self",), no_key=True).filter(pk=number).first()
    if case is None or hasattr(case.plans.last(), "verdict"):
        return None
    return judge_case(case=case, by=by, at=at)


def _due(at: datetime) -> QuerySet[Case]:
    return Case.objects.filter(state=CaseState.MONITORING, decision_on__lte=today(at))


def _write(
    case: Case, plan: EffectivenessPlan, record: Record, decision: Decision, *, by: User, at: datetime
) -> Verdict:
    start, end = window_of(case, plan, at)
    verdict = Verdict.objects.create(
        case=case,
        plan=plan,
        window_start=start,
        window_end=end,
        **figures(decision, record),
        record=record.pack(),
        method=record.method,
        release_id=read_taxonomy().release,
        decided_at=at,
        decided_by=by,
    )
    data = {
        "verdict": verdict.verdict,
        "proven": verdict.is_proven,
        "id": verdict.pk,
        "cut": round(decision.judged.cut, 4),
    }
    events.record("case.judged", about=case.ref, by=by, at=at, data=data)
    if verdict.is_proven:
        entry = {"case": case.pk, "promised": plan.expected_cut, "proven": round(decision.judged.cut, 4)}
        events.record("ledger.entered", about=f"verdict:{verdict.pk}", by=by, at=at, data=entry)
    return verdict


def _move(case: Case, plan: EffectivenessPlan, verdict: Verdict, *, by: User, at: datetime) -> None:
    if verdict.is_proven:
        _end_actions(case, ActionState.EFFECTIVE, by=by, at=at)
        # What agents tell customers meanwhile is over with the cause; its words stay on the case.
        case.change(is_known_error=False, by=by, at=at)
        if case.is_told:
            case.close(Outcome(verdict.verdict), note=verdict.reason, by=by, at=at)
        else:
            case.change(
                due_on=working_days_after(at, TELL_WITHIN),
                by=by,
                at=at,
                note=said("proven: tell the customers"),
            )
        return
    if verdict.verdict in UNDECIDED and plan.look < plan.looks:
        _extend(case, plan, by=by, at=at)
        return
    ended = verdict.verdict in UNDECIDED
    _end_actions(case, ActionState.INCONCLUSIVE if ended else ActionState.INEFFECTIVE, by=by, at=at)
    back_to = CaseState.ASSESS if verdict.verdict == VerdictKind.DISPLACED else CaseState.INVESTIGATING
    case.move(
        back_to,
        due_on=due_in(back_to, at),
        monitoring_from=None,
        decision_on=None,
        by=by,
        at=at,
        note=verdict.reason,
    )


def _end_actions(case: Case, state: str, *, by: User, at: datetime) -> None:
    for action in case.actions.filter(state=ActionState.OBSERVING):
        action.move(state, by=by, at=at)


def _extend(case: Case, plan: EffectivenessPlan, *, by: User, at: datetime) -> None:
    """Count for as long again, from the same beginning and against the same baseline; the next look has what is left
    of the error."""
    look = plan.look + 1
    longer = plan.window_days // plan.look * look
    decision_on = max(
        (case.monitoring_from or today(at)) + timedelta(days=plan.lag_days + longer),
        today(at) + timedelta(days=1),
    )
    fields = {field.attname: getattr(plan, field.attname) for field in plan._meta.concrete_fields}
    level = levels(Design(plan.design), looks=plan.looks, alpha=plan.alpha)[look - 1]
    fields |= {"id": None, "look": look, "level": level, "window_days": longer, "decision_on": decision_on}
    frozen(EffectivenessPlan(**fields), by=by, at=at)
    case.change(
        decision_on=decision_on,
        due_on=decision_on,
        by=by,
        at=at,
        note=said("not sure yet: the count goes on"),
    )
