import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db import transaction

from apps.analysis.baseline import block_dispersion, design, fit
from apps.analysis.deadlines import today, yesterday
from apps.analysis.models import ActionKind, Case, CaseState, EffectivenessPlan, Strength
from apps.analysis.proof import Feasibility, feasibility, power_of, smallest_provable_cut
from apps.analysis.proof.plan import sentence as feasibility_sentence
from apps.analysis.queries.metric import Metric, read_metric
from apps.analysis.services.access import locked_for_work, must_be_in, must_be_said
from apps.analysis.services.count_days import count_days
from helpdesk import events
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import User

BASELINE_DAYS = 26 * 7
LEAST_BASELINE_DAYS = 28
LAG_DAYS = 7
WINDOWS = (28, 56, 84)
ALPHA = 0.05
TEST = "Quasi-Poisson rate ratio, one-sided, negative binomial tail; placebo variance; neighbours beside"


class NoBaseline(DomainError):
    """There are too few days of tickets before the problem was noticed to compare with."""

    code = "no-baseline"


class NoWork(DomainError):
    """Nothing to prove yet: at least one action needs a person and a day."""

    code = "no-work"


class WeakOnly(DomainError):
    """Training and reminders alone seldom last. Add a stronger action, or write down why this is enough."""

    code = "weak-only"


@dataclass(frozen=True)
class Prospect:
    """What can be proven, told before the work starts."""

    baseline_start: date
    baseline_end: date
    weekly: float
    dispersion: float
    denominator: str
    rows: tuple[Feasibility, ...]
    sentence: str
    neighbours: tuple[int, ...]

    def power(self, cut: float, window_days: int) -> float:
        before = self.weekly / 7 * ((self.baseline_end - self.baseline_start).days + 1)
        return power_of(cut, before=before, due=self.weekly / 7 * window_days, dispersion=self.dispersion)

    def smallest(self, window_days: int) -> float | None:
        before = self.weekly / 7 * ((self.baseline_end - self.baseline_start).days + 1)
        return smallest_provable_cut(
            before=before, due=self.weekly / 7 * window_days, dispersion=self.dispersion
        )


def prospect_of(*, case: Case, at: datetime) -> Prospect:
    """How much of a cut could be seen, and when. Reads only. Raises NoBaseline."""
    return prospect_from(read_metric(case, baseline_of(case), yesterday(at)), case)


def prospect_from(metric: Metric, case: Case) -> Prospect:
    """The same from a metric that was read from the beginning of the baseline on. Raises NoBaseline."""
    end = case.detection_start - timedelta(days=1)
    days = metric.index(end) + 1
    if case.issue_id is None or days < LEAST_BASELINE_DAYS:
        raise NoBaseline
    weekly = float(metric.tickets[:days].mean() * 7)
    if weekly <= 0:
        raise NoBaseline(
            "There were no such tickets before the problem was noticed: a fall below none can't be shown."
        )
    dispersion = _dispersion(metric, days)
    rows = feasibility(weekly, dispersion=dispersion)
    return Prospect(
        metric.first, end, weekly, dispersion, metric.denominator, rows,
        feasibility_sentence(round(weekly, 1), rows), metric.neighbour_issues,
    )  # fmt: skip


def baseline_of(case: Case) -> date:
    """The first day of the half year before the problem was noticed."""
    return case.detection_start - timedelta(days=BASELINE_DAYS)


