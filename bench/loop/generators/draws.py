"""Random counts that every generator needs."""

import numpy as np

from apps.analysis.series import Floats, Ints

_MEMORY = 0.7  # from one week's noise to the next


def overdispersed(chance: np.random.Generator, mean: Floats, dispersion: float) -> Ints:
    """Counts with the given means and variance `dispersion * mean`."""
    if dispersion <= 1:
        return np.asarray(chance.poisson(mean), np.int64)
    shape = np.maximum(mean / (dispersion - 1), 1e-9)
    return np.asarray(chance.negative_binomial(shape, 1 / dispersion), np.int64)


def lasting(chance: np.random.Generator, number: int, days: int, spread: float) -> Floats:
    """Noise of a logarithm (number, days) with standard deviation `spread` that lasts: one value a week, each seven
    tenths of the one before and fresh noise for the rest.
    """
    weekly = np.zeros((number, days // 7 + 1))
    weekly[:, 0] = chance.normal(0, spread, number)
    for week in range(1, weekly.shape[1]):
        fresh = chance.normal(0, spread * np.sqrt(1 - _MEMORY**2), number)
        weekly[:, week] = _MEMORY * weekly[:, week - 1] + fresh
    return weekly[:, np.arange(days) // 7]
