"""The 42 weekly scenarios of Noufaily et al. 2013 (Statistics in Medicine 32:1206), from the published parameters.

Mean exp(theta + beta t + yearly waves), variance dispersion x mean, 624 weeks. Four past outbreaks fall in weeks 313
to 575 and one current outbreak in the last 49 weeks. An outbreak has Poisson(k x standard deviation) cases, spread
over the weeks after its start by a log-normal law.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from apps.analysis.series import Floats, Ints
from bench.loop.generators.draws import overdispersed

WEEKS, PAST, CURRENT = 624, (312, 575), 575
YEAR = 52.0
_SETTINGS = (  # theta, beta, cosine, sine, dispersion
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2, 0.005, 0.1, 0.3, 2),
    (1.5, 0.003, 0.2, -0.4, 1),
    (0.5, 0.002, 0.5, 0.5, 5),
    (2.5, 0.001, 1, 0.1, 3),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5, 0.0001, 0.05, 0.01, 1.2),
)


@dataclass(frozen=True)
class Dataset:
    """Counts without the current outbreak, and the cases of that outbreak; both (series, weeks)."""

    base: Ints
    outbreak: Ints

    @property
    def counts(self) -> Ints:
        total: Ints = self.base + self.outbreak
        return total


def means() -> Iterator[tuple[Floats, float]]:
    """The mean curve and dispersion of each of the 42 scenarios: seven settings, trend or not, 0 to 2 waves."""
    week = np.arange(1, WEEKS + 1)
    for (theta, beta, cosine, sine, dispersion), trend, waves in product(_SETTINGS, (0, 1), (0, 1, 2)):
        log_mean = theta + trend * beta * week
        for order in range(1, waves + 1):
            angle = 2 * np.pi * order * week / YEAR
            log_mean = log_mean + cosine * np.cos(angle) + sine * np.sin(angle)
        yield np.exp(log_mean), dispersion


def dataset(copies: int, seed: int) -> Dataset:
    """`copies` series of each scenario."""
    chance = np.random.default_rng(seed)
    base, outbreaks = [], []
    for mean, dispersion in means():
        for _ in range(copies):
            counts = overdispersed(chance, mean, dispersion)
            size = int(chance.choice([0, 2, 3, 5, 10]))
            for start in chance.choice(np.arange(*PAST), 4, replace=False) if size else ():
                past = _outbreak(chance, mean, dispersion, int(start), size, least=1)
                past[PAST[1] :] = 0
                counts = counts + past
            start = int(chance.integers(CURRENT, WEEKS - 4))
            base.append(counts)
            outbreaks.append(_outbreak(chance, mean, dispersion, start, int(chance.integers(1, 11)), least=1))
    return Dataset(np.array(base), np.array(outbreaks))


def _outbreak(
    chance: np.random.Generator, mean: Floats, dispersion: float, start: int, size: int, least: int = 0
) -> Ints:
    cases = max(int(chance.poisson(size * np.sqrt(mean[start] * dispersion))), least)
    weeks = start + np.floor(chance.lognormal(0, 0.5, cases)).astype(int)
    return np.bincount(weeks[weeks < WEEKS], minlength=WEEKS)
