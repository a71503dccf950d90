"""All that the page of a case shows, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from apps.analysis.deadlines import today
from apps.analysis.models import (
    Action,
    CalendarEntry,
    Case,
    CaseNotice,
    CausePath,
    EffectivenessPlan,
    Signal,
    Strength,
    Verdict,
)
from apps.analysis.provenance import Provenance
from apps.analysis.queries.case_figures import CaseFigures, Weeks, case_figures
from apps.analysis.queries.editions import seams_of
from apps.analysis.queries.fishbone import fishbone
from apps.analysis.queries.history import Entry, history_of
from apps.analysis.queries.hypotheses import entries_for
from apps.analysis.queries.links import tickets_of
from apps.analysis.queries.origins import of_money, of_plan, of_signal, of_verdict
from apps.analysis.queries.trend import week_of
from apps.analysis.queries.verbatims import Quote, quotes_of_case
from apps.analysis.queries.voices import Heard, heard_of
from apps.analysis.queries.whys import CauseNode, why_trees
from helpdesk.charts import Caption, Chart, ControlPoint, Mark, draw_control_chart
from helpdesk.marked import inside
from helpdesk.sentences import in_english

RECENT_WEEKS = 12
MOST_EVENTS = 3


@dataclass(frozen=True)
class Given:
    """A verdict, and where its figures come from."""

    verdict: Verdict
    provenance: Provenance


@dataclass(frozen=True)
class Seen:
    """A signal, and where its figures come from."""

    signal: Signal
    provenance: Provenance


@dataclass(frozen=True)
class CasePage:
    """Everything on the page of a case."""

    case: Case
    counted: CaseFigures
    provenance: Provenance
    # Of the money at risk; None while there is none.
    money_from: Provenance | None
    due_in: int | None
    is_overdue: bool
    tickets_url: str
    chart: Chart | None
    quotes: list[Quote]
    occurrence: list[CauseNode]
    escape: list[CauseNode]
    fishbones: list[Chart]
    actions: list[Action]
    warnings: list[str]
    plans: list[EffectivenessPlan]
    verdicts: list[Given]
    # What customers who were asked say; None where nobody was.
    heard: Heard | None
    signals: list[Seen]
    # What all customers read where they ask for help.
    notice: CaseNotice | None
    history: list[Entry]

    @property
    def charts(self) -> dict[str, Chart]:
        """By name, as their files are called."""
        found = {f"causes-{n}": chart for n, chart in enumerate(self.fishbones, start=1)}
        return found | ({"weeks": self.chart} if self.chart else {})

    @property
    def old_proof(self) -> Given | None:
        """Of a case that came back: the proof that no longer holds."""
        if not self.case.regressions:
            return None
        return next((given for given in reversed(self.verdicts) if given.verdict.is_proven), None)

    @property
    def heard_is_told(self) -> bool:
        """Whether the last verdict says the same of its customers."""
        last = self.verdicts[-1].verdict.remarks if self.verdicts else []
        return self.heard is not None and in_english(self.heard.voices.sentence) in map(in_english, last)

    @property
    def plan(self) -> EffectivenessPlan | None:
        return self.plans[-1] if self.plans else None

    @property
    def plan_from(self) -> Provenance | None:
        return of_plan(self.plan) if self.plan else None


def case_page(case: Case, *, at: datetime) -> CasePage:
    now = today(at)
    actions = list(
        case.actions.select_related(
            "assignee", "cause", "confirmed_by", "tracker_item__tracker"
        ).prefetch_related("due_changes", "tracker_item__errands")
    )
    causes = list(
        case.causes.select_related("judged_by").prefetch_related(
            "predictions__trials__release", "predictions__entry"
        )
    )
    occurrence, escape = why_trees(causes)
    drawn = (fishbone(case, CausePath.OCCURRENCE, occurrence), fishbone(case, CausePath.ESCAPE, escape))
    verdicts = list(case.verdicts.select_related("plan", "release"))
    plans = list(case.plans.select_related("frozen_by", "release"))
    counted = case_figures(case, verdicts=verdicts, at=at)
    return CasePage(
        case=case,
        counted=counted.figures,
        provenance=counted.provenance,
        money_from=of_money([case]).get(case.pk),
        due_in=(case.due_on - now).days if case.due_on else None,
        is_overdue=case.is_overdue(now),
        tickets_url=tickets_of(case, since=case.detection_start),
        chart=_chart(case, counted.figures.chart, actions, verdicts),
        quotes=quotes_of_case(case),
        occurrence=occurrence,
        escape=escape,
        fishbones=[chart for chart in drawn if chart is not None],
        actions=actions,
        warnings=warnings_of(case, actions),
        plans=plans,
        verdicts=[Given(verdict, of_verdict(verdict)) for verdict in verdicts],
        heard=heard_of(case, plans, verdicts, at=at),
        signals=[
            Seen(signal, of_signal(signal))
            for signal in case.signals.select_related("release").order_by("-last_seen_on", "-id")
        ],
        notice=_standing(case, verdicts),
        history=history_of(case.ref),
    )


def _standing(case: Case, verdicts: Sequence[Verdict]) -> CaseNotice | None:
    """As `CaseNotice.objects.standing()` finds it."""
    notice = case.said_notice
    if notice is None or any(one.is_proven and one.decided_at >= notice.said_at for one in verdicts):
        return None
    return notice


def warnings_of(case: Case, actions: Sequence[Action]) -> list[str]:
    """What a careful colleague would say before the plan is frozen."""
    going = [action for action in actions if not action.is_out]
    failed = [
        action for action in actions if action.state == "ineffective" and action.strength == Strength.WEAK
    ]
    said = []
    if failed and any(action.strength == Strength.WEAK and not action.is_in_place for action in going):
        times = "once" if len(failed) == 1 else _("%(failed)s times") % {"failed": len(failed)}
        said.append(
            _("Training or a reminder was tried for this %(times)s and proved ineffective.")
            % {"times": times}
        )
    if going and all(action.strength == Strength.WEAK for action in going) and not failed:
        said.append(_("All actions rest on people remembering. Stronger ones remove, force or automate."))
    return said


def _chart(
    case: Case, weeks: Weeks | None, actions: Sequence[Action], verdicts: Sequence[Verdict]
) -> Chart | None:
    """Tickets a week with the usual range of the baseline, when it was noticed, and what was done."""
    if weeks is None:
        return None
    points = [_point(n, weeks, case) for n in range(len(weeks.begins))]
    caption = Caption(
        _finding(case, verdicts, points),
        _("Tickets a week"),
        int(sum(weeks.tickets)),
        f"{date_format(weeks.begins[0], 'j M Y')} – {date_format(weeks.last, 'j M Y')}",
    )
    happened = entries_for(case, weeks.begins[0], weeks.last)
    marks = _marks(case, actions, happened, weeks.begins)
    marks += [
        Mark(week_of(seam.day, weeks.begins), seam.mark, "seam")
        for seam in seams_of(case.issue_id, first=weeks.begins[0], last=weeks.last)
    ]
    return draw_control_chart(caption, points, weeks.eras, marks=marks)


def _point(n: int, weeks: Weeks, case: Case) -> ControlPoint:
    era = next((era for era in weeks.eras if era.start <= n < era.end), None)
    begin, tickets, signal = weeks.begins[n], weeks.tickets[n], ""
    if era is not None:
        signal = "rise" if tickets > era.upper else "fall" if tickets < era.lower else ""
    url = tickets_of(case, since=begin, until=begin + timedelta(days=7))
    return ControlPoint(date_format(begin, "j M"), tickets, url, signal)


def _marks(
    case: Case, actions: Sequence[Action], happened: Sequence[CalendarEntry], begins: Sequence[date]
) -> list[Mark]:
    def index(day: date) -> int:
        return max(sum(begin <= day for begin in begins) - 1, 0)

    marks = [Mark(index(case.detection_start), _("noticed"), "detection")]
    days = sorted(
        {
            action.implemented_on
            for action in actions
            if action.implemented_on and action.implemented_on >= begins[0]
        }
    )
    marks += [
        Mark(index(day), _("fix in place, %(day)s") % {"day": date_format(day, "j M")}) for day in days[-2:]
    ]
    # Too many words hide the line: those that began nearest to when it was noticed.
    near = sorted(
        (entry for entry in happened if entry.day >= begins[0]),
        key=lambda entry: abs(entry.day - case.detection_start),
    )
    marks += [Mark(index(entry.day), _named(entry), "event") for entry in near[:MOST_EVENTS]]
    return marks


def _named(entry: CalendarEntry) -> str:
    return f"{Truncator(entry.words).chars(30)}, {date_format(entry.day, 'j M')}"


def _finding(case: Case, verdicts: Sequence[Verdict], points: Sequence[ControlPoint]) -> str:
    """A chart's title is what it shows."""
    if verdicts and verdicts[-1].is_proven:
        return _("%(title)s: %(cut)s fewer since the fix") % {
            "title": case.title,
            "cut": f"{verdicts[-1].cut:.0%}",
        }
    if verdicts:
        return _("%(title)s: %(verdict)s after the fix") % {
            "title": case.title,
            "verdict": inside(verdicts[-1].get_verdict_display()),
        }
    above = sum(point.signal == "rise" for point in points[-RECENT_WEEKS:])
    if not above:
        return _("%(title)s: within its usual range of late") % {"title": case.title}
    return _("%(title)s: %(above)s of the last %(points)s weeks above the usual range") % {
        "title": case.title,
        "above": above,
        "points": min(RECENT_WEEKS, len(points)),
    }
