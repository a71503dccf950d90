"""The table a benchmark prints."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean


@dataclass(frozen=True)
class Measure:
    """One number from one seed: what it is, what was found, what it must be (None: shown only), whether more is
    better, and what a reference or the prototype reached.
    """

    part: str
    name: str
    value: float
    target: float | None = None
    more_is_better: bool = True
    reference: float | None = None


@dataclass(frozen=True)
class Row:
    """One measure over all seeds."""

    measure: Measure
    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        return fmean(self.values)

    @property
    def reached(self) -> bool:
        target = self.measure.target
        if target is None:
            return True
        return self.mean >= target if self.measure.more_is_better else self.mean <= target


def gathered(measures: Iterable[Measure]) -> list[Row]:
    """One row for each part and name, in the order they first came."""
    rows: dict[tuple[str, str], list[Measure]] = {}
    for measure in measures:
        rows.setdefault((measure.part, measure.name), []).append(measure)
    return [Row(same[0], tuple(one.value for one in same)) for same in rows.values()]


def printed(rows: Iterable[Row]) -> str:
    """The rows as aligned text, one a line."""
    lines = [f"{'part':<10}{'measure':<46}{'found':>8}{'range':>16}{'reference':>11}{'target':>11}"]
    lines += [_line(row) for row in rows]
    return "\n".join(lines)


def _line(row: Row) -> str:
    measure = row.measure
    spread = f"{min(row.values):.3f}-{max(row.values):.3f}" if len(row.values) > 1 else ""
    reference = "" if measure.reference is None else f"{measure.reference:g}"
    target = (
        "" if measure.target is None else f"{'>=' if measure.more_is_better else '<='} {measure.target:g}"
    )
    mark = "" if measure.target is None else "  ok" if row.reached else "  SHORT"
    found = (
        f"{measure.part:<10}{measure.name:<46}{row.mean:>8.3f}{spread:>16}{reference:>11}{target:>11}{mark}"
    )
    return found.rstrip()
