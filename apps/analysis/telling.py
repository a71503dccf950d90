"""A few texts that speak for many: those nearest the middle, as far as they differ, and the newest.

Method: the likeness of each text to all others is its mean cosine, by an encoder's vectors where all texts have one, by
groups of letters otherwise (`apps.intake.likeness`). The likest are taken in turn; one that says nearly the same as one
taken before is passed over, so that three letters of one template are not the three examples.
Limits: a few dozen texts; the work grows with their square.
"""

from collections.abc import Sequence

import numpy as np

from apps.analysis.series import Floats
from apps.intake.likeness import Letters

_NEARLY_THE_SAME = 0.8


def telling(
    texts: Sequence[str], vectors: Floats | None = None, *, newest: int, most: int = 3
) -> tuple[int, ...]:
    """Indices of at most `most` texts nearest the middle, and of the `newest` one. `vectors` are (texts, d)."""
    letters = Letters(texts).likeness(texts)
    alike = letters if vectors is None else vectors @ vectors.T
    chosen: list[int] = []
    for i in np.argsort(-alike.mean(1), kind="stable").tolist():
        if len(chosen) == most:
            break
        if all(letters[i, other] < _NEARLY_THE_SAME for other in chosen):
            chosen.append(i)
    return tuple(dict.fromkeys([*chosen, newest]))
