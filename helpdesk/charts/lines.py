"""Lines over time: at most three, named at their ends, told apart by dash as well as colour."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helpdesk.charts import axes, svg
from helpdesk.charts.chart import WIDTH, Caption, Chart, Format, Frame, picture, plain
from helpdesk.charts.scale import Scale, spread, text_width, value_scale

HEIGHT = 220
_LINE_CLASSES = ("ch-line", "ch-line-2", "ch-line-3")
_POINT_CLASSES = ("ch-point", "ch-point-2", "ch-point-3")
_LABEL_STEP = 14


@dataclass(frozen=True)
class LinePoint:
    """One measured moment; value None where nothing was measured."""

    label: str
    value: float | None
    url: str = ""


@dataclass(frozen=True)
class Line:
    """A named series; all lines of one chart share their labels."""

    name: str
    points: Sequence[LinePoint]


def draw_lines(
    caption: Caption,
    lines: Sequence[Line],
    *,
    format_value: Format = plain,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> Chart:
    """Up to three lines from zero. Raises ValueError for more: a fourth cannot be told apart."""
    if len(lines) > len(_LINE_CLASSES):
        raise ValueError("A line chart shows at most three lines.")
    values = [point.value for line in lines for point in line.points]
    scale, ticks = value_scale(values, start=height - 24, end=14)
    name_room = max([text_width(line.name, 13.5) for line in lines], default=0) + 14
    frame = Frame(width, height, left=axes.left_margin(ticks, format_value), right=name_room, top=14)
    labels = [point.label for point in lines[0].points] if lines else []
    places = spread(len(labels), frame.left + 4, frame.x_end - 6)
    body = axes.value_axis(ticks, scale, frame, format_value) + axes.time_axis(labels, places, frame)
    body += "".join(_draw(i, line, places, scale, format_value) for i, line in enumerate(lines))
    body += _names(lines, scale, frame)
    rows = tuple(
        (label, *(_cell(line.points[i].value, format_value) for line in lines))
        for i, label in enumerate(labels)
    )
    linked = any(point.url for line in lines for point in line.points)
    title = f"{caption.title}. {caption.subtitle}"
    return Chart(
        caption,
        picture(title=title, body=body, width=width, height=height, linked=linked),
        (_("When"), *(line.name for line in lines)),
        rows,
    )


def _cell(value: float | None, format_value: Format) -> str:
    return "–" if value is None else format_value(value)


def _draw(index: int, line: Line, places: list[float], scale: Scale, format_value: Format) -> str:
    at = [
        None if point.value is None else (x, scale(point.value))
        for x, point in zip(places, line.points, strict=True)
    ]
    drawn = svg.path(at, _LINE_CLASSES[index])
    for place, point in zip(at, line.points, strict=True):
        if place is not None and point.value is not None:
            dot = svg.circle(*place, _POINT_CLASSES[index], 2.5)
            drawn += svg.mark(f"{line.name}, {point.label}: {format_value(point.value)}", dot, point.url)
    return drawn


def _names(lines: Sequence[Line], scale: Scale, frame: Frame) -> str:
    """Each name beside the end of its line, moved down where two would lie on each other."""
    ends = []
    for line in lines:
        known = [point.value for point in line.points if point.value is not None]
        if known:
            ends.append((scale(known[-1]), line.name))
    drawn, last = "", float("-inf")
    for y, name in sorted(ends):
        last = max(y + 4, last + _LABEL_STEP)
        drawn += svg.text(name, frame.x_end + 6, last, "ch-strong")
    return drawn
