"""Horizontal bars: a few named amounts, longest label first to be read."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helpdesk.charts import svg
from helpdesk.charts.chart import WIDTH, Caption, Chart, Format, picture, plain
from helpdesk.charts.scale import Scale, shorten, text_width

ROW, THICK, GAP = 32, 20, 8
BOLD = 13.5  # a bold 12 is about as wide as this


@dataclass(frozen=True)
class Bar:
    """One amount. `tone` is "", "quiet", "loop", "bad" or "uncoded"; low and high draw an interval.

    A bar that `may_be_cut` does not stretch the scale: where it is longer than all others it ends with a break,
    and its value is written as ever.
    """

    label: str
    value: float
    url: str = ""
    tone: str = ""
    note: str = ""
    low: float | None = None
    high: float | None = None
    may_be_cut: bool = False


def draw_bars(
    caption: Caption, bars: Sequence[Bar], *, format_value: Format = plain, width: float = WIDTH
) -> Chart:
    """Bars from zero, the value written at the end of each."""
    label_room = min(max([text_width(bar.label) for bar in bars], default=0) + 12, width * 0.42)
    values = [_written(bar, format_value) for bar in bars]
    value_room = max([text_width(written, BOLD) for written in values], default=0) + GAP
    top = max([bar.high or bar.value for bar in bars if not bar.may_be_cut], default=0)
    top = top or max([bar.value for bar in bars], default=0) or 1
    scale = Scale(0, top, label_room, width - value_room)
    body = "".join(
        _row(bar, written, index * ROW, scale, label_room)
        for index, (bar, written) in enumerate(zip(bars, values, strict=True))
    )
    return Chart(
        caption=caption,
        svg=picture(
            title=f"{caption.title}. {caption.subtitle}",
            body=body,
            width=width,
            height=max(len(bars), 1) * ROW,
            linked=any(bar.url for bar in bars),
        ),
        columns=(_("Name"), caption.measure),
        rows=tuple((bar.label, written) for bar, written in zip(bars, values, strict=True)),
    )


def _written(bar: Bar, format_value: Format) -> str:
    return f"{format_value(bar.value)} · {bar.note}" if bar.note else format_value(bar.value)


def _row(bar: Bar, written: str, y: float, scale: Scale, label_room: float) -> str:
    middle = y + ROW / 2
    css = f"ch-bar-{bar.tone}" if bar.tone else "ch-bar"
    is_cut = bar.may_be_cut and bar.value > scale.high
    length = scale.end - scale.start if is_cut else max(scale(bar.value) - scale.start, 1.5)
    end = scale.start + length
    drawn = svg.rect(0, y, scale.end, ROW, "ch-hit", 0)
    drawn += svg.text(shorten(bar.label, label_room - 8), 0, middle + 4)
    drawn += svg.rect(scale.start, middle - THICK / 2, length, THICK, css, 3)
    if is_cut:
        drawn += svg.line(end - 18, middle + THICK / 2 + 2, end - 12, middle - THICK / 2 - 2, "ch-break")
    if bar.low is not None and bar.high is not None:
        drawn += svg.line(scale(bar.low), middle, scale(bar.high), middle, "ch-range")
        end = max(end, scale(bar.high))
    drawn += svg.text(written, end + GAP, middle + 4, "ch-strong")
    return svg.mark(f"{bar.label}: {written}", drawn, bar.url)
