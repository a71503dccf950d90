"""Random counts that every generator needs."""

import numpy as np

from apps.analysis.series import Floats, Ints


def overdispersed(chance: np.random.Generator, mean: Floats, dispersion: float) -> Ints:
    """Counts with the given means and variance `dispersion * mean`."""
    if dispersion <= 1:
        return np.asarray(chance.poisson(mean), np.int64)
    shape = np.maximum(mean / (dispersion - 1), 1e-9)
    return np.asarray(chance.negative_binomial(shape, 1 / dispersion), np.int64)
