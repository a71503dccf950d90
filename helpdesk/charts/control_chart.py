"""Process behaviour chart (XmR, u or whatever the engine computed): points, limits by era, signals and actions.

The engine decides limits and signals; this file only draws. An era is a stretch with its own level: after a
proven fix the chart is re-based, so that the new level is judged by the new limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helpdesk.charts import axes, svg
from helpdesk.charts.chart import WIDTH, Caption, Chart, Format, Frame, picture, plain
from helpdesk.charts.scale import Scale, spread, text_width, value_scale

HEIGHT = 250
_LABEL_STEP = 16


@dataclass(frozen=True)
class ControlPoint:
    """One week (or day). `signal` is "", "rise" or "fall": what the rules found there."""

    label: str
    value: float
    url: str = ""
    signal: str = ""


@dataclass(frozen=True)
class Era:
    """A level and its natural limits, from point `start` up to and without point `end`."""

    start: int
    end: int
    mean: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Mark:
    """Something that happened just before point `index`: kind "action" (a fix), "detection" (an alarm) or "event"
    (what went on in the company: drawn quietly, for it is no more than a neighbour in time)."""

    index: int
    label: str
    kind: str = "action"
    url: str = ""


def draw_control_chart(
    caption: Caption,
    points: Sequence[ControlPoint],
    eras: Sequence[Era],
    *,
    marks: Sequence[Mark] = (),
    format_value: Format = plain,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> Chart:
    """The series with its eras behind it and what was done about it above it."""
    shown = [point.value for point in points] + [era.upper for era in eras] + [era.lower for era in eras]
    ticks = value_scale(shown, start=height, end=0)[1]
    left = axes.left_margin(ticks, format_value)
    places = spread(len(points), left + 8, Frame(width, height, left=left).x_end - 4)
    events = _placed(marks, places, width)
    top = 12.0 + _LABEL_STEP * max((event.row + 1 for event in events), default=0)
    scale = value_scale(shown, start=height - 24, end=top)[0]
    frame = Frame(width, height, left=left, top=top)
    body = "".join(_zone(era, places, scale, frame) for era in eras)
    body += axes.value_axis(ticks, scale, frame, format_value)
    body += axes.time_axis([point.label for point in points], places, frame)
    body += "".join(_limits(era, places, scale, frame) for era in eras)
    body += svg.path([(x, scale(p.value)) for x, p in zip(places, points, strict=True)], "ch-line-quiet")
    body += "".join(
        _point(point, x, scale(point.value), format_value) for x, point in zip(places, points, strict=True)
    )
    body += "".join(_event(event, frame) for event in events)
    linked = any(point.url for point in points) or any(mark.url for mark in marks)
    title = f"{caption.title}. {caption.subtitle}"
    return Chart(
        caption,
        picture(title=title, body=body, width=width, height=height, linked=linked),
        (_("When"), caption.measure, _("Mean"), _("Usual range"), _("What happened")),
        tuple(_table_row(index, point, eras, marks, format_value) for index, point in enumerate(points)),
        key=_key(points),
    )


def _edges(era: Era, places: list[float], frame: Frame) -> tuple[float, float]:
    """From half a step before the first point to half a step after the last, inside the frame."""
    half = (places[1] - places[0]) / 2 if len(places) > 1 else 5.0
    last = min(era.end, len(places)) - 1
    return max(places[era.start] - half + 1, frame.left), min(places[last] + half - 1, frame.x_end)


def _zone(era: Era, places: list[float], scale: Scale, frame: Frame) -> str:
    x1, x2 = _edges(era, places, frame)
    top = scale(era.upper)
    return svg.rect(x1, top, x2 - x1, scale(max(era.lower, scale.low)) - top, "ch-zone", 0)


def _limits(era: Era, places: list[float], scale: Scale, frame: Frame) -> str:
    x1, x2 = _edges(era, places, frame)
    drawn = svg.line(x1, scale(era.mean), x2, scale(era.mean), "ch-mean")
    drawn += svg.line(x1, scale(era.upper), x2, scale(era.upper), "ch-limit")
    if era.lower > scale.low:  # a limit on the axis is no limit
        drawn += svg.line(x1, scale(era.lower), x2, scale(era.lower), "ch-limit")
    return drawn


def _point(point: ControlPoint, x: float, y: float, format_value: Format) -> str:
    reading = f"{point.label}: {format_value(point.value)}"
    if point.signal == "rise":
        reading += f" ({_('above what is usual')})"
        shape = svg.element("path", "ch-point-up", d=f"M{svg.place(x)} {svg.place(y - 6)}l5.5 9.5h-11z")
    elif point.signal == "fall":
        reading += f" ({_('below what is usual')})"
        shape = svg.element("path", "ch-point-down", d=f"M{svg.place(x)} {svg.place(y + 6)}l5.5-9.5h-11z")
    else:
        shape = svg.circle(x, y, "ch-point")
    return svg.mark(reading, shape, point.url)


@dataclass(frozen=True)
class _Placed:
    """A mark with its place: x of its line, and the row above the picture where its words find room; -1: the foot."""

    mark: Mark
    x: float
    to_the_right: bool
    row: int


def _placed(marks: Sequence[Mark], places: list[float], width: float) -> list[_Placed]:
    """Two fixes in neighbouring weeks are named one below the other."""
    step = places[1] - places[0] if len(places) > 1 else 10.0
    placed, ends = [], [float("-inf")]  # of the words in each row
    for mark in sorted(marks, key=lambda mark: mark.index):
        x = places[min(mark.index, len(places) - 1)] - step / 2
        room = text_width(mark.label) + 8
        to_the_right = x + room < width
        begin = x if to_the_right else x - room
        row = -1
        if mark.kind != "detection":
            row = next((row for row, end in enumerate(ends) if begin > end), len(ends))
            ends[row:] = [begin + room, *ends[row + 1 :]]
        placed.append(_Placed(mark, x, to_the_right, row))
    return placed


def _event(event: _Placed, frame: Frame) -> str:
    mark, x = event.mark, event.x
    anchor, dx = ("start", 6) if event.to_the_right else ("end", -6)
    if mark.kind == "detection":
        flag = svg.element("path", "ch-detect", d=f"M{svg.place(x)} {svg.place(frame.y_end - 9)}l5 9h-10z")
        drawn = flag + svg.text(mark.label, x + dx, frame.y_end - 5, "ch-detect-text", anchor=anchor)
    else:
        y = 14 + event.row * _LABEL_STEP
        css = "ch-event" if mark.kind == "event" else "ch-action"
        drawn = svg.line(x, y - 10, x, frame.y_end, css)
        drawn += svg.text(mark.label, x + dx, y, f"{css}-text", anchor=anchor)
    return svg.mark(mark.label, drawn, mark.url)


def _table_row(
    index: int, point: ControlPoint, eras: Sequence[Era], marks: Sequence[Mark], format_value: Format
) -> tuple[str, ...]:
    era = next((era for era in eras if era.start <= index < era.end), None)
    mean = format_value(era.mean) if era else "–"
    usual = f"{format_value(max(era.lower, 0))}–{format_value(era.upper)}" if era else "–"
    happened = [mark.label for mark in marks if mark.index == index]
    if point.signal:
        happened.append(_("above what is usual") if point.signal == "rise" else _("below what is usual"))
    return point.label, format_value(point.value), mean, usual, "; ".join(happened)


def _key(points: Sequence[ControlPoint]) -> tuple[str, ...]:
    key = [_("Shaded: usual range"), _("Line: mean")]
    if any(point.signal == "rise" for point in points):
        key.append(_("▲ above what is usual"))
    if any(point.signal == "fall" for point in points):
        key.append(_("▼ below what is usual"))
    return tuple(key)
