"""The quiet part of a chart: grid lines with their numbers, and labels along the time axis."""

from collections.abc import Sequence

from helpdesk.charts import svg
from helpdesk.charts.chart import Format, Frame
from helpdesk.charts.scale import Scale, every_nth, text_width


def left_margin(ticks: Sequence[float], format_value: Format) -> float:
    """Room for the widest number on the value axis."""
    return max(text_width(format_value(tick), 11) for tick in ticks) + 12


def value_axis(ticks: Sequence[float], scale: Scale, frame: Frame, format_value: Format) -> str:
    drawn = []
    for tick in ticks:
        y = scale(tick)
        drawn.append(svg.line(frame.left, y, frame.x_end, y, "ch-base" if tick == 0 else "ch-grid"))
        drawn.append(svg.text(format_value(tick), frame.left - 6, y + 4, "ch-tick", anchor="end"))
    return "".join(drawn)


def time_axis(labels: Sequence[str], places: Sequence[float], frame: Frame) -> str:
    """As many labels as fit; the first starts at its point, so nothing sticks out of the picture."""
    nth = every_nth(labels, frame.x_end - frame.left)
    drawn = []
    for index in range(0, len(labels), nth):
        half = text_width(labels[index], 11) / 2
        x = min(max(places[index], frame.left - 6 + half), frame.width - half)
        drawn.append(svg.text(labels[index], x, frame.y_end + 16, "ch-tick", anchor="middle"))
    return "".join(drawn)
