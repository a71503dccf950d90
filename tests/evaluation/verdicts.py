"""A verdict on a case, as if its frozen plan had run out."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from apps.analysis.models import Case, CaseState, EffectivenessPlan, Verdict
from helpdesk.models import Department, User
from tests.factories import NOW


def judge(case: Case, verdict: str, *, at: datetime, by: User, saved: str = "1000", look: int = 1) -> Verdict:
    plan = EffectivenessPlan.objects.create(
        case=case, look=look, metric="tickets", denominator="contacts", baseline_start=date(2025, 4, 1),
        baseline_end=date(2025, 9, 30), detection_start=case.detection_start, detection_end=case.detection_end,
        lag_days=7, window_days=56, expected_cut=0.5, test="rate ratio", alpha=0.05, decision_on=at.date(),
        second_source="survey", weekly=9, dispersion=1.5, power=0.9, feasibility="", digest="x", frozen_at=at,
        frozen_by=by,
    )  # fmt: skip
    return Verdict.objects.create(
        case=case, plan=plan, verdict=verdict, reason="counted", window_start=date(2026, 2, 1),
        window_end=date(2026, 3, 28), observed=40, expected=80, ratio=0.57, low=0.45, high=0.7, p=0.001,
        dispersion=1.5, power=0.9, saved_likely=Decimal(saved), decided_at=at, decided_by=by,
    )  # fmt: skip


def open_judged(verdict: str = "effective", *, department: Department, by: User, saved: str = "1000") -> Case:
    """A case of this department whose fix was measured, with its verdict."""
    at = NOW - timedelta(days=3)
    case = Case.open(
        title="Charged twice", owner_department=department, detection_start=date(2025, 10, 1),
        detection_end=date(2025, 10, 28), by=by, at=at,
    )  # fmt: skip
    case.move(CaseState.ASSESS, due_on=None, by=by, at=at)
    case.move(CaseState.MONITORING, due_on=None, by=by, at=at)
    judge(case, verdict, at=at, saved=saved, by=by)
    return case
