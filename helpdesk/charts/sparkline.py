"""Sparkline: a word-sized line beside a number; the last point is marked, the usual range may lie behind it."""

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from helpdesk.charts import svg
from helpdesk.charts.scale import Scale, spread

WIDTH, HEIGHT = 84, 22


def draw_sparkline(
    values: Sequence[float | None], *, title: str, usual: tuple[float, float] | None = None, tone: str = ""
) -> SafeString:
    """The picture alone; one value is no course, and shows nothing. `tone` of the last point: "", "up" (danger) or
    "down" (loop)."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return mark_safe("")
    low, high = min([*known, *(usual or ())]), max([*known, *(usual or ())])
    scale = Scale(low, high if high > low else low + 1, HEIGHT - 4, 4)
    places = spread(len(values), 2, WIDTH - 4)
    at = [None if v is None else (x, scale(v)) for x, v in zip(places, values, strict=True)]
    body = ""
    if usual:
        body = svg.rect(0, scale(usual[1]), WIDTH, scale(usual[0]) - scale(usual[1]), "ch-zone")
    body += svg.path(at, "ch-line-quiet")
    last = [point for point in at if point is not None][-1]
    body += svg.circle(*last, f"ch-point-{tone}" if tone else "ch-point", 3)
    return mark_safe(  # noqa: S308 - escaped here and in svg.py
        f'<svg xmlns="http://www.w3.org/2000/svg" class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{escape(title)}" direction="ltr">{body}</svg>'
    )
