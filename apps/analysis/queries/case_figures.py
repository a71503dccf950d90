"""The figures of one case that are counted when somebody looks: who is concerned, week by week, and what could be
proven. The same as of any moment, from the days as they are counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import Q

from apps.analysis.deadlines import today, yesterday
from apps.analysis.models import Case, CaseState, Verdict
from apps.analysis.provenance import Provenance
from apps.analysis.queries.changes import present_release
from apps.analysis.queries.metric import Metric, read_metric
from apps.analysis.queries.prospect import NoBaseline, Prospect, baseline_of, prospect_from
from apps.analysis.series import Floats
from helpdesk.charts import Era
from helpdesk.models import Ticket

WEEKS = 40
LEAST_WEEKS = 4


@dataclass(frozen=True)
class Weeks:
    """Tickets a week, the first day of each week, and the levels with their natural limits."""

    begins: tuple[date, ...]
    tickets: tuple[float, ...]
    eras: tuple[Era, ...]
    last: date


@dataclass(frozen=True)
class CaseFigures:
    """`weeks`: since it was noticed, begun ones counted."""

    customers: int
    tickets: int
    weeks: int
    chart: Weeks | None
    prospect: Prospect | None


@dataclass(frozen=True)
class CountedCase:
    """The figures with where they come from."""

    figures: CaseFigures
    provenance: Provenance


def case_figures(
    case: Case, *, verdicts: Sequence[Verdict], at: datetime, with_prospect: bool | None = None
) -> CountedCase:
    """Count a case as of `at`. `with_prospect`: whether what could be proven belongs to it; None: as its state says."""
    asked = shows_prospect(case) if with_prospect is None else with_prospect
    linked = case.evidence.filter(Q(excluded_at=None) | Q(excluded_at__gt=at), linked_at__lte=at)
    first = min(baseline_of(case), yesterday(at) - timedelta(days=7 * WEEKS - 1))
    metric = read_metric(case, first, yesterday(at)) if case.issue_id else None
    found = CaseFigures(
        customers=Ticket.objects.filter(pk__in=linked.values("ticket")).values("customer").distinct().count(),
        tickets=linked.count(),
        weeks=max(((today(at) - case.detection_start).days + 6) // 7, 1),
        chart=_weeks(case, metric, verdicts) if metric else None,
        prospect=_prospect(case, metric) if asked else None,
    )
    words = {"prospect": "yes"} if asked else {}
    where = Provenance.of(case.ref, words, release=present_release(), as_of=at, figures=found)
    return CountedCase(found, where)


def shows_prospect(case: Case) -> bool:
    """Shown before the work starts, while it can still change the promise."""
    early = case.state in (CaseState.INVESTIGATING, CaseState.PLANNING) or case.fixed_on is not None
    return early and case.is_open


def _prospect(case: Case, metric: Metric | None) -> Prospect | None:
    if metric is None:
        return None
    try:
        return prospect_from(metric.since(baseline_of(case)), case)
    except NoBaseline:
        return None


def _weeks(case: Case, metric: Metric, verdicts: Sequence[Verdict]) -> Weeks | None:
    """None while there are too few of them for a picture."""
    metric = metric.since(
        min(metric.last - timedelta(days=7 * WEEKS - 1), case.detection_start - timedelta(days=84))
    )
    weeks = len(metric.tickets) // 7
    if weeks < LEAST_WEEKS:
        return None
    skipped = len(metric.tickets) - 7 * weeks
    weekly = metric.tickets[skipped:].reshape(weeks, 7).sum(1)
    begins = tuple(metric.first + timedelta(days=skipped + 7 * n) for n in range(weeks))
    eras = tuple(_eras(case, weekly, begins, verdicts))
    return Weeks(begins, tuple(map(float, weekly)), eras, metric.last)


def _eras(case: Case, weekly: Floats, begins: Sequence[date], verdicts: Sequence[Verdict]) -> list[Era]:
    """The baseline's level, drawn on until a fix is proven; from there the new level has limits of its own."""
    before = sum(begin + timedelta(days=6) < case.detection_start for begin in begins)
    proven = next((verdict for verdict in reversed(verdicts) if verdict.is_proven), None)
    turn = len(begins)
    if proven is not None:
        turn = sum(begin < proven.window_start for begin in begins)
    eras = []
    if before >= 2:
        eras.append(era(0, turn, weekly[:before]))
    if turn < len(begins) - 1:
        eras.append(era(turn, len(begins), weekly[turn:]))
    return eras


def era(start: int, end: int, learnt: Floats) -> Era:
    """Limits of a Laney chart: three standard deviations, widened by how much more than chance the weeks differ."""
    mean = float(learnt.mean())
    dispersion = max(1.0, float(learnt.var(ddof=1)) / max(mean, 1e-9)) if len(learnt) > 1 else 1.0
    reach = 3 * float(np.sqrt(dispersion * mean))
    return Era(start, end, mean, max(mean - reach, 0.0), mean + reach)
