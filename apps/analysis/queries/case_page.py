"""All that the page of a case shows, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from apps.analysis.deadlines import today, yesterday
from apps.analysis.models import (
    Action,
    Case,
    CaseState,
    Cause,
    CausePath,
    EffectivenessPlan,
    Signal,
    Strength,
    Verdict,
)
from apps.analysis.queries.history import Entry, history_of
from apps.analysis.queries.links import tickets_of
from apps.analysis.queries.metric import Metric, read_metric
from apps.analysis.queries.prospect import NoBaseline, Prospect, baseline_of, prospect_from
from apps.analysis.queries.verbatims import Quote, quotes_of_case
from apps.analysis.series import Floats
from helpdesk.charts import Caption, Chart, ControlPoint, Era, Mark, draw_control_chart
from helpdesk.models import Ticket

WEEKS = 40
LEAST_WEEKS = 4
RECENT_WEEKS = 12


@dataclass(frozen=True)
class CauseNode:
    """A cause in the tree of whys, and how deep it stands."""

    cause: Cause
    depth: int


@dataclass(frozen=True)
class CasePage:
    """Everything on the page of a case."""

    case: Case
    customers: int
    tickets: int
    weeks: int
    due_in: int | None
    is_overdue: bool
    tickets_url: str
    chart: Chart | None
    quotes: list[Quote]
    occurrence: list[CauseNode]
    escape: list[CauseNode]
    actions: list[Action]
    warnings: list[str]
    prospect: Prospect | None
    plans: list[EffectivenessPlan]
    verdicts: list[Verdict]
    signals: list[Signal]
    history: list[Entry]

    @property
    def plan(self) -> EffectivenessPlan | None:
        return self.plans[-1] if self.plans else None


def case_page(case: Case, *, at: datetime) -> CasePage:
    now = today(at)
    evidence = case.evidence.filter(excluded_at=None)
    tickets = evidence.count()
    customers = Ticket.objects.filter(pk__in=evidence.values("ticket")).values("customer").distinct().count()
    actions = list(
        case.actions.select_related("assignee", "cause", "confirmed_by").prefetch_related("due_changes")
    )
    causes = list(case.causes.select_related("judged_by"))
    verdicts = list(case.verdicts.select_related("plan"))
    first = min(baseline_of(case), yesterday(at) - timedelta(days=7 * WEEKS - 1))
    metric = read_metric(case, first, yesterday(at)) if case.issue_id else None
    return CasePage(
        case=case,
        customers=customers,
        tickets=tickets,
        weeks=max(((now - case.detection_start).days + 6) // 7, 1),
        due_in=(case.due_on - now).days if case.due_on else None,
        is_overdue=case.is_overdue(now),
        tickets_url=tickets_of(case, since=case.detection_start),
        chart=_chart(case, metric, actions, verdicts),
        quotes=quotes_of_case(case),
        occurrence=tree(causes, CausePath.OCCURRENCE),
        escape=tree(causes, CausePath.ESCAPE),
        actions=actions,
        warnings=warnings_of(case, actions),
        prospect=_prospect(case, metric),
        plans=list(case.plans.select_related("frozen_by")),
        verdicts=verdicts,
        signals=list(case.signals.order_by("-last_seen_on", "-id")),
        history=history_of(case.ref),
    )


def tree(causes: Sequence[Cause], path: str) -> list[CauseNode]:
    """Depth first: each answer below the one it explains."""
    children: dict[int | None, list[Cause]] = {}
    for cause in causes:
        if cause.path == path:
            children.setdefault(cause.parent_id, []).append(cause)
    nodes: list[CauseNode] = []

    def walk(parent: int | None, depth: int) -> None:
        for cause in children.get(parent, []):
            nodes.append(CauseNode(cause, depth))
            walk(cause.pk, depth + 1)

    walk(None, 0)
    return nodes


def warnings_of(case: Case, actions: Sequence[Action]) -> list[str]:
    """What a careful colleague would say before the plan is frozen."""
    going = [action for action in actions if not action.is_out]
    failed = [
        action for action in actions if action.state == "ineffective" and action.strength == Strength.WEAK
    ]
    said = []
    if failed and any(action.strength == Strength.WEAK and not action.is_in_place for action in going):
        times = "once" if len(failed) == 1 else f"{len(failed)} times"
        said.append(f"Training or a reminder was tried for this {times} and proved ineffective.")
    if going and all(action.strength == Strength.WEAK for action in going) and not failed:
        said.append("All actions rest on people remembering. Stronger ones remove, force or automate.")
    return said


def _prospect(case: Case, metric: Metric | None) -> Prospect | None:
    """Shown before the work starts, while it can still change the promise."""
    early = case.state in (CaseState.INVESTIGATING, CaseState.PLANNING) or case.fixed_on is not None
    if metric is None or not early or not case.is_open:
        return None
    try:
        return prospect_from(metric.since(baseline_of(case)), case)
    except NoBaseline:
        return None


def _chart(
    case: Case, metric: Metric | None, actions: Sequence[Action], verdicts: Sequence[Verdict]
) -> Chart | None:
    """Tickets a week with the usual range of the baseline, when it was noticed, and what was done."""
    if metric is None:
        return None
    metric = metric.since(
        min(metric.last - timedelta(days=7 * WEEKS - 1), case.detection_start - timedelta(days=84))
    )
    weeks = len(metric.tickets) // 7
    if weeks < LEAST_WEEKS:
        return None
    skipped = len(metric.tickets) - 7 * weeks
    weekly = metric.tickets[skipped:].reshape(weeks, 7).sum(1)
    begins = [metric.first + timedelta(days=skipped + 7 * n) for n in range(weeks)]
    eras = _eras(case, weekly, begins, verdicts)
    points = [_point(n, weekly, begins, eras, case) for n in range(weeks)]
    caption = Caption(
        _finding(case, verdicts, points),
        "Tickets a week",
        int(weekly.sum()),
        f"{begins[0]:%-d %b %Y} – {metric.last:%-d %b %Y}",
    )
    return draw_control_chart(caption, points, eras, marks=_marks(case, actions, begins))


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


def _point(n: int, weekly: Floats, begins: Sequence[date], eras: Sequence[Era], case: Case) -> ControlPoint:
    era = next((era for era in eras if era.start <= n < era.end), None)
    signal = ""
    if era is not None:
        signal = "rise" if weekly[n] > era.upper else "fall" if weekly[n] < era.lower else ""
    url = tickets_of(case, since=begins[n], until=begins[n] + timedelta(days=7))
    return ControlPoint(f"{begins[n]:%-d %b}", float(weekly[n]), url, signal)


def _marks(case: Case, actions: Sequence[Action], begins: Sequence[date]) -> list[Mark]:
    def index(day: date) -> int:
        return max(sum(begin <= day for begin in begins) - 1, 0)

    marks = [Mark(index(case.detection_start), "noticed", "detection")]
    days = sorted(
        {
            action.implemented_on
            for action in actions
            if action.implemented_on and action.implemented_on >= begins[0]
        }
    )
    marks += [Mark(index(day), f"fix in place, {day:%-d %b}") for day in days[-2:]]
    return marks


def _finding(case: Case, verdicts: Sequence[Verdict], points: Sequence[ControlPoint]) -> str:
    """A chart's title is what it shows."""
    if verdicts and verdicts[-1].is_proven:
        return f"{case.title}: {verdicts[-1].cut:.0%} fewer since the fix"
    if verdicts:
        return f"{case.title}: {verdicts[-1].verdict} after the fix"
    above = sum(point.signal == "rise" for point in points[-RECENT_WEEKS:])
    if not above:
        return f"{case.title}: within its usual range of late"
    return f"{case.title}: {above} of the last {min(RECENT_WEEKS, len(points))} weeks above the usual range"
