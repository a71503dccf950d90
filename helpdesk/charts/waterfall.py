"""Waterfall: how a total comes about, step by step, each step with its low and high where they are known."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helpdesk.charts import axes, svg
from helpdesk.charts.chart import WIDTH, Caption, Chart, Format, Frame, picture, plain
from helpdesk.charts.scale import Scale, two_lines, value_scale

HEIGHT, BELOW = 250, 38


@dataclass(frozen=True)
class Step:
    """A change, or with `total` a level that stands on zero. Low and high bound the value itself."""

    label: str
    value: float
    total: bool = False
    url: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class _Placed:
    step: Step
    start: float
    end: float


def draw_waterfall(
    caption: Caption,
    steps: Sequence[Step],
    *,
    format_value: Format = plain,
    more_is_bad: bool = True,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> Chart:
    """Columns that start where the one before ended. `more_is_bad` says whether a rise is a loss."""
    placed = _place(steps)
    bounds = [value for bar in placed for value in (bar.start, bar.end, *_bounds(bar))]
    scale, ticks = value_scale(bounds, start=height - BELOW, end=20)
    frame = Frame(width, height, left=axes.left_margin(ticks, format_value), bottom=BELOW)
    room = (frame.x_end - frame.left) / max(len(placed), 1)
    body = axes.value_axis(ticks, scale, frame, format_value)
    for index, bar in enumerate(placed):
        x = frame.left + index * room + room * 0.16
        body += _column(bar, x, room, scale, frame, format_value, more_is_bad)
        if index + 1 < len(placed):
            body += svg.line(x + room * 0.68, scale(bar.end), x + room, scale(bar.end), "ch-base")
    title = f"{caption.title}. {caption.subtitle}"
    return Chart(
        caption,
        picture(title=title, body=body, width=width, height=height, linked=any(s.url for s in steps)),
        (_("Step"), caption.measure, _("Low"), _("High")),
        tuple(_table_row(step, format_value) for step in steps),
        rows_of_file=tuple((step.label, step.value, step.low, step.high) for step in steps),
    )


def _place(steps: Sequence[Step]) -> list[_Placed]:
    placed, level = [], 0.0
    for step in steps:
        start = 0.0 if step.total else level
        level = step.value if step.total else level + step.value
        placed.append(_Placed(step, start, level))
    return placed


def _bounds(bar: _Placed) -> tuple[float, ...]:
    if bar.step.low is None or bar.step.high is None:
        return ()
    return bar.start + bar.step.low, bar.start + bar.step.high


def _column(
    bar: _Placed, x: float, room: float, scale: Scale, frame: Frame, format_value: Format, more_is_bad: bool
) -> str:
    step, wide = bar.step, room * 0.68
    top, bottom = sorted((scale(bar.start), scale(bar.end)))
    css = "ch-bar"
    if not step.total:
        css = "ch-bar-bad" if (step.value > 0) == more_is_bad else "ch-bar-loop"
    drawn = svg.rect(x, top, wide, max(bottom - top, 1.5), css)
    label_y = top - 6
    if bounds := _bounds(bar):
        middle = x + wide / 2
        drawn += svg.line(middle, scale(bounds[0]), middle, scale(bounds[1]), "ch-range")
        label_y = min(label_y, scale(max(bounds)) - 4)
    written = _signed(step, format_value)
    drawn += svg.text(written, x + wide / 2, label_y, "ch-strong", anchor="middle")
    for index, words in enumerate(two_lines(step.label, room - 4, 11)):
        drawn += svg.text(words, x + wide / 2, frame.y_end + 16 + 13 * index, "ch-tick", anchor="middle")
    return svg.mark(f"{step.label}: {written}", drawn, step.url)


def _signed(step: Step, format_value: Format) -> str:
    if step.total:
        return format_value(step.value)
    return f"{'+' if step.value >= 0 else '−'}{format_value(abs(step.value))}"


def _table_row(step: Step, format_value: Format) -> tuple[str, ...]:
    low = "–" if step.low is None else format_value(step.low)
    high = "–" if step.high is None else format_value(step.high)
    return step.label, _signed(step, format_value), low, high
