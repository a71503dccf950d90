"""Whether a text fits a code at all.

Method: two signs, each in standard deviations over held-out coded tickets, added up: how far away the nearest coded
texts lie (1 - mean cosine of the five nearest, by the encoder's vectors), and how little the classifier cares (the
highest margin, negated). What lies above four in five coded tickets is taken to fit no code: one in five that does
fit is among them, so it is a pool to look for new issues in, not a verdict. Without an encoder the margin stands
alone.
"""

from dataclasses import dataclass

import numpy as np

from apps.intake.suggestion.kinds import Floats, Ints

_NEIGHBOURS = 5
_MOST_KEPT = 4_000  # vectors of coded texts, the newest: they travel with the model
_SHARE_THAT_FITS = 0.8
_BLOCK = 512
_NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Novelty:
    """`known` is (texts, dimensions), of unit length. Means and spreads are of distance and of negated margin."""

    known: Floats
    means: tuple[float, float]
    spreads: tuple[float, float]
    threshold: float

    def above(self, margins: Floats, vectors: Floats) -> Floats:
        """(texts,): how far above the threshold each text lies."""
        distances = _distances(vectors, self.known)
        return _sum_of_signs(distances, margins, self.means, self.spreads) - np.float32(self.threshold)


def learn(margins: Floats, vectors: Floats, held: Ints) -> Novelty:
    """`margins` (held, issues) are of the held-out texts, whose numbers `held` has; `vectors` are of all coded texts,
    newest first, and have no columns when there is no encoder."""
    known = vectors[vectors.any(axis=1)][:_MOST_KEPT]
    place = np.cumsum(vectors.any(axis=1)) - 1  # of a text among the known
    own = np.where(place[held] < len(known), place[held], _NOWHERE) if len(known) else None
    distances = _distances(vectors[held], known, own)
    reluctance = -margins.max(axis=1)
    means = float(distances.mean()), float(reluctance.mean())
    spreads = float(distances.std()) or 1.0, float(reluctance.std()) or 1.0
    scores = _sum_of_signs(distances, margins, means, spreads)
    return Novelty(known, means, spreads, float(np.quantile(scores, _SHARE_THAT_FITS)))


def _sum_of_signs(
    distances: Floats, margins: Floats, means: tuple[float, float], spreads: tuple[float, float]
) -> Floats:
    scores: Floats = (distances - means[0]) / spreads[0] + (-margins.max(axis=1) - means[1]) / spreads[1]
    return scores


def _distances(vectors: Floats, known: Floats, own: Ints | None = None) -> Floats:
    """1 - mean cosine of the nearest; 0 for all when too little is known. `own`: where each text itself stands among
    the known, for none is its own neighbour."""
    nearest = min(_NEIGHBOURS, len(known) - 1)
    if nearest < 1:
        return np.zeros(len(vectors), dtype=np.float32)
    found = np.empty(len(vectors), dtype=np.float32)
    for start in range(0, len(vectors), _BLOCK):
        cosines = vectors[start : start + _BLOCK] @ known.T
        if own is not None:
            place = own[start : start + _BLOCK]
            rows = np.flatnonzero(place != _NOWHERE)
            cosines[rows, place[rows]] = -1
        found[start : start + _BLOCK] = 1 - np.partition(cosines, -nearest, axis=1)[:, -nearest:].mean(axis=1)
    return found
