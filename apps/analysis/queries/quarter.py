"""The family of a decision: what else was decided in its quarter, and what is still to come."""

from dataclasses import dataclass
from datetime import date, datetime

from apps.analysis.deadlines import midnight, today
from apps.analysis.models import Case, CaseState, EffectivenessPlan, Verdict
from apps.analysis.proof.ledger import quarter_of


@dataclass(frozen=True)
class Family:
    """P-values of the quarter's other cases, each one's newest, and the number still due in it."""

    decided: tuple[float, ...]
    still_due: int


def family_of(case: Case, at: datetime) -> Family:
    """Two queries."""
    first, stop = quarter_of(today(at))
    newest = (
        Verdict.objects.filter(decided_at__gte=midnight(first), decided_at__lt=midnight(stop))
        .exclude(case=case)
        .order_by("case_id", "-id")
        .distinct("case_id")
        .select_related("plan")
    )
    decided = {verdict.case_id: _p(verdict) for verdict in newest}
    return Family(tuple(decided.values()), _still_due(stop, {case.pk, *decided}))


def _still_due(stop: date, known: set[int]) -> int:
    """Cases with a frozen plan whose date lies in this quarter, or is overdue."""
    plans = EffectivenessPlan.objects.filter(
        verdict=None, case__state__in=[CaseState.FIXING, CaseState.MONITORING]
    ).exclude(case__in=known)
    rows = plans.values_list("case", "case__decision_on", "decision_on")
    return len({case for case, decision, planned in rows if (decision or planned) < stop})


def _p(verdict: Verdict) -> float:
    """Corrected for the looks; older verdicts do not say it, theirs was divided by the look."""
    return verdict.p_spent if verdict.p_spent is not None else min(1.0, verdict.p * verdict.plan.look)
