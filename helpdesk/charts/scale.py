"""Scales: from numbers to places on the picture, with ticks a person would have chosen.

Ticks follow Heckbert's "nice numbers" (Graphics Gems, 1990) with steps of 1, 2, 2.5, 5 times a power of ten.
Lengths are SVG user units, which are CSS pixels when the picture is shown at its own width.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Scale:
    """A straight line from the domain (low to high) to the range (start to end)."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        if self.high == self.low:
            return self.start
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def nice_ticks(low: float, high: float, count: int = 5, *, whole: bool = False) -> list[float]:
    """About `count` round numbers that enclose low and high; `whole` forbids fractions, as counts must."""
    if high <= low:
        high = low + 1
    rough = (high - low) / max(count - 1, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(s for s in _STEPS if s * power >= rough * 0.999) * power
    if whole:
        step = max(1.0, float(math.ceil(step)))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 10) + 0.0 for i in range(first, last + 1)]


def value_scale(
    values: Iterable[float | None], *, start: float, end: float, count: int = 5
) -> tuple[Scale, list[float]]:
    """A scale that starts at zero (or below, if values do) and ends on a round tick, with its ticks."""
    known = [v for v in values if v is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    whole = all(float(v).is_integer() for v in known) and high <= 20
    ticks = nice_ticks(low, high, count, whole=whole)
    return Scale(ticks[0], ticks[-1], start, end), ticks


def spread(count: int, start: float, end: float) -> list[float]:
    """Evenly spaced places for `count` points, the first at start and the last at end."""
    if count == 1:
        return [(start + end) / 2]
    return [start + (end - start) * i / (count - 1) for i in range(count)]


def every_nth(labels: Sequence[str], room: float, size: float = 11) -> int:
    """How many labels to step over so that those shown do not touch in `room` units of width."""
    if not labels:
        return 1
    widest = max(text_width(label, size) for label in labels) + 14
    return max(1, math.ceil(len(labels) * widest / room))


def text_width(text: str, size: float = 12) -> float:
    """A careful guess of the width of text: no font is at hand on the server. Wide scripts count double."""
    return sum(1.0 if ord(c) > 0x2E80 else 0.57 for c in text) * size


def two_lines(text: str, room: float, size: float = 12) -> list[str]:
    """The text on one line, or broken between words into two, each cut where it would not fit."""
    words, first = text.split(), ""
    while words and (not first or text_width(f"{first} {words[0]}", size) <= room):
        first = f"{first} {words.pop(0)}".strip()
    lines = [first, " ".join(words)] if words else [first]
    return [shorten(line, room, size) for line in lines]


def shorten(text: str, room: float, size: float = 12) -> str:
    """The text, cut with an ellipsis where it would not fit."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text, size) > room - size:
        text = text[:-1]
    return text.rstrip() + "…"
