"""The table a benchmark prints."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """One number: what it is, what was found, what it must be, and where more is better."""

    part: str
    name: str
    value: float
    target: float
    more_is_better: bool = True

    @property
    def reached(self) -> bool:
        return self.value >= self.target if self.more_is_better else self.value <= self.target


def printed(measures: Iterable[Measure]) -> str:
    """The measures as aligned text, one a line."""
    lines = [f"{'part':<12}{'measure':<46}{'found':>10}{'target':>12}"]
    for measure in measures:
        sign = ">=" if measure.more_is_better else "<="
        mark = "ok" if measure.reached else "SHORT"
        target = f"{sign} {measure.target:g}"
        lines.append(f"{measure.part:<12}{measure.name:<46}{measure.value:>10.3f}{target:>12}  {mark}")
    return "\n".join(lines)
