from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.analysis.deadlines import today, yesterday
from apps.analysis.models import ActionKind, Case, CaseState, EffectivenessPlan, LookDesign, Strength
from apps.analysis.proof import Design, digest_of, levels
from apps.analysis.queries.metric import Metric, read_metric
from apps.analysis.queries.prospect import (
    ALPHA,
    LAG_DAYS,
    LOOK_DAYS,
    WINDOWS,
    NoBaseline,
    Prospect,
    baseline_of,
    prospect_from,
    prospect_of,
)
from apps.analysis.services.access import locked_for_work, must_be_in, must_be_said
from apps.analysis.services.count_days import count_days
from apps.analysis.services.monitoring import begin_monitoring_when_ready
from apps.analysis.services.remind_assignees import follow_actions
from apps.analysis.services.seal_plan import counted_baseline, frozen, pack_baseline
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import User
from helpdesk.sentences import in_a_row, said

__all__ = [
    "WINDOWS",
    "HardToProve",
    "NoBaseline",
    "NoWork",
    "Prospect",
    "WeakOnly",
    "freeze_plan",
    "prospect_of",
]
TEST = "Quasi-Poisson rate ratio, one-sided, negative binomial tail; placebo variance; neighbours beside"


class NoWork(DomainError):
    """Nothing to prove yet: at least one action needs a person and a day."""

    code = "no-work"


class WeakOnly(DomainError):
    """Training and reminders alone seldom last. Add a stronger action, or write down why this is enough."""

    code = "weak-only"


class HardToProve(DomainError):
    """The promised cut would probably not be seen. Count longer, promise more, or say that you know."""

    code = "hard-to-prove"


@transaction.atomic
def freeze_plan(*, case: Case, expected_cut: float, window_days: int = 56, design: str = LookDesign.ONE_DATE,
                second_source: str, override: str = "", knowing: bool = True, by: User,
                at: datetime) -> EffectivenessPlan:  # fmt: skip
    """Write down what will count as proof, and let the work begin; nobody can change it from here on.

    `design` says when it is looked at; without `knowing`, a cut that would probably not be seen is not taken.
    Raises WrongState, NoWork, WeakOnly, NoBaseline, HardToProve, Invalid.
    """
    case = locked_for_work(case, by)
    claimed = case.state == CaseState.ASSESS and case.fixed_on is not None
    if not claimed:
        must_be_in(case, CaseState.PLANNING, to=_("freezing a plan"))
        _require_work_worth_proving(case, override)
    if not 0 < expected_cut < 1:
        raise Invalid(_("The expected reduction lies between 0 and 100 %."), pointer="expected_cut")
    if window_days not in WINDOWS:
        raise Invalid(
            _("Count for %(map)s days after the fix.") % {"map": ", ".join(map(str, WINDOWS))},
            pointer="window_days",
        )
    if design not in LookDesign.values:
        raise Invalid(
            _("Look at it in one of these ways: %(values)s.") % {"values": ", ".join(LookDesign.values)},
            pointer="design",
        )
    second_source = must_be_said(second_source, "second_source", _("A second source besides the count"))
    count_days(first=baseline_of(case), last=yesterday(at), at=at)
    metric = read_metric(case, baseline_of(case), yesterday(at))
    prospect = prospect_from(metric, case)
    warning = prospect.advice(expected_cut, window_days, design)
    if warning and not knowing:
        raise HardToProve(
            _("%(warning)s Count longer, promise more, or say that you know.") % {"warning": warning},
            pointer="knowing",
        )
    plan = _plan(case, expected_cut, window_days, design, prospect, metric, at=at)
    plan.second_source, plan.override = second_source, override.strip()
    plan.feasibility = in_a_row([prospect.outlook_sentence, warning])
    frozen(plan, by=by, at=at)
    if claimed:
        assert case.fixed_on is not None  # noqa: S101 (see `claimed`)
        decision_on = max(case.fixed_on + timedelta(days=plan.lag_days + plan.window_days), today(at))
        case.move(CaseState.MONITORING, due_on=decision_on, monitoring_from=case.fixed_on, decision_on=decision_on,
                  by=by, at=at, note=said("fixed before we asked: now it is measured"))  # fmt: skip
    else:
        case.move(CaseState.FIXING, due_on=None, by=by, at=at)
        follow_actions(case=case)
        # Where all was done and confirmed while it was planned, the count begins at once.
        begin_monitoring_when_ready(case=case, by=by, at=at)
    return plan


def _require_work_worth_proving(case: Case, override: str) -> None:
    actions = [action for action in case.actions.all() if not action.is_out]
    if not any(action.assignee_id and action.due_on for action in actions):
        raise NoWork
    fixes = [action for action in actions if action.kind != ActionKind.COMMUNICATION]
    if all(action.strength == Strength.WEAK for action in fixes) and not override.strip():
        raise WeakOnly


def _plan(case: Case, cut: float, window_days: int, plan_design: str, prospect: Prospect, metric: Metric, *,
          at: datetime) -> EffectivenessPlan:  # fmt: skip
    """The first look of a plan."""
    looks, first_window = 3, window_days
    if plan_design == LookDesign.LOOKS:
        looks, first_window = window_days // LOOK_DAYS, LOOK_DAYS
    starts = case.fixed_on or _last_due(case) or today(at)
    counted = counted_baseline(metric.since(prospect.baseline_start), prospect.days)
    return EffectivenessPlan(
        case=case, look=1, metric=said("Tickets a day with %(issue)s", issue=str(case.issue)),
        denominator=prospect.denominator, baseline_start=prospect.baseline_start,
        baseline_end=prospect.baseline_end, detection_start=case.detection_start, detection_end=case.detection_end,
        lag_days=LAG_DAYS, window_days=first_window, expected_cut=cut, test=TEST, alpha=ALPHA,
        design=plan_design, looks=looks, level=levels(Design(plan_design), looks=looks, alpha=ALPHA)[0],
        neighbours=list(prospect.neighbours), decision_on=starts + timedelta(days=LAG_DAYS + first_window),
        release=case.release, weekly=prospect.weekly, dispersion=prospect.dispersion,
        power=prospect.power(cut, window_days, plan_design),
        baseline=pack_baseline(counted), baseline_digest=digest_of(counted),
    )  # fmt: skip


def _last_due(case: Case) -> date | None:
    return max((a.due_on for a in case.actions.all() if a.due_on and not a.is_out), default=None)
