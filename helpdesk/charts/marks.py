"""What happened along the time of a chart: a line where it happened, and its words where they find room above."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.charts import svg
from helpdesk.charts.chart import Frame
from helpdesk.charts.scale import shorten, text_width

LABEL_STEP = 16


@dataclass(frozen=True)
class Mark:
    """Something that happened just before point `index`: kind "action" (a fix), "detection" (an alarm), "seam" (from
    here on it is counted otherwise) or "event" (what went on in the company: drawn quietly, for it is no more than a
    neighbour in time)."""

    index: int
    label: str
    kind: str = "action"
    url: str = ""


@dataclass(frozen=True)
class Placed:
    """A mark with its place: x of its line, and the row above the picture where its words find room; -1: the foot."""

    mark: Mark
    x: float
    to_the_right: bool
    row: int


def placed(marks: Sequence[Mark], places: Sequence[float], width: float) -> list[Placed]:
    """Two fixes in neighbouring weeks are named one below the other."""
    step = places[1] - places[0] if len(places) > 1 else 10.0
    found, ends = [], [float("-inf")]  # of the words in each row
    for mark in sorted(marks, key=lambda mark: mark.index):
        x = places[min(mark.index, len(places) - 1)] - step / 2
        room = text_width(mark.label) + 8
        to_the_right = x + room < width or x < width / 2
        begin = x if to_the_right else x - room
        row = -1
        if mark.kind != "detection":
            row = next((row for row, end in enumerate(ends) if begin > end), len(ends))
            ends[row:] = [begin + room, *ends[row + 1 :]]
        found.append(Placed(mark, x, to_the_right, row))
    return found


def room_above(marks: Sequence[Placed]) -> float:
    return LABEL_STEP * max((one.row + 1 for one in marks), default=0)


def draw_mark(one: Placed, frame: Frame) -> str:
    mark, x = one.mark, one.x
    anchor, dx = ("start", 6) if one.to_the_right else ("end", -6)
    words = shorten(mark.label, (frame.width - x if one.to_the_right else x) - 8)
    if mark.kind == "detection":
        flag = svg.element("path", "ch-detect", d=f"M{svg.place(x)} {svg.place(frame.y_end - 9)}l5 9h-10z")
        drawn = flag + svg.text(words, x + dx, frame.y_end - 5, "ch-detect-text", anchor=anchor)
    else:
        y = 14 + one.row * LABEL_STEP
        css = "ch-action" if mark.kind == "action" else "ch-event"
        drawn = svg.line(x, y - 10, x, frame.y_end, css)
        if mark.kind == "seam":  # two lines: here the line is sewn together
            drawn += svg.line(x + 3, y - 10, x + 3, frame.y_end, css)
        drawn += svg.text(words, x + dx, y, f"{css}-text", anchor=anchor)
    return svg.mark(mark.label, drawn, mark.url)


def said_at(marks: Sequence[Mark], index: int) -> list[str]:
    """For the table."""
    return [mark.label for mark in marks if mark.index == index]
