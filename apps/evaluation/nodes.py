"""Which issues of the taxonomy are one too many, and which are several in one.

*Mixed up*: two issues the text model can't tell apart. `tickets` (issues,) counts the tickets people gave each issue,
`taken` (issues, issues) how many of the row's the model would rather give the column's. A pair counts as near-duplicate
where on average `MIXED_UP` of both sides' tickets are taken for the other, and `BOTH_WAYS` on either side: one that is
merely rare loses tickets one way only. At chance the average is one half.

*Alike in words*: names, definitions and examples of two issues, cosine of their TF-IDF vectors; from `ALIKE` on two
people will read them as one.

*Loose*: an issue whose tickets resemble each other less than those of the usual issue. `closeness` is the mean cosine
between the tickets of one issue, over the median of all issues. Measured on made letters of 47 issues, 60 each: one
issue lies between .58 and 1.47 (one of 47 below `LOOSE`), two thrown together below it in 13 of 20, three in 10 of 10.

Limits: words, not meaning; texts of one language each, or languages are what falls apart; fewer than `FEWEST` texts
or `FEWEST` tickets of an issue say nothing.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MIXED_UP, BOTH_WAYS = 0.2, 0.1
ALIKE = 0.5
LOOSE = 0.6
FEWEST = 20
_WORD = re.compile(r"[^\W\d_]{3,}")
_EVERYWHERE = 0.8  # words in more texts than this tell nothing


@dataclass(frozen=True)
class MixedUp:
    """Two issues by their places, and the share of either's tickets taken for the other (the mean of both sides)."""

    one: int
    other: int
    share: float
    tickets: int


def mixed_up(tickets: npt.ArrayLike, taken: npt.ArrayLike) -> list[MixedUp]:
    """The pairs the model can't tell apart, the worst first."""
    count, table = np.asarray(tickets, np.float64), np.asarray(taken, np.float64)
    if table.shape != (len(count), len(count)):
        raise ValueError("taken needs a row and a column for each issue")
    rate = table / np.maximum(count, 1)[:, None]
    mean, least = (rate + rate.T) / 2, np.minimum(rate, rate.T)
    enough = (count >= FEWEST)[:, None] & (count >= FEWEST)
    found = np.argwhere(np.triu(enough & (mean >= MIXED_UP) & (least >= BOTH_WAYS), 1))
    pairs = [MixedUp(i, j, float(mean[i, j]), int(count[i] + count[j])) for i, j in found.tolist()]
    return sorted(pairs, key=lambda pair: -pair.share)


def alike_in_words(texts: Sequence[str]) -> list[tuple[int, int, float]]:
    """Pairs of places whose texts share most of what is particular to them, with their cosine, the most alike first."""
    vectors = _vectors(texts, least=1)
    pairs = [
        (i, j, _cosine(vectors[i], vectors[j])) for i in range(len(texts)) for j in range(i + 1, len(texts))
    ]
    return sorted((pair for pair in pairs if pair[2] >= ALIKE), key=lambda pair: -pair[2])


def closeness(texts: Mapping[int, Sequence[str]]) -> dict[int, float]:
    """How much an issue's texts resemble each other, 1 being the median of all issues; only those with enough texts.

    Work grows with the number of words: the mean cosine of n unit vectors is (|sum|^2 - n) / n(n - 1).
    """
    told = {issue: found for issue, found in texts.items() if len(found) >= FEWEST}
    vectors = iter(_vectors([text for found in told.values() for text in found], least=2))
    likeness = {issue: _mean_cosine([next(vectors) for _ in found]) for issue, found in told.items()}
    usual = float(np.median(list(likeness.values()))) if likeness else 0.0
    return {issue: value / usual for issue, value in likeness.items()} if usual > 0 else {}


def _vectors(texts: Sequence[str], *, least: int) -> list[dict[str, float]]:
    """TF-IDF of words in at least `least` texts, unit length; empty for a text without one."""
    words = [Counter(_WORD.findall(text.lower())) for text in texts]
    spread = Counter(word for counted in words for word in counted)
    n = len(texts)
    weight = {
        word: float(np.log(n / seen))
        for word, seen in spread.items()
        if least <= seen <= max(_EVERYWHERE * n, 1)
    }
    return [
        _unit({word: seen * weight[word] for word, seen in counted.items() if word in weight})
        for counted in words
    ]


def _unit(vector: dict[str, float]) -> dict[str, float]:
    length = sum(value**2 for value in vector.values()) ** 0.5
    return {word: value / length for word, value in vector.items()} if length else {}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(value * other.get(word, 0.0) for word, value in one.items())


def _mean_cosine(vectors: Sequence[Mapping[str, float]]) -> float:
    n, total, own = len(vectors), Counter[str](), 0
    for vector in vectors:
        total.update(vector)
        own += bool(vector)
    return (sum(value**2 for value in total.values()) - own) / (n * (n - 1))
