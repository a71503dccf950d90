"""By how much a campaign lifted contacts that do not carry its mark: people saw it and wrote by themselves.

Contacts a day while it ran over contacts a day in the weeks before, with an interval on the scale of logarithms; the
variance is that of counts, widened by how much the weeks before scattered more than chance (quasi-Poisson). Where only
some customers were asked, the others tell what would have happened without it: the ratio of the two ratios, a
difference in differences. Limits: what else happened to those who were asked in those days is taken for the campaign.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from scipy.stats import norm

LEVEL = 0.9
FEWEST = 10  # contacts on either side: with less the interval says nothing
HALF = 0.5


@dataclass(frozen=True)
class Lift:
    """The ratio with its interval, and the daily contacts it is made of."""

    ratio: float
    low: float
    high: float
    before: float
    during: float

    @property
    def is_seen(self) -> bool:
        return self.low > 1


def lift(before: Sequence[float], during: Sequence[float]) -> Lift | None:
    """Of contacts a day before and during; None where there are too few to say anything."""
    found = _log_ratio(before, during)
    return None if found is None else _lift(*found, before, during)


def lift_against(
    before: Sequence[float], during: Sequence[float], others_before: Sequence[float], others_during: Sequence[float]
) -> Lift | None:  # fmt: skip
    """The same of those who were asked, against those who were not."""
    asked, others = _log_ratio(before, during), _log_ratio(others_before, others_during)
    if asked is None or others is None:
        return None
    return _lift(asked[0] - others[0], asked[1] + others[1], before, during)


def _log_ratio(before: Sequence[float], during: Sequence[float]) -> tuple[float, float] | None:
    """The logarithm of the ratio of daily contacts, and its variance."""
    early, late = sum(before), sum(during)
    if min(early, late) < FEWEST:
        return None
    scatter = dispersion(before)
    ratio = log((late + HALF) / len(during)) - log((early + HALF) / len(before))
    return ratio, scatter * (1 / (late + HALF) + 1 / (early + HALF))


def dispersion(days: Sequence[float]) -> float:
    """How much more whole weeks scatter than chance would have it; at least 1."""
    weeks = np.array(days[len(days) % 7 :], np.float64).reshape(-1, 7).sum(1)
    if len(weeks) < 3 or weeks.mean() <= 0:
        return 1.0
    return max(float(weeks.var(ddof=1) / weeks.mean()), 1.0)


def _lift(ratio: float, variance: float, before: Sequence[float], during: Sequence[float]) -> Lift:
    reach = float(norm.ppf((1 + LEVEL) / 2)) * sqrt(variance)
    return Lift(
        exp(ratio), exp(ratio - reach), exp(ratio + reach),
        sum(before) / len(before), sum(during) / len(during),
    )  # fmt: skip
