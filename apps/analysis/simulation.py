"""Figures from numbers that are not known exactly: drawn low, likely and high, vectorised over all issues.

Each assumption is a triangular law between its lowest and highest value with the likely one as its peak. Not the
smoother beta-PERT: raising the highest value of that one lowers its lower quantiles (0, 1, 2: 10 % point 0.49;
0, 1, 5: 0.45), so that a customer worth more could make a damage look smaller. The triangular law rises in each
of its three values, everywhere.

The draws are a Latin hypercube: each assumption runs through the same evenly spaced shares (draws,), in an order
that depends on the seed and its own key only. So the same number is drawn alike in every issue, page and command;
issues share what they share; and another issue more or less moves nobody's figures.

Of a figure the *likely* value is its formula at the likely values, to be checked by hand, and low and high are the
10 % and 90 % points of its draws; where the likely values all lie at one end, that end is the likely figure
itself. Limits: assumptions are drawn independently; shares of satisfied customers are taken as measured.
Sources: McKay, Beckman and Conover, Technometrics 21, 1979; Goodman, Strategic Customer Service (the formulas).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self
from zlib import crc32

import numpy as np

from apps.analysis.series import Floats, Ints

DRAWS = 2000
TAIL = 0.1
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Estimate:
    """A number that is not known exactly: its lowest, likely and highest value."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.likely <= self.high:
            raise ValueError("low, likely and high must be in order")

    def at(self, share: Floats) -> Floats:
        """The values below which these shares of the triangular law lie, (draws,)."""
        span, rise = self.high - self.low, self.likely - self.low
        if span == 0:
            return np.full(share.shape, self.likely)
        up = self.low + np.sqrt(share * span * rise)
        down = self.high - np.sqrt((1 - share) * span * (self.high - self.likely))
        # Rounding may not carry a draw over the ends.
        return np.clip(np.where(share * span < rise, up, down), self.low, self.high)


@dataclass(frozen=True)
class Drawn:
    """A number, or n of them side by side: the likely value, () or (n,), and the draws, (draws,) or (draws, n)."""

    likely: Floats
    draws: Floats

    @classmethod
    def of(cls, estimate: Estimate, key: str, *, seed: int, draws: int = DRAWS) -> Self:
        """One assumption, drawn in the order of its key."""
        return cls(np.asarray(estimate.likely, np.float64), estimate.at(shares(key, seed=seed, draws=draws)))

    @classmethod
    def exactly(cls, value: float, *, draws: int = DRAWS) -> Self:
        return cls(np.asarray(value, np.float64), np.full(draws, float(value)))

    @classmethod
    def side_by_side(cls, numbers: Sequence[Self], index: Ints) -> Self:
        """For each of n cells the number it uses: `index` (n,) into `numbers`."""
        likely, draws = (
            np.array([one.likely for one in numbers]),
            np.stack([one.draws for one in numbers], axis=1),
        )
        return cls(likely[index], draws[:, index])

    def summed(self, group: Ints, groups: int) -> "Drawn":
        """The cells of each group added up: `group` (n,) says which of `groups` a cell is in; none is empty."""
        order = np.argsort(group, kind="stable")
        starts = np.searchsorted(group[order], np.arange(groups))
        return Drawn(
            np.add.reduceat(self.likely[order], starts), np.add.reduceat(self.draws[:, order], starts, axis=1)
        )

    def times(self, factor: Floats | float) -> "Drawn":
        return Drawn(np.asarray(self.likely * factor), self.draws * factor)

    def plus(self, other: "Drawn") -> "Drawn":
        return Drawn(np.asarray(self.likely + other.likely), self.draws + other.draws)

    def ranges(self) -> list["Range"]:
        """Low, likely and high of each, to the cent."""
        ends = np.quantile(self.draws, (TAIL, 1 - TAIL), axis=0)
        low, high = np.minimum(ends[0], self.likely), np.maximum(ends[1], self.likely)
        return [
            Range(*map(exact, each))
            for each in zip(*(np.atleast_1d(part).tolist() for part in (low, self.likely, high)), strict=True)
        ]

    def range(self) -> "Range":
        return self.ranges()[0]


@dataclass(frozen=True)
class Range:
    """A figure as it is shown: what lies below 10 % of the draws, the formula at the likely values, and what lies
    above 90 %; rounded to the hundredth, halves up.
    """

    low: Decimal
    likely: Decimal
    high: Decimal

    def __neg__(self) -> "Range":
        return Range(-self.high, -self.likely, -self.low)


def shares(key: str, *, seed: int, draws: int) -> Floats:
    """The middles of `draws` equal parts of 0 to 1, in the order of this key."""
    order = np.random.default_rng([seed, crc32(key.encode())]).permutation(draws)
    return (order + 0.5) / draws


def lost_customers(
    told: Floats, multiplier: Floats, heard: Floats, silent: Floats, base: Floats | float = np.inf
) -> Floats:
    """Customers lost to problems that `told` customers told us of: the market damage N c H + N (1 - c) Ln.

    N = told x multiplier, never more than the `base`; c = told / N; H the share of those heard who leave
    (s Ls + m Lm + d Ld), `silent` the share of the others. Shapes broadcast: (n,) for the likely values,
    (draws, n) for the draws.
    """
    affected = np.minimum(told * np.maximum(multiplier, 1.0), base)
    known = np.minimum(told, affected)
    return known * heard + (affected - known) * silent


def simulate_lost(
    told: Floats, *, multiplier: Drawn, heard: Drawn, silent: Drawn, base: Drawn | None = None
) -> Drawn:
    """`lost_customers` at the likely values and at every draw."""
    limit: Floats | float = np.inf
    limits: Floats | float = np.inf
    if base is not None:
        limit, limits = base.likely, base.draws if multiplier.draws.ndim == 1 else base.draws[:, None]
    return Drawn(
        lost_customers(told, multiplier.likely, heard.likely, silent.likely, limit),
        lost_customers(told, multiplier.draws, heard.draws, silent.draws, limits),
    )


def exact(value: float) -> Decimal:
    """To the hundredth, halves up: of the shortest decimal that names this float, as a person would round it."""
    return Decimal(repr(float(value))).quantize(_CENT, ROUND_HALF_UP) + 0  # no minus zero
