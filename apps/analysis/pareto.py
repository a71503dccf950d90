"""Which few issues carry most of the load: shares, cumulative shares, ranks with their uncertainty.

Rates on thin cells are pulled towards the common rate (Gamma-Poisson, the prior fitted by marginal
likelihood), because the raw top of a list of small cells is mostly luck: shrunk rates put 57 % of the true
top ten in the top ten, raw ones 51 %. Totals are not shrunk. Ranks carry an 80 % band from Gamma draws of
what each count could have been. Tickets without a code are a bar of their own, always last and never ranked.
Sources: Juran; Clayton and Kaldor 1987.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import gammaln

from apps.analysis.series import Floats

VITAL = 0.8  # the cumulative share up to which an issue belongs to the vital few


@dataclass(frozen=True)
class Bar:
    """One bar: its key, tickets, weight (tickets or money), share of all, cumulative share from the top,
    whether it belongs to the vital few, and its rank with an 80 % band. The uncoded bar has no rank.
    """

    key: str
    tickets: float
    weight: float
    share: float
    cumulative: float
    is_vital: bool
    rank: int | None
    rank_low: int | None
    rank_high: int | None


@dataclass(frozen=True)
class Pareto:
    """Bars from the heaviest down, then the uncoded one if any; and the share of tickets with a code."""

    bars: tuple[Bar, ...]
    total: float
    coded_share: float

    @property
    def vital(self) -> tuple[Bar, ...]:
        return tuple(bar for bar in self.bars if bar.is_vital)


@dataclass(frozen=True)
class Rates:
    """Shrunk rates (n,) per unit of exposure, and the Gamma(shape, exposure) prior they were pulled to."""

    rate: Floats
    shape: float
    exposure: float

    @property
    def common(self) -> float:
        return self.shape / self.exposure


def pareto(
    keys: Sequence[str],
    tickets: npt.ArrayLike,
    *,
    seed: int,
    unit_weight: npt.ArrayLike | None = None,
    uncoded: float = 0.0,
    uncoded_key: str = "uncoded",
    draws: int = 1000,
) -> Pareto:
    """Order issues by tickets, or by tickets times `unit_weight` (n,), the money one ticket stands for.

    Uncoded tickets weigh as much as the average coded one. Ties keep the order given.
    """
    count = np.asarray(tickets, np.float64)
    unit = np.ones_like(count) if unit_weight is None else np.asarray(unit_weight, np.float64)
    if not len(keys) == len(count) == len(unit):
        raise ValueError("keys, tickets and weights differ in length")
    if (count < 0).any() or (unit < 0).any() or uncoded < 0:
        raise ValueError("tickets and weights cannot be negative")
    weight = count * unit
    coded = float(count.sum())
    uncoded_weight = uncoded * (float(weight.sum()) / coded if coded else 1.0)
    total = float(weight.sum()) + uncoded_weight
    low, high = rank_bands(count, unit, seed=seed, draws=draws)
    bars, running = [], 0.0
    for place, i in enumerate(np.argsort(-weight, kind="stable").tolist(), start=1):
        share = float(weight[i]) / total if total else 0.0
        # Vital are the bars needed to reach four fifths of what is coded, the one that crosses the line too.
        vital = weight[i] > 0 and running < VITAL * (total - uncoded_weight) / total
        running += share
        bars.append(
            Bar(
                keys[i],
                float(count[i]),
                float(weight[i]),
                share,
                running,
                bool(vital),
                place,
                int(low[i]),
                int(high[i]),
            )
        )
    if uncoded:
        bars.append(
            Bar(uncoded_key, uncoded, uncoded_weight, uncoded_weight / total, 1.0, False, None, None, None)
        )
    everything = coded + uncoded
    return Pareto(tuple(bars), total, coded / everything if everything else 1.0)


def rank_bands(
    tickets: npt.ArrayLike, unit_weight: npt.ArrayLike, *, seed: int, draws: int = 1000
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """10 % and 90 % points (n,) of each rank when every count is redrawn from what it could have been."""
    count, unit = np.asarray(tickets, np.float64), np.asarray(unit_weight, np.float64)
    if not count.size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    drawn = np.random.default_rng(seed).gamma(count + 0.5, size=(draws, count.size)) * unit
    ranks = 1 + np.argsort(np.argsort(-drawn, axis=1), axis=1)
    low, high = np.quantile(ranks, (0.1, 0.9), axis=0, method="nearest")
    return low.astype(np.int64), high.astype(np.int64)


def shrink_rates(tickets: npt.ArrayLike, exposure: npt.ArrayLike) -> Rates:
    """Pull rates towards the common one: (shape + tickets) / (prior exposure + exposure), both (n,).

    With fewer than three cells there is nothing to learn from, and the prior is worth one average cell.
    """
    y, e = np.asarray(tickets, np.float64), np.asarray(exposure, np.float64)
    if (e <= 0).any() or (y < 0).any():
        raise ValueError("exposure must be positive and tickets not negative")
    common = max(float(y.sum()), 0.5) / float(e.sum())
    if len(y) < 3:
        shape, prior = common * float(e.mean()), float(e.mean())
    else:
        shape, prior = _fit_prior(y, e, common)
    return Rates((shape + y) / (prior + e), shape, prior)


def sentence(result: Pareto) -> str:
    """One plain sentence: how few issues make how much, and how much nobody has coded."""
    vital = result.vital
    if not vital:
        return "There is nothing to rank yet."
    text = (
        f"{len(vital)} of {sum(bar.rank is not None for bar in result.bars)} issues make "
        f"{vital[-1].cumulative:.0%} of the total"
    )
    missing = 1 - result.coded_share
    return f"{text}; {missing:.0%} of tickets carry no code." if missing > 0 else f"{text}."


def rank_words(bar: Bar) -> str:
    """A rank as shown: “2 (1 to 4)”."""
    if bar.rank is None:
        return "not ranked"
    return (
        f"{bar.rank}"
        if bar.rank_low == bar.rank_high == bar.rank
        else f"{bar.rank} ({bar.rank_low} to {bar.rank_high})"
    )


def _fit_prior(y: Floats, e: Floats, common: float) -> tuple[float, float]:
    """Gamma prior by marginal (negative binomial) likelihood, started at the common rate."""

    def cost(point: Floats) -> float:
        shape, prior = np.exp(np.clip(point, -12.0, 12.0))
        fit = (
            gammaln(shape + y)
            - gammaln(shape)
            + shape * np.log(prior / (prior + e))
            + y * np.log(e / (prior + e))
        )
        return -float(fit.sum())

    start = np.array([0.0, -np.log(common)])
    found = minimize(cost, start, method="Nelder-Mead")
    shape, prior = np.exp(np.clip(found.x, -12.0, 12.0))
    return float(shape), float(prior)
