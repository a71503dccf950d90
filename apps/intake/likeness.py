"""How alike texts are: by meaning and by letters, mixed.

Method: the cosine of the sentence encoder's vectors, times .7, and the cosine of the texts' groups of four letters,
each weighed by its rarity among the texts compared (TF-IDF, once a text), times .3. Meaning finds the same trouble in
other words; letters hold on to what an encoder blurs: product names, error codes, order numbers. Groups of letters do
it better than whole words (a twentieth more right at first with no encoder), because they see through endings,
compounds and slips of the finger, in any language. Rarity among sixty candidates serves as well as among all texts.

Scores reach 1 for the same text; where one of two texts has no vector, letters alone speak for the pair. Deterministic.
Limits: cosines of different encoders can't be compared, so all vectors of a call must be of one encoder.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

MEANING, LETTERS = 0.7, 0.3
_GROUP = 4
_BLOCK = 500
_WORD = re.compile(r"\w+")


def ranking(
    asked: Sequence[str],
    among: Sequence[str],
    *,
    vectors_asked: Floats | None = None,
    vectors_among: Floats | None = None,
    top: int = 5,
) -> Indices:
    """(asked, top): the indices of the texts most like each of those asked for, the likest first.

    `vectors_*` are (texts, dimensions), rows of unit length; a row of zeros says that this text has no vector.
    """
    letters = Letters(among)
    found = []
    for start in range(0, len(asked), _BLOCK):
        part = slice(start, start + _BLOCK)
        scores = letters.likeness(asked[part])
        if vectors_asked is not None and vectors_among is not None:
            scores = mixed(cosines(vectors_asked[part], vectors_among), scores)
        found.append(np.argsort(-scores, axis=1, kind="stable")[:, :top])
    return np.concatenate(found) if found else np.zeros((0, top), np.intp)


def cosines(asked: Floats, among: Floats) -> Floats:
    """(asked, among), of rows of unit length; NaN where one of the two is all zeros."""
    known = np.outer(asked.any(1), among.any(1))
    return np.where(known, asked @ among.T, np.float32(np.nan))


def mixed(meaning: Floats, letters: Floats) -> Floats:
    """The score of each pair from its cosine of meanings (NaN: not known) and its likeness of letters."""
    return np.where(np.isnan(meaning), letters, MEANING * meaning + LETTERS * letters)


class Letters:
    """Texts that others are compared with, by their groups of letters."""

    def __init__(self, texts: Sequence[str]) -> None:
        groups = [letter_groups(text) for text in texts]
        self._number = {group: number for number, group in enumerate(dict.fromkeys(chain(*groups)))}
        columns = [[self._number[group] for group in own] for own in groups]
        holding = np.bincount(np.array([*chain(*columns)], np.intp), minlength=len(self._number))
        self._rarity = 1 + np.log(len(texts) / np.maximum(holding, 1))
        # In a text that is asked for, a group that none of these has is as rare as one that one of them has.
        self._unknown = 1 + np.log(max(len(texts), 1))
        self._rows = self._weighed(columns, [0.0] * len(texts))

    def likeness(self, asked: Sequence[str]) -> Floats:
        """(asked, texts): the cosine of their groups, each weighed by its rarity among these texts."""
        groups = [letter_groups(text) for text in asked]
        known = [[self._number[group] for group in own if group in self._number] for own in groups]
        strange = [
            (len(own) - len(columns)) * self._unknown**2 for own, columns in zip(groups, known, strict=True)
        ]
        product = self._weighed(known, strange) @ self._rows.T
        return np.asarray(product.toarray(), np.float32)

    def _weighed(self, columns: Sequence[Sequence[int]], beside: Sequence[float]) -> csr_array:
        """(texts, groups), sparse, rows of unit length; `beside` is the square of what a row has outside the table."""
        starts = np.cumsum([0, *map(len, columns)])
        flat = np.array([*chain(*columns)], np.intp)
        weights = self._rarity[flat]
        row = np.repeat(np.arange(len(columns)), np.diff(starts))
        lengths = np.sqrt(np.bincount(row, weights**2, minlength=len(columns)) + np.array(beside))
        return csr_array((weights / lengths[row], flat, starts), shape=(len(columns), len(self._number)))


def letter_groups(text: str) -> Mapping[str, None]:
    """Each group of four within a word and the space around it, once; a shorter word is a group itself."""
    found: dict[str, None] = {}
    for word in _WORD.findall(text.lower()):
        padded = f" {word} "
        for start in range(max(len(padded) - _GROUP + 1, 1)):
            found[padded[start : start + _GROUP]] = None
    return found
