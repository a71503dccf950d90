"""Series with nothing the matter: weekday, season of random phase, overdispersion, noise that lasts for weeks."""

import numpy as np

from apps.analysis.series import Ints
from bench.loop.generators.draws import lasting, overdispersed

_WEEK = np.array([1.2, 1.1, 1.05, 1.0, 0.95, 0.4, 0.3])
WEEK = _WEEK / _WEEK.mean()
SETTINGS = (  # tickets a day, dispersion, standard deviation of the lasting noise
    (0.05, 1.0, 0.0),
    (0.2, 1.2, 0.0),
    (1.0, 1.3, 0.0),
    (5.0, 1.5, 0.0),
    (5.0, 1.5, 0.15),
    (20.0, 2.0, 0.0),
    (20.0, 4.0, 0.0),
)


def series(number: int, days: int, *, level: float, dispersion: float, noise: float, seed: int) -> Ints:
    """`number` null series of `days` days, starting on a Monday."""
    chance = np.random.default_rng(seed)
    day = np.arange(days)
    phase = chance.uniform(0, 2 * np.pi, (number, 1))
    mean = level * WEEK[day % 7] * np.exp(0.2 * np.cos(2 * np.pi * day / 365.25 + phase))
    return overdispersed(chance, mean * np.exp(lasting(chance, number, days, noise)), dispersion)
