from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from apps.analysis.deadlines import due_in, today, working_days_after, yesterday
from apps.analysis.models import (
    ActionState,
    Case,
    CaseState,
    EffectivenessPlan,
    Outcome,
    Verdict,
    VerdictKind,
)
from apps.analysis.proof import Comparison, Finding, Judgement, Windows, compare, judge, placebo_variance
from apps.analysis.queries.metric import Metric, read_metric
from apps.analysis.queries.money import QUARTER_DAYS, money_model
from apps.analysis.relapse import ceiling
from apps.analysis.series import Floats
from apps.analysis.services.access import locked, must_be_in
from apps.analysis.services.count_days import count_days
from apps.analysis.services.freeze_plan import frozen
from helpdesk import events
from helpdesk.each import each
from helpdesk.errors import DomainError
from helpdesk.models import User
from helpdesk.permissions import require

TELL_WITHIN = 10  # working days to tell the customers, once it is proven
MOST_LOOKS = 3


class TooEarly(DomainError):
    """The decision date was fixed before the work began, and is not reached yet."""

    code = "too-early"


@dataclass(frozen=True)
class Evidence:
    """The comparisons a verdict rests on."""

    after: Finding
    during: Finding
    neighbours: Finding | None
    window: tuple[date, date]


@transaction.atomic
def judge_case(*, case: Case, by: User, at: datetime) -> Verdict:
    """Give the verdict the frozen plan asks for, on its decision date or after, and move the case accordingly.

    Proven: it stays until customers are told, then closes. Inconclusive: the count goes on for as long again, and the
    next look must be surer. Displaced: assess again, elsewhere. Otherwise: the cause was not it, investigate again.
    Raises WrongState, TooEarly.
    """
    require(by, "analysis.verify", case)
    case = locked(case)
    must_be_in(case, CaseState.MONITORING, to="a verdict")
    plan = case.plans.last()
    if plan is None or hasattr(plan, "verdict"):
        raise TooEarly("The verdict is given; what is left is to tell the customers and close the case.")
    if case.decision_on is None or today(at) < case.decision_on:
        raise TooEarly(f"The decision date is {case.decision_on}: it was fixed before the work began.")
    evidence = gather(case, plan, at=at)
    # Each further look may be wrong once more: its error is divided by the number of looks.
    judged = judge(
        evidence.after,
        promised=plan.expected_cut,
        during=evidence.during,
        neighbours=evidence.neighbours,
        q=min(1.0, evidence.after.p_fewer * plan.look),
    )
    verdict = _write(case, plan, evidence, judged, by=by, at=at)
    _move(case, plan, verdict, by=by, at=at)
    return verdict


def judge_due_cases(*, by: User, at: datetime) -> list[Verdict]:
    """Every case whose decision date has come: the nightly task, and the command. Raises the faults at the end."""
    require(by, "analysis.verify")
    numbers = _due(at).order_by("pk").values_list("pk", flat=True)
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


def gather(case: Case, plan: EffectivenessPlan, *, at: datetime) -> Evidence:
    """Observed against expected: after the fix, during the detection, and for the neighbours."""
    assert case.monitoring_from is not None  # noqa: S101 (monitoring has a beginning)
    start = case.monitoring_from + timedelta(days=plan.lag_days)
    end = min(start + timedelta(days=_counted_days(plan) - 1), yesterday(at))
    count_days(first=plan.baseline_start, last=end, at=at)
    metric = read_metric(
        case, plan.baseline_start, end, neighbours=tuple(plan.neighbours), denominator=plan.denominator
    )
    windows = Windows(0, metric.index(plan.baseline_end) + 1, metric.index(start), metric.index(end) + 1)
    wander = placebo_variance(metric.everything, metric.calendar, windows, offset=metric.offset)
    after = _compare(metric, metric.tickets, windows, wander).finding()
    detected = windows.during(
        max(metric.index(plan.detection_start), windows.baseline_end), metric.index(plan.detection_end) + 1
    )
    during = _compare(metric, metric.tickets, detected, wander).finding()
    beside = None
    if metric.neighbours.sum() > 0:
        beside = _compare(metric, metric.neighbours, windows, wander).finding()
    return Evidence(after, during, beside, (start, end))


