"""A stream of tickets in which some issues have no code, and a few of those begin to rise.

Texts come from any labelled set. A quarter of the labels is never coded; of the others some examples of each are.
For 90 days tickets of all labels come in; on day 60 three of those without a code start to bring eight a day more.
Texts are drawn again and again from what was not coded, as customers use the same words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from apps.analysis.series import Ints

DAYS, RISE_ON = 90, 60
_UNCODED_SHARE, _RISING = 0.25, 3
_CODED = 10  # examples of each label with a code
_KNOWN_A_DAY, _HIDDEN_A_DAY, _RISE_A_DAY = 120.0, 0.7, 8.0


@dataclass(frozen=True)
class Stream:
    """Indices into the texts and the day of every ticket (n,); indices of coded texts; the labels that rise."""

    text: Ints
    day: Ints
    coded: Ints
    rising: tuple[str, ...]


def stream(labels: Sequence[str], seed: int) -> Stream:
    """90 days of tickets."""
    chance = np.random.default_rng(seed)
    label = np.asarray(labels)
    names = np.unique(label)
    hidden = chance.choice(names, max(round(_UNCODED_SHARE * len(names)), _RISING), replace=False)
    known = np.setdiff1d(names, hidden)
    coded = np.concatenate(
        [chance.choice(rows, min(_CODED, len(rows) // 2), False) for rows in _rows(label, known)]
    )
    pools = {name: np.setdiff1d(rows, coded) for name, rows in zip(names, _rows(label, names), strict=True)}
    usual = dict.fromkeys(known, _KNOWN_A_DAY / len(known)) | dict.fromkeys(hidden, _HIDDEN_A_DAY)
    rising = hidden[:_RISING].tolist()
    text, day = [], []
    for today in range(DAYS):
        for name in names:
            more = _RISE_A_DAY if today >= RISE_ON and name in rising else 0.0
            drawn = chance.choice(pools[name], chance.poisson(usual[name] + more))
            text.append(drawn)
            day.append(np.full(len(drawn), today))
    return Stream(np.concatenate(text), np.concatenate(day), coded, tuple(rising))


def _rows(label: np.ndarray, names: np.ndarray) -> list[Ints]:
    return [np.flatnonzero(label == name) for name in names]
