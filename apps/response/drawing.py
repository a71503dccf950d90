"""Which tickets to read a second time: those where a wrong code is likeliest, and each with a known chance.

`suspicion` (tickets,), 0 to 1 each, says how doubtful every ticket's code is: how often readers of this code disagreed
before, and how much the suggestion doubts it. `chances` turns it into the chance of being drawn, proportional to
`FLOOR` + suspicion and `size` in sum, so that nothing is drawn with certainty unless it must and nothing never.
`draw` takes exactly `size` of them by systematic sampling through a shuffled list (Madow, Annals of Mathematical
Statistics 20, 1949): every ticket comes with just its chance, and weighting each by 1 / chance (Horvitz and Thompson
1952) undoes the preference. The same seed draws the same tickets.

Limits: systematic samples have no unbiased variance of their own; intervals use the effective number instead
(apps/analysis/agreement.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FLOOR = 0.25  # a code nobody doubts is drawn a fifth as often as one that everybody does
# Before a code was read twice, it counts as if it had been PRIOR_READ times with PRIOR_DIFFERED disagreements.
PRIOR_READ, PRIOR_DIFFERED = 10.0, 2.0


@dataclass(frozen=True)
class Drawn:
    """The places of the drawn tickets (size,) and the chance each of them had (size,)."""

    places: npt.NDArray[np.intp]
    chances: Floats


def disagreement(read: int, differed: int) -> float:
    """The share of a code's tickets that a second reader codes otherwise, carefully guessed from few."""
    if not 0 <= differed <= read:
        raise ValueError("of so many tickets at most so many can differ")
    return (differed + PRIOR_DIFFERED) / (read + PRIOR_READ)


def doubt(code: int, suggested: Mapping[int, float]) -> float:
    """How much the suggestion doubts a code, 0 to 1: its best other guess, measured against both; .5 is a tie.

    `suggested` has its guesses with their confidence; without any it has no opinion, and doubts nothing.
    """
    other = max((confidence for guess, confidence in suggested.items() if guess != code), default=0.0)
    own = suggested.get(code, 0.0)
    return other / (own + other) if own + other > 0 else 0.0


def chances(suspicion: npt.ArrayLike, size: int) -> Floats:
    """(tickets,) proportional to `FLOOR` + suspicion, `size` in sum, none above 1."""
    return proportional(_score(suspicion), size)


def draw(suspicion: npt.ArrayLike, size: int, *, seed: int) -> Drawn:
    """`size` tickets, or all there are when they are fewer."""
    return draw_by_size(_score(suspicion), size, seed=seed)


def proportional(sizes: npt.ArrayLike, size: int) -> Floats:
    """(units,) chances proportional to `sizes` (units,), all above 0; `size` in sum, none above 1."""
    score = np.asarray(sizes, np.float64)
    if size >= len(score):
        return np.ones_like(score)
    chance = np.zeros_like(score)
    certain = np.zeros(len(score), bool)
    while True:
        rest = size - int(certain.sum())
        chance = np.where(certain, 1.0, rest * score / score[~certain].sum())
        beyond = (chance >= 1) & ~certain
        if not beyond.any():
            return chance
        certain |= beyond


def draw_by_size(sizes: npt.ArrayLike, size: int, *, seed: int | Sequence[int]) -> Drawn:
    """`size` units with chances proportional to `sizes`, or all there are when they are fewer."""
    chance = proportional(sizes, size)
    size = min(size, len(chance))
    if size <= 0:
        return Drawn(np.zeros(0, np.intp), np.zeros(0))
    random = np.random.default_rng(seed)
    order = random.permutation(len(chance))
    marks = random.random() + np.arange(size)
    # The sum is `size` but for rounding, and the last mark must not fall off its end.
    ends = np.cumsum(chance[order]) * (size / chance.sum())
    places = order[np.minimum(np.searchsorted(ends, marks, side="right"), len(order) - 1)]
    return Drawn(places, chance[places])


def _score(suspicion: npt.ArrayLike) -> Floats:
    score = np.asarray(suspicion, np.float64) + FLOOR
    if not ((score >= FLOOR) & (score <= 1 + FLOOR)).all():
        raise ValueError("suspicion is a share between 0 and 1")
    return score
