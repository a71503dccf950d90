"""The benchmark of emerging issues: new issues found among tickets without a code, night by night.

A group is new when it shares no ticket with one announced before, as in the product. It is a hit when most of its
tickets are of an issue that has begun to rise, and false otherwise. Purity: share of that issue in the group when it
was first announced.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apps.analysis.clusters import (
    BY_MEANING,
    BY_WORDS,
    Emerging,
    centred,
    find_emerging,
    fits_no_code,
    vectors_of,
)
from apps.analysis.series import Floats, Ints
from apps.intake import encoders
from bench.loop.files import DataError
from bench.loop.generators.stream import DAYS, RISE_ON, Stream, stream
from bench.loop.suggest import NONE, Labelled, read_labelled, read_requests
from bench.loop.table import Measure

_SPAN = BY_WORDS.recent + BY_WORDS.history
_LEAST_LABELS = 12


@dataclass(frozen=True)
class Found:
    """Of one stream: days until each rise found was announced, how pure its group was, and false groups."""

    delays: tuple[int, ...]
    purities: tuple[float, ...]
    rises: int
    false: int


def run(seed: int, *, streams: int = 4) -> Iterator[Measure]:
    """All measures for a seed, on the built-in requests."""
    yield from _measures("", read_requests(), seed, streams)


def run_data(folder: Path, *, seed: int = 1, streams: int = 4) -> Iterator[Measure]:
    """The same on every labelled set of a folder that has labels enough. Raises DataError."""
    for path in sorted(folder.rglob("train.csv")):
        asked = path.with_name("test.csv")
        if not asked.is_file():
            raise DataError(f"{asked}: is missing beside {path.name}")
        texts = read_labelled(path) + read_labelled(asked)
        if len(set(texts.labels)) >= _LEAST_LABELS:
            name = str(path.parent.relative_to(folder))
            yield from _measures("" if name == "." else f"{name}: ", texts, seed, streams)


def _measures(name: str, texts: Labelled, seed: int, streams: int) -> Iterator[Measure]:
    known = texts.chosen([row for row, label in enumerate(texts.labels) if label != NONE])
    encoder = encoders.default()
    vectors = np.asarray(encoder.encode(known.texts), np.float64) if encoder else None
    found = [watched(known, stream(known.labels, 1000 * seed + number), vectors) for number in range(streams)]
    delays = [delay for one in found for delay in one.delays]
    purities = [purity for one in found for purity in one.purities]
    share = len(delays) / sum(one.rises for one in found)
    false = float(np.mean([one.false for one in found])) * 30 / (DAYS - _SPAN)
    yield Measure("emerging", f"{name}share found in 30 days", share, 0.75, reference=0.75)
    yield Measure("emerging", f"{name}days until found", _median(delays), 5, False, reference=4)
    yield Measure("emerging", f"{name}false in 30 days", false, 0.5, False, reference=0)
    yield Measure("emerging", f"{name}purity", float(np.mean(purities or [0.0])), 0.9, reference=0.97)


def watched(texts: Labelled, tickets: Stream, vectors: Floats | None = None) -> Found:
    """Look every night from the day the span is full. `vectors` are the texts', where an encoder made them."""
    announced: set[int] = set()
    hits: dict[str, tuple[int, float]] = {}
    false = 0
    for today in range(_SPAN, DAYS):
        span = np.flatnonzero((tickets.day > today - _SPAN) & (tickets.day <= today))
        for members in _night(texts.texts, tickets, span, today, vectors):
            if announced.isdisjoint(members.tolist()):
                labels, counts = np.unique(
                    [texts.labels[i] for i in tickets.text[members]], return_counts=True
                )
                label = str(labels[counts.argmax()])
                if label in tickets.rising and today >= RISE_ON:
                    hits.setdefault(label, (today - RISE_ON + 1, float(counts.max() / counts.sum())))
                else:
                    false += 1
            announced.update(members.tolist())
    delays, purities = zip(*hits.values(), strict=True) if hits else ((), ())
    return Found(delays, purities, len(tickets.rising), false)


def _night(
    texts: Sequence[str], tickets: Stream, span: Ints, today: int, vectors: Floats | None
) -> list[Ints]:
    """Tickets of each group that one night's look announces."""
    words = [texts[i] for i in tickets.text[span]]
    coded = [texts[i] for i in tickets.coded]
    mean, rules = None, BY_WORDS
    if vectors is None:
        space = apart = vectors_of([*words, *coded])
    else:
        space = vectors[np.concatenate([tickets.text[span], tickets.coded])]
        mean, rules = space[len(words) :].mean(0), BY_MEANING
        apart = centred(space, mean)
    kept = np.flatnonzero(fits_no_code(apart[: len(words)], apart[len(words) :]))
    found: tuple[Emerging, ...] = find_emerging(
        [words[i] for i in kept], tickets.day[span][kept], today=today, vectors=space[kept], background=coded,
        around=mean, rules=rules,
    )  # fmt: skip
    return [span[kept[list(one.members)]] for one in found]


def _median(delays: Sequence[int]) -> float:
    return float(np.median(delays)) if delays else float(DAYS - RISE_ON)