def _compare(metric: Metric, counts: Floats, windows: Windows, wander: float) -> Comparison:
    """Against exposure where it is known, else beside all other contacts."""
    control = metric.others[None] if metric.offset is None and metric.others.sum() > 0 else None
    return compare(
        counts[None], metric.calendar, windows, offset=metric.offset, control=control, wander=wander
    )


def _counted_days(plan: EffectivenessPlan) -> int:
    return plan.window_days


def _write(
    case: Case, plan: EffectivenessPlan, evidence: Evidence, judged: Judgement, *, by: User, at: datetime
) -> Verdict:
    after, beside = evidence.after, evidence.neighbours
    days = (evidence.window[1] - evidence.window[0]).days + 1
    verdict = Verdict.objects.create(
        case=case,
        plan=plan,
        verdict=judged.verdict.value,
        reason=judged.reason,
        window_start=evidence.window[0],
        window_end=evidence.window[1],
        observed=after.observed,
        expected=after.expected,
        ratio=after.ratio,
        low=after.low,
        high=after.high,
        p=after.p_fewer,
        dispersion=after.dispersion,
        power=judged.power,
        neighbours_observed=beside.observed if beside else None,
        neighbours_expected=beside.expected if beside else None,
        ceiling=ceiling(after.expected / days * 7 * after.ratio, after.dispersion)
        if judged.verdict.is_proven
        else None,
        decided_at=at,
        decided_by=by,
        **_saved(case, after, days, proven=judged.verdict.is_proven),
    )
    data = {
        "verdict": verdict.verdict,
        "proven": verdict.is_proven,
        "id": verdict.pk,
        "cut": round(judged.cut, 4),
    }
    events.record("case.judged", about=case.ref, by=by, at=at, data=data)
    return verdict


def _saved(case: Case, after: Finding, days: int, *, proven: bool) -> dict[str, Decimal]:
    """A quarter's money no longer at risk, with the interval of the cut: the prevention ledger."""
    unit = money_model().unit(case.issue_id)
    if not proven or unit is None:
        return {}
    quarter = after.expected / days * QUARTER_DAYS * unit
    cuts = {"saved_low": 1 - after.high, "saved_likely": 1 - after.ratio, "saved_high": 1 - after.low}
    return {name: Decimal(f"{quarter * cut:.2f}") for name, cut in cuts.items()}


def _move(case: Case, plan: EffectivenessPlan, verdict: Verdict, *, by: User, at: datetime) -> None:
    if verdict.is_proven:
        _end_actions(case, ActionState.EFFECTIVE, by=by, at=at)
        if case.is_told:
            case.close(Outcome(verdict.verdict), note=verdict.reason, by=by, at=at)
        else:
            case.change(
                due_on=working_days_after(at, TELL_WITHIN), by=by, at=at, note="proven: tell the customers"
            )
        return
    if verdict.verdict == VerdictKind.INCONCLUSIVE and plan.look < MOST_LOOKS:
        _extend(case, plan, by=by, at=at)
        return
    ended = verdict.verdict == VerdictKind.INCONCLUSIVE
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
    """Count for as long again, from the same beginning and against the same baseline."""
    longer = plan.window_days + plan.window_days // plan.look
    decision_on = max(
        (case.monitoring_from or today(at)) + timedelta(days=plan.lag_days + longer),
        today(at) + timedelta(days=1),
    )
    fields = {field.attname: getattr(plan, field.attname) for field in plan._meta.concrete_fields}
    fields |= {"id": None, "look": plan.look + 1, "window_days": longer, "decision_on": decision_on}
    frozen(EffectivenessPlan(**fields), by=by, at=at)
    case.change(
        decision_on=decision_on, due_on=decision_on, by=by, at=at, note="inconclusive: the count goes on"
    )
