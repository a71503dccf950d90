"""The relapse benchmarks: how often a watch over a level that holds ever cries wolf within a year, and how soon a
doubling is seen.
"""

from collections.abc import Iterator

import numpy as np

from apps.analysis import relapse
from bench.loop.generators.draws import overdispersed
from bench.loop.table import Measure

_LEVELS = ((0.3, 1.2), (2.0, 1.5), (10.0, 2.0))  # tickets a day, dispersion
_YEAR = 365


def run(seed: int, *, series: int = 2000) -> Iterator[Measure]:
    """All relapse measures for a seed."""
    for number, (level, dispersion) in enumerate(_LEVELS):
        chance = np.random.default_rng([seed, number])
        steady = overdispersed(chance, np.full((series, _YEAR), level), dispersion)
        false = float(relapse.watch(steady, level, dispersion).alarmed.mean())
        yield Measure("relapse", f"ever false in a year, {level:g} a day", false, 0.05, False, 0.031)
        doubled = overdispersed(chance, np.full((series, _YEAR), 2 * level), dispersion)
        first = relapse.watch(doubled, level, dispersion).first_alarm
        days = float(np.median(np.where(first < 0, _YEAR, first) + 1))
        target, reference = (8, 7) if level == 2 else (None, None)
        yield Measure("relapse", f"days to see a doubling, {level:g} a day", days, target, False, reference)
