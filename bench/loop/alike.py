"""Tickets that read like a case: of those that are proposed, how many are about it, and does the chance that is told
beside them hold?

Each reason of the built-in requests (`data/requests.txt`) is a case once: eight of its fourteen requests are its own,
the other six are to be found among the held-out requests of all reasons and those that fit none. What likenesses are
worth is learnt from the eight and from the eight of every other reason, as the product learns it from coded tickets.
"""

from collections.abc import Iterator

import numpy as np

from apps.analysis import likeness
from apps.analysis.series import Floats
from apps.intake import encoders
from bench.loop.suggest import NONE, read_requests
from bench.loop.table import Measure

_OWN, _DRAWS, _PROPOSED = 8, 3, 10


def run(seed: int) -> Iterator[Measure]:
    """Several draws. Nothing where no encoder is installed: without vectors nothing is proposed."""
    encoder = encoders.default()
    if encoder is None:
        return
    requests = read_requests()
    vectors = np.asarray(encoder.encode(requests.texts), np.float64)
    labels = np.array(requests.labels)
    found = [
        _case(label, vectors, labels, np.random.default_rng([seed, draw, place]))
        for draw in range(_DRAWS)
        for place, label in enumerate(sorted({label for label in requests.labels if label != NONE}))
    ]
    told, right = (np.concatenate([case[n] for case in found]) for n in (0, 1))
    asked = sum(case[2] for case in found)
    apart = float(told.mean() - right.mean())
    # The rule before: as like as nine in ten of the case's own.
    yield Measure("alike", "of those proposed, right", float(right.mean()), 0.6, reference=0.69)
    yield Measure("alike", "found of what is there", float(right.sum() / asked), 0.45, reference=0.406)
    yield Measure("alike", "chance told above share right", apart, 0.05, more_is_better=False)
    yield Measure("alike", "chance told against share right, apart", abs(apart), 0.15, more_is_better=False)


def _case(
    label: str, vectors: Floats, labels: np.ndarray, chance: np.random.Generator
) -> tuple[Floats, Floats, int]:
    """The chances told of what is proposed, whether each is right, and how many there were to find."""
    known = np.zeros(len(labels), bool)
    for one in np.unique(labels):
        if one != NONE:
            known[chance.permutation(np.flatnonzero(labels == one))[:_OWN]] = True
    own = vectors[known & (labels == label)]
    middle = likeness.middle(own)
    others = known & (labels != label)
    scale = likeness.scale(likeness.left_out(own), vectors[others] @ middle, share=len(own) / known.sum())
    assert scale is not None
    candidates = np.flatnonzero(~known)
    score = vectors[candidates] @ middle
    best = np.argsort(-score, kind="stable")[:_PROPOSED]
    best = best[[scale.is_proposed(float(one)) for one in score[best]]]
    right = (labels[candidates[best]] == label).astype(np.float64)
    told = np.array([scale.chance(float(one)) for one in score[best]])
    return told, right, int((labels[candidates] == label).sum())
