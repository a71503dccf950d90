"""How sure each look at the same count must be, so that all looks together are wrong no oftener than promised.

Who looks every week and stops when it pleases is wrong three times as often as who looks once. A spending rule
says beforehand how much of the error (alpha, one-sided) may be used up by each look; the level of a look is then
the tail that, given that no earlier look succeeded, spends exactly its share. Looks at one growing count are
correlated like a random walk at the shares of information seen (Lan and DeMets 1983); the tails are found by
numerical integration along that walk (Armitage, McPherson and Rowe 1969), good to about 1e-5.

Two rules: *O'Brien-Fleming*, which spends almost nothing early, so that the last look is nearly a single one;
and *one date*, which spends four fifths on the decision date and keeps the rest for two extensions.
Limits: error that all looks share (the baseline's, the placebo variance) ties them closer together than the
random walk does, so that the levels are slightly stricter than needed.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

MOST_LOOKS = 3
_ON_THE_DATE = 0.8  # share of the error that the decision date spends, when there is only one
_STEPS = 1_001


class Design(StrEnum):
    """When it is looked at: on one decision date, or on some dates fixed beforehand."""

    ONE_DATE = "one date"
    LOOKS = "looks"


@cache
def levels(design: Design, *, looks: int = MOST_LOOKS, alpha: float = 0.05) -> tuple[float, ...]:
    """One-sided level of each of `looks` equally spaced looks; together they are wrong `alpha` of the time."""
    if looks < 1:
        raise ValueError("somebody must look at least once")
    information = tuple((number + 1) / looks for number in range(looks))
    spend = obrien_fleming if design == Design.LOOKS else one_date
    return levels_of([spend(share, looks, alpha) for share in information], information)


def obrien_fleming(share: float, looks: int = 1, alpha: float = 0.05) -> float:
    """Error spent when this share of the information is in (Lan and DeMets' version); `looks` does not matter."""
    return float(2 * norm.sf(norm.isf(alpha / 2) / np.sqrt(share)))


def one_date(share: float, looks: int, alpha: float = 0.05) -> float:
    """Most of it at the first look, the rest in equal parts over the extensions."""
    if looks == 1:
        return alpha
    extensions = round(share * looks) - 1
    return alpha * (_ON_THE_DATE + (1 - _ON_THE_DATE) * extensions / (looks - 1))


def levels_of(spent: Sequence[float], information: Sequence[float]) -> tuple[float, ...]:
    """The level of each look, from the error spent up to it and the share of information seen by then."""
    if len(spent) != len(information) or not len(spent):
        raise ValueError("each look has an error spent and a share of information")
    if any(np.diff(spent, prepend=0.0) <= 0) or spent[-1] >= 0.5:
        raise ValueError("the error spent grows with each look, and stays under a half")
    if any(np.diff(information, prepend=0.0) <= 0):
        raise ValueError("information grows with each look")
    found = [float(spent[0])]
    walk = _Walk(information[0], float(norm.isf(spent[0])) * np.sqrt(information[0]))
    for before, now, share in zip(spent, spent[1:], information[1:], strict=False):
        edge = walk.edge(now - before, share)
        found.append(float(norm.sf(edge / np.sqrt(share))))
        walk = walk.onward(edge, share)
    return tuple(found)


class _Walk:
    """The random walk's density over the values that did not pass an edge yet."""

    def __init__(self, share: float, edge: float) -> None:
        self.share = share
        self.values = np.linspace(-8 * np.sqrt(share), edge, _STEPS)
        self.density = norm.pdf(self.values, scale=np.sqrt(share))

    def edge(self, spend: float, share: float) -> float:
        """Where the next look must draw the line to spend this much."""
        spread = np.sqrt(share - self.share)

        def too_much(edge: float) -> float:
            passed = norm.sf((edge - self.values) / spread)
            return float(np.trapezoid(self.density * passed, self.values)) - spend

        return float(brentq(too_much, -4 * np.sqrt(share), 9 * np.sqrt(share), xtol=1e-9))

    def onward(self, edge: float, share: float) -> "_Walk":
        following = _Walk(share, edge)
        steps = following.values[:, None] - self.values[None, :]
        moved = norm.pdf(steps, scale=np.sqrt(share - self.share)) * self.density
        following.density = np.trapezoid(moved, self.values, axis=1)
        return following
