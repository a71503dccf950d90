"""Pareto: causes by size with the running share, the small ones folded, and what nobody coded always in sight.

The running share stands as a number beside each bar: a second axis with its own line invites comparing two
scales that have nothing to do with each other. Neither the folded causes nor the uncoded tickets stretch the scale:
a long tail would press the few that matter flat; a bar longer than theirs is cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.charts.bars import Bar, draw_bars
from helpdesk.charts.chart import WIDTH, Caption, Chart, Format, plain


@dataclass(frozen=True)
class Cause:
    """One row of a Pareto: tickets, cost or customers at risk of one issue. Low and high bound its interval."""

    label: str
    value: float
    url: str = ""
    uncoded: bool = False
    in_loop: bool = False
    low: float | None = None
    high: float | None = None


def draw_pareto(
    caption: Caption,
    causes: Sequence[Cause],
    *,
    top: int = 8,
    others_url: str = "",
    format_value: Format = plain,
    width: float = WIDTH,
) -> Chart:
    """The `top` causes in falling order, the rest folded into one bar, uncoded last and never folded."""
    coded = sorted((cause for cause in causes if not cause.uncoded), key=lambda cause: -cause.value)
    shown, folded = coded[:top], coded[top:]
    if len(folded) == 1:  # "1 other" says less than its name
        shown, folded = coded, []
    total = sum(cause.value for cause in causes) or 1
    bars, running = [], 0.0
    for cause in shown:
        running += cause.value
        tone = "loop" if cause.in_loop else ""
        bars.append(
            Bar(cause.label, cause.value, cause.url, tone, _share(running, total), cause.low, cause.high)
        )
    if folded:
        running += (rest := sum(cause.value for cause in folded))
        label = ngettext("%(count)d other", "%(count)d others", len(folded)) % {"count": len(folded)}
        note = _share(running, total)
        bars.append(Bar(label, rest, others_url, "quiet", note, may_be_cut=True))
    for cause in causes:
        if cause.uncoded:
            running += cause.value
            note = _share(running, total)
            bars.append(Bar(cause.label, cause.value, cause.url, "uncoded", note, may_be_cut=True))
    drawn = draw_bars(caption, bars, format_value=format_value, width=width)
    rows = tuple((bar.label, format_value(bar.value), bar.note) for bar in bars)
    return Chart(
        caption, drawn.svg, (_("Cause"), caption.measure, _("Running share")), rows,
        key=(_("%: running share, from the largest down"),),
        columns_of_file=(_("Cause"), caption.measure, _("Low"), _("High"), _("Running share")),
        rows_of_file=tuple((bar.label, bar.value, bar.low, bar.high, bar.note) for bar in bars),
    )  # fmt: skip


def _share(running: float, total: float) -> str:
    return f"{running / total:.0%}".replace("%", " %")
