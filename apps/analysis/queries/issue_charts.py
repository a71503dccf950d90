"""The charts of one issue: each title is its finding, each point opens the tickets that make it."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from apps.analysis.issue_figures import FixFigures, IssueFigures, WeekFigure
from apps.analysis.models import CalendarEntry, Case, Signal
from apps.analysis.proof.course import Point
from apps.analysis.queries.issue_figures import FOUR_WEEKS, FoundIssue
from apps.analysis.queries.links import queue_url
from apps.analysis.queries.trend import week_of
from helpdesk.charts import (
    BandPoint,
    Caption,
    Chart,
    ControlPoint,
    Line,
    LinePoint,
    Mark,
    SumPoint,
    Usual,
    draw_band,
    draw_control_chart,
    draw_cumulative,
    draw_lines,
)
from helpdesk.charts.chart import plain
from helpdesk.models import Issue
from helpdesk.templatetags.helpdesk import number, percentage

WIDE = 720
RECENT = 12
MOST_EVENTS, MOST_ACTIONS, MOST_SIGNALS = 3, 3, 3
SIGNALS = {1: "rise", -1: "fall", 0: ""}


def issue_charts(found: FoundIssue, issue: Issue, *, may_see: Collection[int]) -> dict[str, Chart]:
    """By name, as their files are called; two queries. Marks lead to the cases this person may see."""
    figures, links = found.figures, _Links(issue, found.read.is_present)
    charts: dict[str, Chart] = {}
    if len(figures.weeks) > 1 and found.read.contacts.total.any():
        charts["control"] = _control(found, links, _marks(found, issue, may_see))
    if figures.fix is not None and figures.fix.points:
        charts["since_fix"] = _since_fix(figures, figures.fix, links)
        charts["avoided"] = _avoided(figures, figures.fix, links)
    if figures.returns.contacts:
        charts["repeats"] = _repeats(figures, found.asked.within, links)
    return charts


class _Links:
    """Numbers of the present reading open their tickets; the queue knows no other edition."""

    def __init__(self, issue: Issue, is_present: bool) -> None:
        self.term = f"issue:{issue.path}" if is_present else ""

    def week(self, begin: date, days: int = 7) -> str:
        return queue_url(self.term, since=begin, until=begin + timedelta(days=days)) if self.term else ""


# --- the control chart


def _control(found: FoundIssue, links: _Links, marks: Sequence[Mark]) -> Chart:
    figures = found.figures
    begins = tuple(week.begin for week in figures.weeks)
    points = [_week(week, figures.unit, links) for week in figures.weeks]
    caption = Caption(
        _control_title(figures), _measure(figures.unit), figures.tickets, _period(begins[0], figures.last)
    )
    seams = [Mark(week_of(day, begins), mark, "seam") for day, mark, _words in figures.seams]
    turns = [
        Mark(
            week_of(turn.day, begins), _("new level, %(day)s") % {"day": date_format(turn.day, "j M")}, "seam"
        )
        for turn in figures.turns
        if begins[0] < turn.day and turn.why == "accepted"
    ]
    return draw_control_chart(
        caption, points, [], marks=[*marks, *seams, *turns], format_value=_digits, width=WIDE
    )


def _digits(value: float) -> str:
    """Rates of a few per thousand need two places."""
    return plain(value) if value >= 10 or value == round(value) else number(value, 2)


def _measure(unit: str) -> str:
    return _("%(unit)s a week") % {"unit": unit[:1].upper() + unit[1:]}


def _period(first: date, last: date) -> str:
    return f"{date_format(first, 'j M Y')} – {date_format(last, 'j M Y')}"


def _week(week: WeekFigure, unit: str, links: _Links) -> ControlPoint:
    return ControlPoint(
        date_format(week.begin, "j M"), week.value, links.week(week.begin), SIGNALS[week.signal],
        Usual(week.expected, week.lower, week.upper), "" if unit == "tickets" else _tickets(week.tickets),
    )  # fmt: skip


def _tickets(count: int) -> str:
    return _("%(n)s tickets") % {"n": plain(count)}


def _control_title(figures: IssueFigures) -> str:
    turn = figures.turns[-1].day if figures.turns else figures.first
    recent = [week for week in figures.weeks if week.begin >= turn][-RECENT:] or figures.weeks[-1:]
    above, below = (sum(week.signal == side for week in recent) for side in (1, -1))
    words = {"label": figures.label, "n": max(above, below), "weeks": len(recent)}
    if above > below:
        return _("%(label)s: %(n)s of the last %(weeks)s weeks above what is usual") % words
    if below:
        return _("%(label)s: %(n)s of the last %(weeks)s weeks below what is usual") % words
    proven = [
        turn.day for turn in figures.turns if turn.why == "proven" and turn.day > figures.weeks[0].begin
    ]
    if proven:
        words["day"] = date_format(proven[-1], "j M Y")
        return _("%(label)s keeps the level it reached with the fix of %(day)s") % words
    return _("%(label)s: within its usual range for %(weeks)s weeks") % words


def _marks(found: FoundIssue, issue: Issue, may_see: Collection[int]) -> list[Mark]:
    """When it was noticed, what was done, and what went on in the company near by; two queries."""
    figures = found.figures
    begins = tuple(week.begin for week in figures.weeks)
    inside = [
        case
        for case in found.cases
        if case.detection_start > begins[0] and case.detection_start <= figures.last
    ]
    marks = [
        Mark(week_of(case.detection_start, begins),
             _("noticed, %(day)s") % {"day": date_format(case.detection_start, "j M")}, "detection",
             _case_url(case, may_see))
        for case in inside[:MOST_SIGNALS]
    ]  # fmt: skip
    seen = {case.detection_start for case in inside}
    signals = Signal.objects.filter(
        issue=issue, dimension="", case=None, first_seen_on__range=(begins[0], figures.last)
    )
    marks += [
        Mark(week_of(day, begins), _("signal, %(day)s") % {"day": date_format(day, "j M")}, "detection")
        for day in signals.order_by("-first_seen_on").values_list("first_seen_on", flat=True)[:MOST_SIGNALS]
        if day not in seen
    ]
    done = {
        action.implemented_on: case
        for case in found.cases
        for action in case.actions.all()
        if action.implemented_on and begins[0] < action.implemented_on <= figures.last
    }
    marks += [
        Mark(week_of(day, begins), _("fix in place, %(day)s") % {"day": date_format(day, "j M")}, "action",
             _case_url(done[day], may_see))
        for day in sorted(done)[-MOST_ACTIONS:]
    ]  # fmt: skip
    return marks + _events(begins, figures.last, [mark.index for mark in marks])


def _events(begins: tuple[date, ...], last: date, near: Sequence[int]) -> list[Mark]:
    """Too many words hide the line: those nearest to what was noticed or done, else the latest."""
    entries = CalendarEntry.objects.touching(begins[0], last).order_by("day", "pk")
    marks = [
        Mark(
            week_of(entry.day, begins),
            f"{Truncator(entry.words).chars(34)}, {date_format(entry.day, 'j M')}",
            "event",
        )
        for entry in entries
        if entry.day > begins[0]
    ]

    def distance(mark: Mark) -> tuple[int, int]:
        return min((abs(mark.index - index) for index in near), default=0), -mark.index

    return sorted(marks, key=distance)[:MOST_EVENTS]


def _case_url(case: Case, may_see: Collection[int]) -> str:
    return reverse("case", kwargs={"number": case.pk}) if case.pk in may_see else ""


# --- since the fix


def _since_fix(figures: IssueFigures, fix: FixFigures, links: _Links) -> Chart:
    points, begin = [], fix.start
    for point in fix.points:
        end = fix.start + timedelta(days=point.days)
        points.append(
            BandPoint(date_format(begin, "j M"), point.expected, point.low, point.high, point.observed,
                      links.week(begin, (end - begin).days))
        )  # fmt: skip
        begin = end
    observed, expected = (
        sum(getattr(point, name) for point in fix.points) for name in ("observed", "expected")
    )
    title = _("Since the fix %(observed)s contacts came where %(expected)s were to be expected") % {
        "observed": plain(observed), "expected": plain(round(expected)),
    }  # fmt: skip
    span = _span(fix)
    return draw_band(
        Caption(title, span, int(observed), _period(fix.start, begin - timedelta(days=1))), points,
        format_value=_whole,
    )  # fmt: skip


def _span(fix: FixFigures) -> str:
    days = fix.points[-1].days - (fix.points[-2].days if len(fix.points) > 1 else 0)
    return _("Tickets a week") if days == 7 else _("Tickets in %(n)s weeks") % {"n": days // 7}


def _whole(value: float) -> str:
    return plain(round(value)) if value >= 10 else plain(value)


def _avoided(figures: IssueFigures, fix: FixFigures, links: _Links) -> Chart:
    last = fix.points[-1]
    points = [
        SumPoint(_until(fix, point), point.saved, point.saved_low, point.saved_high,
                 links.week(fix.start, point.days))
        for point in fix.points
    ]  # fmt: skip
    words = {"n": _whole(last.saved), "low": _whole(last.saved_low), "high": _whole(last.saved_high)}
    title = _("About %(n)s contacts avoided since the fix: between %(low)s and %(high)s") % words
    if last.saved_low <= 0 <= last.saved_high:
        title = _("Whether the fix avoided any contact cannot be told yet: %(low)s to %(high)s") % words
    elif last.saved_high < 0:
        words["n"] = _whole(-last.saved)
        title = _("About %(n)s contacts more than without the fix") % words
    end = fix.start + timedelta(days=last.days - 1)
    return draw_cumulative(
        Caption(title, _("Contacts avoided since the fix, added up"), None, _period(fix.start, end)), points,
        format_value=_whole,
    )  # fmt: skip


def _until(fix: FixFigures, point: Point) -> str:
    return date_format(fix.start + timedelta(days=point.days - 1), "j M")


# --- who came back


def _repeats(figures: IssueFigures, within: int, links: _Links) -> Chart:
    found = figures.returns
    share = found.share or 0.0
    title = _("%(share)s of customers came back within %(days)s days about the same thing") % {
        "share": percentage(share), "days": within,
    }  # fmt: skip
    points = [
        LinePoint(
            date_format(begin, "j M"),
            None if back is None or not contacts else 100 * back / contacts,
            links.week(begin, FOUR_WEEKS),
        )
        for begin, contacts, back in found.months
    ]
    caption = Caption(title, _("Came back, per cent of the contacts of four weeks"), found.contacts,
                      _period(figures.first, figures.last))  # fmt: skip
    return draw_lines(caption, [Line("%", points)])
