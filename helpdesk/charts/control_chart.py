"""Process behaviour chart (XmR, u or whatever the engine computed): points, limits by era, signals and actions.

The engine decides limits and signals; this file only draws. An era is a stretch with its own level: after a
proven fix the chart is re-based, so that the new level is judged by the new limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helpdesk.charts import axes, svg
from helpdesk.charts.chart import WIDTH, Caption, Chart, Format, Frame, Value, picture, plain
from helpdesk.charts.marks import Mark, draw_mark, placed, room_above, said_at
from helpdesk.charts.scale import Scale, spread, value_scale

HEIGHT = 250


@dataclass(frozen=True)
class Usual:
    """What is expected of one point, and its natural limits."""

    mean: float
    lower: float
    upper: float


@dataclass(frozen=True)
class ControlPoint:
    """One week (or day). `signal` is "", "rise" or "fall": what the rules found there. `usual` are limits of its own,
    where season and exposure move them; else those of its era hold. `note` stands behind its value ("12 tickets").
    """

    label: str
    value: float
    url: str = ""
    signal: str = ""
    usual: Usual | None = None
    note: str = ""


@dataclass(frozen=True)
class Era:
    """A level and its natural limits, from point `start` up to and without point `end`."""

    start: int
    end: int
    mean: float
    lower: float
    upper: float


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
    own = [point.usual for point in points if point.usual]
    shown = [point.value for point in points] + [era.upper for era in eras] + [era.lower for era in eras]
    shown += [bound for usual in own for bound in (usual.upper, usual.lower)]
    ticks = value_scale(shown, start=height, end=0)[1]
    left = axes.left_margin(ticks, format_value)
    places = spread(len(points), left + 8, Frame(width, height, left=left).x_end - 4)
    events = placed(marks, places, width)
    top = 12.0 + room_above(events)
    scale = value_scale(shown, start=height - 24, end=top)[0]
    frame = Frame(width, height, left=left, top=top)
    body = "".join(_zone(era, places, scale, frame) for era in eras)
    body += _own_zone(points, places, scale, frame)
    body += axes.value_axis(ticks, scale, frame, format_value)
    body += axes.time_axis([point.label for point in points], places, frame)
    body += "".join(_limits(era, places, scale, frame) for era in eras)
    body += _own_limits(points, places, scale, frame)
    body += svg.path([(x, scale(p.value)) for x, p in zip(places, points, strict=True)], "ch-line-quiet")
    body += "".join(
        _point(point, x, scale(point.value), format_value) for x, point in zip(places, points, strict=True)
    )
    body += "".join(draw_mark(event, frame) for event in events)
    linked = any(point.url for point in points) or any(mark.url for mark in marks)
    title = f"{caption.title}. {caption.subtitle}"
    return Chart(
        caption,
        picture(title=title, body=body, width=width, height=height, linked=linked),
        (_("When"), caption.measure, _("Mean"), _("Usual range"), _("What happened")),
        tuple(_table_row(index, point, eras, marks, format_value) for index, point in enumerate(points)),
        key=_key(points, marks),
        columns_of_file=(
            _("When"),
            caption.measure,
            _("Note"),
            _("Mean"),
            _("Lower"),
            _("Upper"),
            _("What happened"),
        ),
        rows_of_file=tuple(_file_row(index, point, eras, marks) for index, point in enumerate(points)),
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


def _stairs(
    points: Sequence[ControlPoint], places: Sequence[float], frame: Frame
) -> list[tuple[float, float, Usual]]:
    """From half a step before each point with limits of its own to half a step after it."""
    half = (places[1] - places[0]) / 2 if len(places) > 1 else 5.0
    return [
        (max(x - half, frame.left), min(x + half, frame.x_end), point.usual)
        for x, point in zip(places, points, strict=True)
        if point.usual
    ]


def _own_zone(points: Sequence[ControlPoint], places: Sequence[float], scale: Scale, frame: Frame) -> str:
    stairs = _stairs(points, places, frame)
    upper = [(x, scale(usual.upper)) for start, end, usual in stairs for x in (start, end)]
    lower = [(x, scale(max(usual.lower, scale.low))) for start, end, usual in stairs for x in (start, end)]
    return svg.area(upper, lower, "ch-zone") if stairs else ""


def _own_limits(points: Sequence[ControlPoint], places: Sequence[float], scale: Scale, frame: Frame) -> str:
    stairs = _stairs(points, places, frame)

    def along(bound: str, css: str) -> str:
        return svg.path(
            [(x, scale(getattr(usual, bound))) for start, end, usual in stairs for x in (start, end)], css
        )

    drawn = along("mean", "ch-mean ch-open") + along("upper", "ch-limit ch-open")
    if any(usual.lower > scale.low for *_, usual in stairs):
        drawn += along("lower", "ch-limit ch-open")
    return drawn


def _point(point: ControlPoint, x: float, y: float, format_value: Format) -> str:
    reading = f"{point.label}: {format_value(point.value)}" + (f", {point.note}" if point.note else "")
    if point.signal == "rise":
        reading += f" ({_('above what is usual')})"
        shape = svg.element("path", "ch-point-up", d=f"M{svg.place(x)} {svg.place(y - 6)}l5.5 9.5h-11z")
    elif point.signal == "fall":
        reading += f" ({_('below what is usual')})"
        shape = svg.element("path", "ch-point-down", d=f"M{svg.place(x)} {svg.place(y + 6)}l5.5-9.5h-11z")
    else:
        shape = svg.circle(x, y, "ch-point")
    return svg.mark(reading, shape, point.url)


def _usual(index: int, point: ControlPoint, eras: Sequence[Era]) -> Usual | None:
    era = next((era for era in eras if era.start <= index < era.end), None)
    return point.usual or (Usual(era.mean, era.lower, era.upper) if era else None)


def _happened(index: int, point: ControlPoint, marks: Sequence[Mark]) -> str:
    happened = said_at(marks, index)
    if point.signal:
        happened.append(_("above what is usual") if point.signal == "rise" else _("below what is usual"))
    return "; ".join(happened)


def _table_row(
    index: int, point: ControlPoint, eras: Sequence[Era], marks: Sequence[Mark], format_value: Format
) -> tuple[str, ...]:
    usual = _usual(index, point, eras)
    mean = format_value(usual.mean) if usual else "–"
    between = f"{format_value(max(usual.lower, 0))}–{format_value(usual.upper)}" if usual else "–"
    value = f"{format_value(point.value)} ({point.note})" if point.note else format_value(point.value)
    return point.label, value, mean, between, _happened(index, point, marks)


def _file_row(
    index: int, point: ControlPoint, eras: Sequence[Era], marks: Sequence[Mark]
) -> tuple[Value, ...]:
    usual = _usual(index, point, eras)
    limits = (usual.mean, usual.lower, usual.upper) if usual else (None, None, None)
    return point.label, point.value, point.note, *limits, _happened(index, point, marks)


def _key(points: Sequence[ControlPoint], marks: Sequence[Mark]) -> tuple[str, ...]:
    key = [_("Shaded: usual range"), _("Line: mean")]
    if any(point.signal == "rise" for point in points):
        key.append(_("▲ above what is usual"))
    if any(point.signal == "fall" for point in points):
        key.append(_("▼ below what is usual"))
    if any(mark.kind == "seam" for mark in marks):
        key.append(_("‖ counted otherwise from there on"))
    return tuple(key)