@transaction.atomic
def freeze_plan(*, case: Case, expected_cut: float, window_days: int = 56, second_source: str, override: str = "",
                by: User, at: datetime) -> EffectivenessPlan:  # fmt: skip
    """Write down what will count as proof, and let the work begin; nobody can change it from here on.

    Raises WrongState, NoWork, WeakOnly, NoBaseline, Invalid.
    """
    case = locked_for_work(case, by)
    claimed = case.state == CaseState.ASSESS and case.fixed_on is not None
    if not claimed:
        must_be_in(case, CaseState.PLANNING, to="freezing a plan")
        _require_work_worth_proving(case, override)
    if not 0 < expected_cut < 1:
        raise Invalid("The expected reduction lies between 0 and 100 %.", pointer="expected_cut")
    if window_days not in WINDOWS:
        raise Invalid(f"Count for {', '.join(map(str, WINDOWS))} days after the fix.", pointer="window_days")
    second_source = must_be_said(second_source, "second_source", "A second source besides the count")
    count_days(first=baseline_of(case), last=yesterday(at), at=at)
    plan = _frozen(case, expected_cut, window_days, second_source, override, by=by, at=at)
    if claimed:
        assert case.fixed_on is not None  # noqa: S101 (see `claimed`)
        decision_on = max(case.fixed_on + timedelta(days=plan.lag_days + plan.window_days), today(at))
        case.move(CaseState.MONITORING, due_on=decision_on, monitoring_from=case.fixed_on, decision_on=decision_on,
                  by=by, at=at, note="fixed before we asked: now it is measured")  # fmt: skip
    else:
        case.move(CaseState.FIXING, due_on=_last_due(case), by=by, at=at)
    return plan


def frozen(plan: EffectivenessPlan, *, by: User, at: datetime) -> EffectivenessPlan:
    """Seal a plan: the digest shows that it is the one that was agreed."""
    plan.frozen_at, plan.frozen_by, plan.digest = at, by, digest(plan)
    plan.save(force_insert=True)
    data = {
        "plan": plan.pk,
        "cut": plan.expected_cut,
        "decision": plan.decision_on.isoformat(),
        "digest": plan.digest,
    }
    events.record("plan.frozen", about=plan.case.ref, by=by, at=at, data=data)
    return plan


def digest(plan: EffectivenessPlan) -> str:
    """SHA-256 over everything that decides the verdict."""
    names = (
        "case_id", "look", "metric", "denominator", "baseline_start", "baseline_end", "detection_start",
        "detection_end", "lag_days", "window_days", "expected_cut", "test", "alpha", "neighbours", "decision_on",
    )  # fmt: skip
    facts = {name: str(getattr(plan, name)) for name in names}
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _require_work_worth_proving(case: Case, override: str) -> None:
    actions = [action for action in case.actions.all() if not action.is_out]
    if not any(action.assignee_id and action.due_on for action in actions):
        raise NoWork
    fixes = [action for action in actions if action.kind != ActionKind.COMMUNICATION]
    if all(action.strength == Strength.WEAK for action in fixes) and not override.strip():
        raise WeakOnly


def _frozen(case: Case, cut: float, window_days: int, second_source: str, override: str, *, by: User,
            at: datetime) -> EffectivenessPlan:  # fmt: skip
    prospect = prospect_of(case=case, at=at)
    starts = case.fixed_on or _last_due(case) or today(at)
    plan = EffectivenessPlan(
        case=case, look=case.plans.count() + 1, metric=f"Tickets a day with {case.issue}",
        denominator=prospect.denominator, baseline_start=prospect.baseline_start,
        baseline_end=prospect.baseline_end, detection_start=case.detection_start, detection_end=case.detection_end,
        lag_days=LAG_DAYS, window_days=window_days, expected_cut=cut, test=TEST, alpha=ALPHA,
        neighbours=list(prospect.neighbours), decision_on=starts + timedelta(days=LAG_DAYS + window_days),
        release=case.release, second_source=second_source, weekly=prospect.weekly, dispersion=prospect.dispersion,
        power=prospect.power(cut, window_days), feasibility=prospect.sentence, override=override.strip(),
    )  # fmt: skip
    return frozen(plan, by=by, at=at)


def _last_due(case: Case) -> date | None:
    return max((a.due_on for a in case.actions.all() if a.due_on and not a.is_out), default=None)


def _dispersion(metric: Metric, days: int) -> float:
    """How much more than chance the baseline's own weeks differ."""
    model = design(metric.calendar.between(0, days), harmonics=0, trend=False)
    history = metric.tickets[None, :days]
    offset = None if metric.offset is None else metric.offset[None, :days]
    fitted = fit(history, model.columns, model.penalty, offset=offset)
    return float(np.max(block_dispersion(fitted, history, (7, 28))))
