"""A chart as a picture file that stands by itself: its finding above, where it comes from below, its own colours."""

import re

from django.utils.html import escape

from helpdesk.charts import palette, svg
from helpdesk.charts.chart import Chart
from helpdesk.charts.scale import shorten, text_width

EDGE, LINE = 16, 20
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def as_file(chart: Chart, *, foot: str = "", site: str = "") -> str:
    """An SVG document. The chart's links lead to `site`, for a file knows no page it could be on."""
    width, height = _size(chart)
    title = _lines(chart.title, width, 15)
    below = _lines(foot, width, 12)
    top = EDGE + LINE * len(title) + LINE
    whole_height = top + height + LINE * (len(below)) + EDGE
    words = [
        svg.element("text", "", str(escape(line)), x=EDGE, y=EDGE + LINE * n + 12, fill=palette.TOKENS["text"],
                    font_size="15", font_weight="600")
        for n, line in enumerate(title)
    ]  # fmt: skip
    words.append(svg.text(shorten(chart.subtitle, width), EDGE, top - 8))
    words += [svg.text(line, EDGE, top + height + LINE * n + 14, "ch-tick") for n, line in enumerate(below)]
    back = svg.element("rect", width=width + 2 * EDGE, height=whole_height, fill=palette.TOKENS["surface"])
    drawn = chart.standalone().replace("<svg ", f'<svg x="{EDGE}" y="{svg.place(top)}" ', 1)
    drawn = drawn.replace('href="/', f'href="{escape(site)}/')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + 2 * EDGE:g} {whole_height:g}" '
        f'width="{width + 2 * EDGE:g}" height="{whole_height:g}" font-family="{palette.FONT}">'
        f"{palette.with_light_colours(back + ''.join(words))}{drawn}</svg>"
    )


def _size(chart: Chart) -> tuple[float, float]:
    found = _BOX.search(chart.svg)
    assert found is not None  # noqa: S101 (every picture has one)
    return float(found[1]), float(found[2])


def _lines(text: str, room: float, size: float) -> list[str]:
    """Broken where it would not fit: between words, or inside of one that is longer than the room."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            fit = max(int(room / (0.57 * size)), 1)
            lines += [word[at : at + fit] for at in range(0, len(word), fit)]
    return lines
