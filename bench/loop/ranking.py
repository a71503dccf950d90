"""The ranking benchmark: which ten of 400 thin cells cost most per customer, shrunk rates against raw ones.

Cells have log-normal exposure, Gamma rates and log-normal cost. Precision@10: share of the true top ten in the top ten.
Cost captured: true cost of those ten over that of the true ten. The targets are for what shrinking gains on the raw
rates of the same worlds.
"""

from collections.abc import Iterator

import numpy as np

from apps.analysis.ranking import rank
from apps.analysis.series import Floats, Ints
from bench.loop.table import Measure

_CELLS, _TOP = 400, 10


def run(seed: int, *, worlds: int = 60) -> Iterator[Measure]:
    """All ranking measures for a seed: means over `worlds`."""
    scores = [_world(np.random.default_rng([seed, number])) for number in range(worlds)]
    shrunk, raw = (np.mean([score[way] for score in scores], 0) for way in (0, 1))
    yield Measure("ranking", "precision@10, shrunk rate x cost", float(shrunk[0]), reference=0.572)
    yield Measure(
        "ranking", "precision@10, gained on raw rates", float(shrunk[0] - raw[0]), 0.03, reference=0.064
    )
    yield Measure("ranking", "cost captured, shrunk rate x cost", float(shrunk[1]), 0.8, reference=0.833)
    yield Measure(
        "ranking", "cost captured, gained on raw rates", float(shrunk[1] - raw[1]), 0.03, reference=0.07
    )


def _world(chance: np.random.Generator) -> tuple[tuple[float, float], tuple[float, float]]:
    """Precision and cost captured, by shrunk and by raw rates."""
    exposure = np.exp(chance.normal(np.log(30), 1.2, _CELLS))
    rate = chance.gamma(0.6, 0.4 / 0.6, _CELLS) * 0.1
    cost = np.exp(chance.normal(0, 0.5, _CELLS))
    tickets = chance.poisson(rate * exposure)
    shrunk = rank(tickets, exposure, cost, seed=0, draws=1).order
    raw = np.argsort(-tickets / exposure * cost, kind="stable")
    return _score(shrunk, rate * cost), _score(raw, rate * cost)


def _score(order: Ints, truth: Floats) -> tuple[float, float]:
    best = np.argsort(-truth)[:_TOP]
    chosen = order[:_TOP]
    return len(set(best) & set(chosen)) / _TOP, float(truth[chosen].sum() / truth[best].sum())
