"""Lines over time: at most three, named at their ends, told apart by dash as well as colour."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helpdesk.charts import axes, svg
from helpdesk.charts.chart import WIDTH, Caption, Chart, Format, Frame, picture, plain
from helpdesk.charts.marks import Mark, draw_mark, placed, room_above, said_at
from helpdesk.charts.scale import Scale, shorten, spread, text_width, value_scale

HEIGHT = 220
_LINE_CLASSES = ("ch-line", "ch-line-2", "ch-line-3")
_POINT_CLASSES = ("ch-point", "ch-point-2", "ch-point-3")
_LABEL_STEP = 14
_NAMES = 0.3  # at most so much of the width is for names


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
    marks: Sequence[Mark] = (),
    format_value: Format = plain,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> Chart:
    """Up to three lines from zero. Raises ValueError for more: a fourth cannot be told apart."""
    if len(lines) > len(_LINE_CLASSES):
        raise ValueError("A line chart shows at most three lines.")
    values = [point.value for line in lines for point in line.points]
    ticks = value_scale(values, start=height - 24, end=14)[1]
    name_room = min(max([text_width(line.name, 13.5) for line in lines], default=0), width * _NAMES) + 14
    left = axes.left_margin(ticks, format_value)
    labels = [point.label for point in lines[0].points] if lines else []
    places = spread(len(labels), left + 4, width - name_room - 6)
    events = placed(marks, places, width) if labels else []
    frame = Frame(width, height, left=left, right=name_room, top=14 + room_above(events))
    scale = value_scale(values, start=height - 24, end=frame.top)[0]
    body = axes.value_axis(ticks, scale, frame, format_value) + axes.time_axis(labels, places, frame)
    body += "".join(_draw(i, line, places, scale, format_value) for i, line in enumerate(lines))
    body += _names(lines, scale, frame) + "".join(draw_mark(event, frame) for event in events)
    happened = [["; ".join(said_at(marks, i))] if marks else [] for i in range(len(labels))]
    rows = tuple(
        (label, *(_cell(line.points[i].value, format_value) for line in lines), *happened[i])
        for i, label in enumerate(labels)
    )
    told = (_("What happened"),) if marks else ()
    linked = any(point.url for line in lines for point in line.points)
    title = f"{caption.title}. {caption.subtitle}"
    return Chart(
        caption,
        picture(title=title, body=body, width=width, height=height, linked=linked),
        (_("When"), *(line.name for line in lines), *told),
        rows,
        rows_of_file=tuple(
            (label, *(line.points[i].value for line in lines), *happened[i]) for i, label in enumerate(labels)
        ),
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
        drawn += svg.text(shorten(name, frame.right - 8, 13.5), frame.x_end + 6, last, "ch-strong")
    return drawn
