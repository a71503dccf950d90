"""The staffing forecast as a page shows it: what was found, in a sentence, three charts, and a week by the hour."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.staff.erlang import Floats, TooManyPeople
from apps.staff.forecast import WEEK, NotEnoughHistory
from apps.staff.heads import Part
from apps.staff.queries.staffing import Basis, Levers, Plan, make_plan, read_basis
from helpdesk.charts import BandPoint, Bar, Caption, Chart, Line, LinePoint, draw_band, draw_bars, draw_lines
from helpdesk.charts.chart import plain
from helpdesk.models import Department
from helpdesk.sentences import Share

MOST_PARTS = 8
SHORT = 0.05  # people; less is the rounding of the words
PARTS_OF_DAY = {
    "mornings": gettext_lazy("mornings"),
    "afternoons": gettext_lazy("afternoons"),
    "evenings": gettext_lazy("evenings"),
}
WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


@dataclass(frozen=True)
class Cell:
    """One hour of the grid; None where it is closed."""

    needed: int
    there: float
    is_short: bool


@dataclass(frozen=True)
class Grid:
    """A week by the hour."""

    days: tuple[date, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]


@dataclass(frozen=True)
class Sums:
    """A plan in a few numbers: paid hours an average week, how many open hours lack people, calls in time."""

    needed: float
    there: float
    short_hours: int
    peak: int
    reached: float | None


@dataclass(frozen=True)
class ForecastPage:
    """All that the page shows; without a plan, why."""

    basis: Basis
    levers: Levers
    refusal: str
    finding: str = ""
    is_short: bool = False
    now: Sums | None = None
    changed: Sums | None = None
    parts: Chart | None = None
    days: Chart | None = None
    contacts: Chart | None = None
    grid: Grid | None = None
    plan: Plan | None = None


def forecast_page(
    department: Department | None, *, weeks: int, week: int, levers: Levers, at: datetime
) -> ForecastPage:
    """As many statements as `read_basis` needs. `week` counts from 0. Raises TooManyPeople for these levers."""
    basis = read_basis(department, weeks=weeks, at=at)
    try:
        now = make_plan(basis)
    except (NotEnoughHistory, TooManyPeople) as error:
        return ForecastPage(basis, levers, str(error))
    changed = make_plan(basis, levers) if levers.is_any else None
    shown = changed or now
    return ForecastPage(
        basis=basis, levers=levers, refusal="", finding=finding(shown), is_short=_is_short(shown.parts[0]),
        now=sums(now), changed=sums(changed) if changed else None, parts=_parts_chart(shown),
        days=_days_chart(now, changed), contacts=_contacts_chart(shown), grid=_grid(shown, week), plan=shown,
    )  # fmt: skip


def finding(plan: Plan) -> str:
    """Where people are missing most; or the time with the fewest to spare."""
    if not plan.parts:
        return _("The desk is closed in these weeks")
    worst = plan.parts[0]
    said = {"when": part_name(worst), "needed": _people(worst.needed), "there": _people(worst.there)}
    if _is_short(worst):
        if said["there"] == "1":
            return _("%(when)s need %(needed)s, 1 is there") % said
        return _("%(when)s need %(needed)s, %(there)s are there") % said
    return _("Enough people are there: the closest are %(when)s (%(needed)s needed, %(there)s there)") % said


def part_name(part: Part) -> str:
    """“Monday mornings”."""
    return f"{WEEKDAYS[part.weekday]} {PARTS_OF_DAY[part.part]}"


def sums(plan: Plan) -> Sums:
    """Of an average week of the plan."""
    weeks = len(plan.days) / WEEK
    short = (plan.need.rota > plan.there + SHORT) & (plan.basis.open_share > 0)
    return Sums(
        needed=float(plan.hours_a_day(plan.need.rota).sum()) / weeks,
        there=float(plan.hours_a_day(plan.there).sum()) / weeks,
        short_hours=int(short.sum()), peak=int(plan.need.rota.max()), reached=plan.reached,
    )  # fmt: skip


def _is_short(part: Part) -> bool:
    return part.gap < -SHORT


def _people(value: float) -> str:
    return plain(round(value, 1))


def _period(plan: Plan) -> str:
    return f"{date_format(plan.days[0], 'j M')} – {date_format(plan.days[-1], 'j M Y')}"


def _parts_chart(plan: Plan) -> Chart:
    bars = [
        Bar(part_name(part), round(part.needed, 1), tone="bad" if _is_short(part) else "",
            note=_("%(there)s there") % {"there": _people(part.there)})
        for part in plan.parts[:MOST_PARTS]
    ]  # fmt: skip
    caption = Caption(finding(plan), _("people needed on the rota, on average"), period=_period(plan))
    return draw_bars(caption, bars)


def _days_chart(now: Plan, changed: Plan | None) -> Chart:
    lines = [
        _line(_("There"), now if changed is None else changed, (changed or now).there),
        _line(_("Needed"), now, now.need.rota),
    ]
    if changed is not None:
        lines.append(_line(_("Changed"), changed, changed.need.rota))
    shown = changed or now
    gap = float(shown.hours_a_day(shown.need.rota).sum() - shown.hours_a_day(shown.there).sum())
    words = _("%(hours)s working hours are missing") if gap > 0 else _("%(hours)s working hours to spare")
    return draw_lines(
        Caption(words % {"hours": plain(abs(round(gap)))}, _("paid hours a day"), period=_period(now)), lines
    )


def _line(name: str, plan: Plan, people: Floats) -> Line:
    """Open days alone: between Friday and Monday nothing falls."""
    hours = plan.hours_a_day(people)
    opened = np.flatnonzero(plan.basis.open_share.sum(1))
    return Line(name, [LinePoint(_day(plan.days[n]), round(float(hours[n]), 1)) for n in opened])


def _day(day: date) -> str:
    return date_format(day, "D j M")


def _contacts_chart(plan: Plan) -> Chart:
    """The last weeks as they were forecast and as they came, then the weeks ahead."""
    points, tested = [], plan.tested
    if tested is not None:
        out = tested.outlook
        points = [
            BandPoint(_day(day), float(e), float(low), float(high), float(actual))
            for day, e, low, high, actual in zip(
                out.days, out.expected, out.low, out.high, tested.actual, strict=True
            )
        ]
    ahead = plan.contacts
    points += [
        BandPoint(_day(day), float(e), float(low), float(high))
        for day, e, low, high in zip(ahead.days, ahead.expected, ahead.low, ahead.high, strict=True)
    ]
    week = float(ahead.expected[:WEEK].sum())
    title = _("About %(n)s contacts in the next seven days") % {"n": plain(round(week))}
    return draw_band(Caption(title, _("contacts a day"), period=_tested_words(plan)), points)


def _tested_words(plan: Plan) -> str:
    tested = plan.tested
    if tested is None or tested.error is None or tested.naive_error is None:
        return _("not enough history to test it")
    said = {
        "error": Share(tested.error),
        "naive": Share(tested.naive_error),
        "inside": Share(tested.inside),
    }
    return _(
        "tested on the last four weeks: off by %(error)s a day (the same day of the week before: %(naive)s), "
        "%(inside)s of the days inside"
    ) % said  # fmt: skip


def _grid(plan: Plan, week: int) -> Grid:
    rows = slice(week * WEEK, (week + 1) * WEEK)
    opened = plan.basis.open_share[rows] > 0
    hours = np.flatnonzero(opened.any(0))
    begin, end = (int(hours[0]), int(hours[-1]) + 1) if len(hours) else (0, 0)
    need, there = plan.need.rota[rows], plan.there[rows]
    return Grid(
        days=plan.days[rows],
        rows=tuple(
            (
                f"{hour:02}:00",
                tuple(
                    Cell(
                        int(need[day, hour]),
                        float(there[day, hour]),
                        bool(need[day, hour] > there[day, hour] + SHORT),
                    )
                    if opened[day, hour]
                    else None
                    for day in range(len(need))
                ),
            )
            for hour in range(begin, end)
        ),
    )


def week_starts(basis: Basis, weeks: int) -> list[date]:
    return [basis.first + timedelta(weeks=n) for n in range(weeks)]
