"""Texts to rows of numbers: their words, their letters, and what an encoder says they mean.

Method: TF-IDF of words (1-2) and of characters within words (2-5, so that endings, compounds and typing errors cost
little), sublinear, each of unit length; beside them the encoder's vector, of unit length times a weight. Without an
encoder the words are all there is. Only the first 2,000 characters count: a complaint names its reason early.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from apps.intake.suggestion.kinds import Floats, Sparse

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

    from apps.intake.encoders import Encoder

_MAX_CHARS = 2_000
_MAX_WORDS, _MAX_CHARACTER_GRAMS = 30_000, 60_000


@dataclass(frozen=True, slots=True)
class Described:
    """Texts as numbers. `words` is (texts, features) and sparse; `vectors` (texts, dimensions), zeros where a text was
    not encoded, and no columns without an encoder."""

    words: Sparse
    vectors: Floats

    def __getitem__(self, rows: Any) -> "Described":
        return Described(self.words[rows], self.vectors[rows])

    def weighted(self, meaning: float) -> Sparse:
        """One sparse matrix, the vectors `meaning` times as long as the words."""
        from scipy.sparse import csr_matrix, hstack

        if not self.vectors.shape[1]:
            return self.words
        return hstack(
            [self.words, csr_matrix(self.vectors * np.float32(meaning))], format="csr", dtype=np.float32
        )


@dataclass(frozen=True, slots=True)
class Describer:
    """What was learnt about words, and the encoder."""

    vectorizers: tuple["TfidfVectorizer", ...]
    encoder: "Encoder | None"

    def describe(self, texts: Sequence[str], *, encoded: int | None = None) -> Described:
        """`encoded`: only so many of the first texts get a vector, for encoding costs a hundred times the rest."""
        from scipy.sparse import csr_matrix, hstack

        if not texts:
            width = sum(len(each.vocabulary_) for each in self.vectorizers)
            return Described(csr_matrix(np.zeros((0, width), dtype=np.float32)), self._vectors([], 0))
        short = shortened(texts)
        words = hstack([each.transform(short) for each in self.vectorizers], format="csr", dtype=np.float32)
        return Described(words, self._vectors(short if encoded is None else short[:encoded], len(short)))

    def _vectors(self, encoded: Sequence[str], rows: int) -> Floats:
        vectors = np.zeros((rows, self.encoder.dimensions if self.encoder else 0), dtype=np.float32)
        if self.encoder and encoded:
            vectors[: len(encoded)] = self.encoder.encode(encoded)
        return vectors


def learn_words(texts: Iterable[str], encoder: "Encoder | None") -> Describer:
    short = shortened(texts)
    return Describer(tuple(each.fit(short) for each in vectorizers()), encoder)


def vectorizers() -> tuple["TfidfVectorizer", ...]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    shared: dict[str, Any] = {"sublinear_tf": True, "strip_accents": "unicode", "dtype": np.float32}
    words = {"ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"}
    return (
        TfidfVectorizer(max_features=_MAX_WORDS, **words, **shared),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), max_features=_MAX_CHARACTER_GRAMS, **shared),
    )


def shortened(texts: Iterable[str]) -> list[str]:
    return [text[:_MAX_CHARS] for text in texts]
