"""Expected against actual: a band where the model expects the series, and where it really went."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helpdesk.charts import axes, svg
from helpdesk.charts.chart import WIDTH, Caption, Chart, Format, Frame, picture, plain
from helpdesk.charts.scale import Scale, spread, value_scale

HEIGHT = 220


@dataclass(frozen=True)
class BandPoint:
    """One moment: the expected value with its interval, and what happened (None: still to come)."""

    label: str
    expected: float
    low: float
    high: float
    actual: float | None = None
    url: str = ""


def draw_band(
    caption: Caption,
    points: Sequence[BandPoint],
    *,
    format_value: Format = plain,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> Chart:
    """The band of the expected, its middle as a dashed line, the actual as points outside or inside."""
    values = [value for point in points for value in (point.low, point.high, point.actual)]
    scale, ticks = value_scale(values, start=height - 24, end=14)
    frame = Frame(width, height, left=axes.left_margin(ticks, format_value), top=14)
    places = spread(len(points), frame.left + 6, frame.x_end - 4)
    upper = [(x, scale(point.high)) for x, point in zip(places, points, strict=True)]
    lower = [(x, scale(point.low)) for x, point in zip(places, points, strict=True)]
    middle = [(x, scale(point.expected)) for x, point in zip(places, points, strict=True)]
    actual = [
        None if point.actual is None else (x, scale(point.actual))
        for x, point in zip(places, points, strict=True)
    ]
    body = svg.area(upper, lower, "ch-zone") if points else ""
    body += axes.value_axis(ticks, scale, frame, format_value)
    body += axes.time_axis([point.label for point in points], places, frame)
    body += svg.path([*middle], "ch-line-2") + svg.path(actual, "ch-line")
    body += "".join(_point(point, x, scale, format_value) for x, point in zip(places, points, strict=True))
    title = f"{caption.title}. {caption.subtitle}"
    linked = any(point.url and point.actual is not None for point in points)
    return Chart(
        caption,
        picture(title=title, body=body, width=width, height=height, linked=linked),
        (_("When"), _("Actual"), _("Expected"), _("Expected range")),
        tuple(_table_row(point, format_value) for point in points),
        key=(_("Solid: actual"), _("Dashed: expected"), _("Shaded: where we expect it")),
        columns_of_file=(_("When"), _("Actual"), _("Expected"), _("Lower"), _("Upper")),
        rows_of_file=tuple((one.label, one.actual, one.expected, one.low, one.high) for one in points),
    )


def _point(point: BandPoint, x: float, scale: Scale, format_value: Format) -> str:
    if point.actual is None:
        return ""
    css = "ch-point"
    if point.actual > point.high:
        css = "ch-point-up"
    elif point.actual < point.low:
        css = "ch-point-down"
    reading = _("%(label)s: %(actual)s, expected %(low)s to %(high)s") % {
        "label": point.label,
        "actual": format_value(point.actual),
        "low": format_value(point.low),
        "high": format_value(point.high),
    }
    return svg.mark(reading, svg.circle(x, scale(point.actual), css, 3.5), point.url)


def _table_row(point: BandPoint, format_value: Format) -> tuple[str, ...]:
    actual = "–" if point.actual is None else format_value(point.actual)
    between = f"{format_value(point.low)}–{format_value(point.high)}"
    return point.label, actual, format_value(point.expected), between
