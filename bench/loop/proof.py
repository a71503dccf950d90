"""The proof benchmarks: how often a fix that did nothing is called proven, and how often a real one is.

Proven is what the verdict asks for: the exact tail below 5 % and the 90 % interval wholly below 1. As in life the
placebo variance is learnt from the series of a department, here those of one setting, with no action known.
"""

from collections.abc import Iterator

import numpy as np

from apps.analysis.discovery import discoveries
from apps.analysis.proof import Comparison, compare, placebo_variance
from apps.analysis.series import Bools
from bench.loop.generators import fixes
from bench.loop.table import Measure

_HALF, _THIRD = 0.5, 0.7  # what a cut of half, and of nearly a third, leaves
_ENOUGH = 2.0  # tickets a day from which a cut of half must show


def run(seed: int, *, actions: int = 600) -> Iterator[Measure]:
    """All proof measures for a seed."""
    for number, setting in enumerate(fixes.SETTINGS):
        nothing, third, half = (
            float(_proven(_compared(setting, actions, left, 1000 * seed + 10 * number + step)).mean())
            for step, left in enumerate((1.0, _THIRD, _HALF))
        )
        yield Measure("proof", f"type I, {setting}", nothing, 0.06, more_is_better=False, reference=0.058)
        yield Measure("proof", f"power for 30 % less, {setting}", third)
        target = 0.90 if setting.level >= _ENOUGH else None
        yield Measure("proof", f"power for half, {setting}", half, target, reference=0.94 if target else None)
    yield from decisions(seed)


def decisions(seed: int, *, each: int = 40) -> Iterator[Measure]:
    """False discoveries among the actions of a quarter: six in ten did nothing, all after a surge, at three levels."""
    p, worked = [], []
    for number, level in enumerate((0.5, 2.0, 8.0)):
        setting = fixes.Setting(level, 1.5, 0.12, after_surge=True)
        for step, left in enumerate((1.0, 1.0, 1.0, 0.6, 0.4)):
            p.append(_compared(setting, each, left, 1000 * seed + 500 + 10 * number + step).p_fewer)
            worked.append(np.full(each, left < 1))
    confirmed, real = discoveries(np.concatenate(p), 0.05), np.concatenate(worked)
    false = float((confirmed & ~real).sum() / max(confirmed.sum(), 1))
    yield Measure("proof", "false discovery at q .05", false, 0.06, more_is_better=False, reference=0.034)
    yield Measure("proof", "power at q .05, cuts of 40 and 60 %", float(confirmed[real].mean()))


def _compared(setting: fixes.Setting, number: int, left: float, seed: int) -> Comparison:
    drawn = fixes.actions(setting, number, left, seed)
    wander = placebo_variance(drawn.counts, fixes.CALENDAR, fixes.WINDOWS, offset=drawn.offset)
    return compare(drawn.counts, fixes.CALENDAR, fixes.WINDOWS, offset=drawn.offset, wander=wander)


def _proven(found: Comparison) -> Bools:
    return (found.p_fewer < 0.05) & (found.high < 1)
