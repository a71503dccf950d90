"""How often a ticket that reads like a case is about it: a cosine made into a chance that was measured.

Method: a case's tickets have a middle, and every ticket a likeness, its cosine with that middle. Two sets of coded
tickets say what a likeness is worth: the case's own, each against the middle of the *others* (left out, as an unknown
ticket would be), and tickets of the same time that were coded as something else. A logistic curve through both, the
first weighing as much together as the case has a share of all coded tickets, tells the chance at each likeness (Platt
1999, with his smoothed targets, so that nothing is sure because it was never seen). The curve is never let fall.
What has a chance of one in three is proposed: a person looks through a short list, and what is not on it is not found.
Units: cosines, chances. Deterministic.
Limits: uncoded tickets are taken to hold as many of the case's as coded ones; where its code is the one that is missing
there are more, and the chance told is too low. Under 8 own tickets or 40 others nothing is measured: the order stands,
and no chance is told.
Measured by `python -m bench.loop alike` on short requests, thirty reasons that are easily mistaken, seeds 1-3: .69 of
the proposed are right and half of what is there is found; told are chances that are right a tenth too rarely, at every
height. As like as nine in ten of a case's own tickets, the rule before, found two fifths at the same .69, and showed
the cosine.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from apps.analysis.series import Floats

PROPOSED_FROM = 1 / 3
LEAST_OWN, LEAST_OTHERS = 8, 40
_STEPS, _RIDGE = 50, 1e-6


@dataclass(frozen=True)
class Scale:
    """A logistic curve over likeness."""

    slope: float
    height: float

    def chance(self, likeness: float) -> float:
        """That a ticket so like is about the case."""
        return float(expit(self.slope * likeness + self.height))

    def is_proposed(self, likeness: float) -> bool:
        return self.chance(likeness) >= PROPOSED_FROM


def middle(vectors: Floats) -> Floats:
    """Of rows of any length: of unit length itself."""
    mean = _units(vectors).mean(0)
    unit: Floats = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return unit


def left_out(vectors: Floats) -> Floats:
    """(n,): the likeness of each row to the middle of the others."""
    rows = _units(vectors)
    others = rows.sum(0) - rows
    found: Floats = (rows * others).sum(1) / np.maximum(np.linalg.norm(others, axis=1), 1e-9)
    return found


def scale(own: Floats, others: Floats, *, share: float) -> Scale | None:
    """What likenesses are worth, from those of the case's own tickets, those of others, and the `share` of the case's
    among all coded tickets; None while too few are known."""
    if len(own) < LEAST_OWN or len(others) < LEAST_OTHERS or not 0 < share < 1:
        return None
    sets = ((own, share, 1 - 1 / (len(own) + 2)), (others, 1 - share, 1 / (len(others) + 2)))
    likeness, weight, target = (
        np.concatenate(parts)
        for parts in zip(
            *((x, np.full(len(x), part / len(x)), np.full(len(x), wanted)) for x, part, wanted in sets),
            strict=True,
        )
    )
    slope, height = _fitted(likeness, weight * len(likeness), target)
    # A case whose tickets are no more like one another than any others: likeness says nothing.
    return Scale(slope, height) if slope > 0 else Scale(0.0, float(np.log(share / (1 - share))))


def _fitted(x: Floats, weight: Floats, target: Floats) -> tuple[float, float]:
    """Newton's method; half a step where a whole one would not help."""
    columns = np.column_stack([x - x.mean(), np.ones(len(x))])
    found = np.zeros(2)
    loss = _surprise(columns @ found, weight, target)
    for _ in range(_STEPS):
        chance = expit(columns @ found)
        gradient = columns.T @ (weight * (chance - target)) + _RIDGE * found
        curve = (columns.T * (weight * chance * (1 - chance))) @ columns + _RIDGE * np.eye(2)
        step = np.linalg.solve(curve, gradient)
        size = 1.0
        while _surprise(columns @ (found - size * step), weight, target) > loss and size > 1e-4:
            size /= 2
        found = found - size * step
        before, loss = loss, _surprise(columns @ found, weight, target)
        if before - loss < 1e-10:
            break
    return float(found[0]), float(found[1] - found[0] * x.mean())


def _surprise(score: Floats, weight: Floats, target: Floats) -> float:
    return float((weight * (np.logaddexp(0, score) - target * score)).sum())


def _units(vectors: Floats) -> Floats:
    rows: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return rows
