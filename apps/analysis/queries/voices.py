"""What the customers of a case say who were asked whether it is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from apps.analysis.deadlines import midnight
from apps.analysis.models import Case, CaseState, EffectivenessPlan, Verdict
from apps.analysis.proof import Voices


@dataclass(frozen=True)
class Heard:
    """What customers say since the latest fix; `doubted`: they contradict a proof that stands."""

    voices: Voices
    doubted: bool


def voices_since(case: Case, since: date, *, at: datetime) -> Voices | None:
    """Who was asked since that day, and what they said since then; None where nobody was. One query."""
    start = midnight(since)
    said = Q(said_at__gte=start, said_at__lte=at)
    counted = case.voices.filter(asked_at__gte=start, asked_at__lte=at).aggregate(
        asked=Count("pk"),
        gone=Count("pk", filter=said & Q(is_gone=True)),
        still=Count("pk", filter=said & Q(is_gone=False)),
    )
    return Voices(**counted) if counted["asked"] else None


def counted_from(case: Case, plan: EffectivenessPlan | None, verdict: Verdict | None) -> date | None:
    """The first day on which a fix must show; None while there is none to ask about."""
    if case.state == CaseState.MONITORING and case.monitoring_from and plan:
        return case.monitoring_from + timedelta(days=plan.lag_days)
    if case.state == CaseState.CLOSED and verdict is not None and verdict.is_proven:
        return verdict.window_start
    return None


def heard_of(
    case: Case, plans: Sequence[EffectivenessPlan], verdicts: Sequence[Verdict], *, at: datetime
) -> Heard | None:
    """As of now; None while there is no fix to ask about, or nobody was asked. One query at most."""
    verdict = verdicts[-1] if verdicts else None
    since = counted_from(case, plans[-1] if plans else None, verdict)
    voices = voices_since(case, since, at=at) if since else None
    if voices is None:
        return None
    doubted = verdict is not None and verdict.is_proven and voices.contradict(
        promised=verdict.plan.expected_cut, ratio=verdict.ratio
    )  # fmt: skip
    return Heard(voices, doubted)
