"""The charts of the analysis page beside its Pareto: the largest bars over time, what is at risk, what numbers move."""

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.analysis.figures import DamageFigure, Figures, TrendLine
from apps.analysis.queries.links import queue_url
from apps.analysis.simulation import Range
from helpdesk.charts import Caption, Chart, Line, LinePoint, Mark, Step, draw_lines, draw_waterfall
from helpdesk.templatetags.helpdesk import money as money_words
from helpdesk.templatetags.helpdesk import percentage

WIDE = 720
LEAST_WEEKS = 4
CHANGED = 1.25  # times as many in the second half as in the first, or the other way round


def overview_charts(figures: Figures, *, links: bool) -> dict[str, Chart]:
    """By name, as their files are called; no query. `links`: whether the queue can find the tickets."""
    charts = {}
    if len(figures.trend.begins) >= LEAST_WEEKS:
        charts["trend"] = _trend(figures, links=links)
    if figures.damage is not None:
        charts["at_risk"] = _at_risk(figures, figures.damage)
        if figures.what_if is not None and figures.what_if.stored is not None:
            charts["what_if"] = _what_if(figures, figures.damage, figures.what_if.stored)
    return charts


def _trend(figures: Figures, *, links: bool) -> Chart:
    found = figures.trend
    lines = []
    for line in found.lines:
        term = f"issue:{line.issue}" if links and line.issue else ""
        points = [
            LinePoint(date_format(begin, "j M"), float(count), _week_url(term, begin))
            for begin, count in zip(found.begins, line.weekly, strict=True)
        ]
        lines.append(Line(line.label, points))
    caption = Caption(
        _trend_title(found.lines), _("Tickets a week, the largest"), sum(sum(line.weekly) for line in found.lines),
        f"{date_format(found.begins[0], 'j M Y')} – {date_format(figures.last, 'j M Y')}",
    )  # fmt: skip
    return draw_lines(
        caption, lines, marks=[Mark(week, mark, "seam") for week, mark, _said in found.seams], width=WIDE
    )


def _week_url(term: str, begin: date) -> str:
    return queue_url(term, since=begin, until=begin + timedelta(days=7)) if term else ""


def _trend_title(lines: tuple[TrendLine, ...]) -> str:
    """What moved most between the two halves, where anything did."""
    moved = []
    for line in lines:
        half = len(line.weekly) // 2
        before, after = sum(line.weekly[:half]), sum(line.weekly[-half:])
        if min(before, after) >= 10:
            moved.append((max(after / before, before / after), line.label, after / before))
    factor, label, ratio = max(moved, default=(1.0, "", 1.0))
    if factor < CHANGED:
        return _("The largest go on as before")
    words = {"label": label, "share": percentage(abs(ratio - 1))}
    return (_("%(label)s grew by %(share)s") if ratio > 1 else _("%(label)s fell by %(share)s")) % words


def _at_risk(figures: Figures, damage: DamageFigure) -> Chart:
    names = (
        _("Told us, satisfied"), _("Told us, mollified"), _("Told us, dissatisfied"), _("Never told us"),
    )  # fmt: skip
    steps = [_step(name, worth) for name, worth in zip(names, damage.worths, strict=True)]
    whole = damage.money
    silent = float(damage.worths[3].likely) / float(whole.likely) if whole.likely else 0.0
    title = _("%(money)s a year at risk, %(share)s of it with customers who never told us") % {
        "money": money_words(whole.likely), "share": percentage(silent),
    }  # fmt: skip
    return draw_waterfall(
        Caption(title, _("Value a year of customers likely to be lost"), damage.told, _span(figures)),
        [*steps, _step(_("All"), whole, total=True)], format_value=money_words,
    )  # fmt: skip


def _what_if(figures: Figures, damage: DamageFigure, stored: DamageFigure) -> Chart:
    steps = [_step(_("As kept"), stored.money, total=True)]
    steps += [Step(one.name, one.change) for one in figures.what_if.steps] if figures.what_if else []
    steps.append(_step(_("As tried"), damage.money, total=True))
    change = damage.money.likely - stored.money.likely
    words = {"money": money_words(abs(change))}
    title = _("With these numbers nothing changes")
    if change:
        title = (_("With these numbers %(money)s more a year is at risk") if change > 0
                 else _("With these numbers %(money)s less a year is at risk")) % words  # fmt: skip
    return draw_waterfall(
        Caption(title, _("Value a year of customers likely to be lost"), damage.told, _span(figures)),
        steps, format_value=money_words,
    )  # fmt: skip


def _step(name: str, worth: Range, *, total: bool = False) -> Step:
    return Step(name, float(worth.likely), total, low=float(worth.low), high=float(worth.high))


def _span(figures: Figures) -> str:
    return f"{date_format(figures.first, 'j M')} – {date_format(figures.last, 'j M Y')}"
