"""What has come together since a day: a sum that grows, with what it lies between."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helpdesk.charts import axes, svg
from helpdesk.charts.chart import WIDTH, Caption, Chart, Format, Frame, picture, plain
from helpdesk.charts.scale import spread, value_scale

HEIGHT = 220


@dataclass(frozen=True)
class SumPoint:
    """The sum up to and with one moment, and its interval."""

    label: str
    value: float
    low: float
    high: float
    url: str = ""


def draw_cumulative(
    caption: Caption,
    points: Sequence[SumPoint],
    *,
    format_value: Format = plain,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> Chart:
    """The sum as a line, its interval shaded. It may lie below zero: then what was hoped for did not come."""
    bounds = [bound for point in points for bound in (point.low, point.high, 0.0)]
    scale, ticks = value_scale(bounds, start=height - 24, end=14)
    frame = Frame(width, height, left=axes.left_margin(ticks, format_value), top=14)
    places = spread(len(points), frame.left + 6, frame.x_end - 4)
    at = list(zip(places, points, strict=True))
    body = ""
    if points:
        body = svg.area([(x, scale(p.high)) for x, p in at], [(x, scale(p.low)) for x, p in at], "ch-zone")
    body += axes.value_axis(ticks, scale, frame, format_value)
    body += axes.time_axis([point.label for point in points], places, frame)
    body += svg.path([(x, scale(point.value)) for x, point in at], "ch-line")
    for x, point in at:
        reading = _("%(label)s: %(value)s, between %(low)s and %(high)s") % {
            "label": point.label,
            "value": format_value(point.value),
            "low": format_value(point.low),
            "high": format_value(point.high),
        }
        body += svg.mark(reading, svg.circle(x, scale(point.value), "ch-point", 3.5), point.url)
    return Chart(
        caption,
        picture(
            title=f"{caption.title}. {caption.subtitle}", body=body, width=width, height=height,
            linked=any(point.url for point in points),
        ),
        (_("When"), caption.measure, _("Low"), _("High")),
        tuple((p.label, format_value(p.value), format_value(p.low), format_value(p.high)) for p in points),
        key=(_("Line: likely"), _("Shaded: between these nine times in ten")),
        rows_of_file=tuple((p.label, p.value, p.low, p.high) for p in points),
    )  # fmt: skip
