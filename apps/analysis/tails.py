"""How surprising a count is: tails of the Poisson and negative binomial laws, for arrays of any shape.

A count has mean `mean` and variance `dispersion * mean`. Dispersion 1 is Poisson; above 1 it is the negative
binomial with r = mean / (dispersion - 1) and success probability 1 / dispersion. Both tails are written with
incomplete gamma and beta functions, hence continuous in the mean, and correct for non-integer means.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, gammainc, gammaln
from scipy.stats import nbinom, poisson

from apps.analysis.series import Floats

# Closer to Poisson than this the negative binomial's r overflows, and the two laws agree to four digits.
_POISSON_BELOW = 1.0001
_SMALLEST_MEAN = 1e-9


def at_least(count: npt.ArrayLike, mean: npt.ArrayLike, dispersion: npt.ArrayLike) -> Floats:
    """P(N >= count): the chance of this many or more. Shapes broadcast; counts need not be whole."""
    n, mu, phi = np.broadcast_arrays(
        np.asarray(count, np.float64),
        np.maximum(np.asarray(mean, np.float64), _SMALLEST_MEAN),
        np.asarray(dispersion, np.float64),
    )
    tail = np.ones(n.shape)
    near_poisson = (n > 0) & (phi <= _POISSON_BELOW)
    over = (n > 0) & (phi > _POISSON_BELOW)
    tail[near_poisson] = gammainc(n[near_poisson], mu[near_poisson])
    tail[over] = betainc(n[over], np.maximum(mu[over] / (phi[over] - 1), _SMALLEST_MEAN), 1 - 1 / phi[over])
    return tail


def at_most_mid(count: npt.ArrayLike, mean: npt.ArrayLike, dispersion: npt.ArrayLike) -> Floats:
    """Mid-p of the lower tail, P(N < count) + P(N = count) / 2: less cautious when counts are small."""
    n = np.asarray(count, np.float64)
    reached, passed = at_least(n, mean, dispersion), at_least(n + 1, mean, dispersion)
    return np.clip(1 - (reached + passed) / 2, 0.0, 1.0)


def usual_range(mean: float, dispersion: float, share: float = 0.8) -> tuple[int, int]:
    """The central range that holds at least `share` of the counts when nothing is the matter."""
    low, high = (1 - share) / 2, (1 + share) / 2
    mean = max(mean, _SMALLEST_MEAN)
    if dispersion <= _POISSON_BELOW:
        return int(poisson.ppf(low, mean)), int(poisson.ppf(high, mean))
    shape = mean / (dispersion - 1)
    return int(nbinom.ppf(low, shape, 1 / dispersion)), int(nbinom.ppf(high, shape, 1 / dispersion))


def log_likelihood_ratio(count: Floats, mean: Floats, dispersion: Floats, factor: float) -> Floats:
    """log P(count | factor * mean) - log P(count | mean), at the same variance-to-mean ratio."""
    mean = np.maximum(mean, _SMALLEST_MEAN)
    count, mean, dispersion = np.broadcast_arrays(count, mean, dispersion)
    ratio = np.asarray(count * np.log(factor) - mean * (factor - 1))
    over = dispersion > _POISSON_BELOW
    n, phi = count[over], dispersion[over]
    shape = mean[over] / (phi - 1)
    ratio[over] = (
        gammaln(n + factor * shape)
        - gammaln(factor * shape)
        - gammaln(n + shape)
        + gammaln(shape)
        - (factor - 1) * shape * np.log(phi)
    )
    return ratio
