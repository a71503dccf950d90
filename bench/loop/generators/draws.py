"""Random counts that every generator needs."""

import numpy as np


def overdispersed(chance: np.random.Generator, mean: np.ndarray, dispersion: float) -> np.ndarray:
    """Counts with the given means and variance `dispersion * mean`."""
    if dispersion <= 1:
        return chance.poisson(mean)
    return chance.negative_binomial(np.maximum(mean / (dispersion - 1), 1e-9), 1 / dispersion)
