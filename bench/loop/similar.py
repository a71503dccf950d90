"""Similar tickets: does the likest of the known texts speak of the same issue?

The demo company's sentences, each with its own slots, against the others of all issues: people say one thing in six
ways here, fewer than in life, so the shares are low; what counts is the distance to letters alone. With a folder it
measures the public Banking77: every text of test.csv (text, label) against those of train.csv.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np

from apps.intake import encoders
from apps.intake.likeness import Floats, ranking
from bench.loop.table import Measure
from config.demo.taxonomy import SAMPLE, profiles

PART = "similar"
DRAWS = 5
Labelled = tuple[list[str], list[str]]


def run(seed: int) -> Iterator[Measure]:
    """Two of each issue's wordings are asked for, the others are known; over several such draws."""
    hits = np.array([_hits(*_wordings(Random(f"{seed} {draw}"))) for draw in range(DRAWS)]).mean(0)
    yield from _measures(hits, first=0.58, among_five=0.8)


def run_data(folder: Path) -> Iterator[Measure]:
    """Against `train.csv` and `test.csv` of the folder; the targets are those for Banking77."""
    known, asked = (_read(folder / name) for name in ("train.csv", "test.csv"))
    yield from _measures(np.array(_hits(known, asked)), first=0.91, among_five=0.97)


def _measures(hits: Floats, *, first: float, among_five: float) -> Iterator[Measure]:
    name = encoder.name if (encoder := _encoder()) else "letters alone"
    yield Measure(PART, f"P@1, {name}", float(hits[0]), first)
    yield Measure(PART, f"hit@5, {name}", float(hits[1]), among_five)


def _hits(known: Labelled, asked: Labelled) -> tuple[float, float]:
    encoder = _encoder()
    vectors_asked, vectors_known = (encoder.encode(one[0]) if encoder else None for one in (asked, known))
    found = ranking(asked[0], known[0], vectors_asked=vectors_asked, vectors_among=vectors_known)
    right = np.array(known[1])[found] == np.array(asked[1])[:, None]
    return float(right[:, 0].mean()), float(right.any(1).mean())


def _encoder() -> encoders.Encoder | None:
    """The best that is installed; without one the targets are out of reach."""
    best = next((name for name, is_there in encoders.INSTALLED.items() if is_there()), None)
    return encoders.named(best) if best else None


def _wordings(random: Random) -> tuple[Labelled, Labelled]:
    known: Labelled = ([], [])
    asked: Labelled = ([], [])
    for profile in profiles():
        wording = profile.wording
        texts = [text.format_map(SAMPLE | {"name": "Zoe"}) for text in (*wording.says, *wording.subjects)]
        random.shuffle(texts)
        for number, text in enumerate(texts):
            side = asked if number < 2 else known
            side[0].append(text)
            side[1].append(profile.code)
    return known, asked


def _read(path: Path) -> Labelled:
    """The columns `text` and `label` (Banking77 calls it `category`)."""
    with path.open(encoding="utf-8", newline="") as file:
        rows: Sequence[dict[str, str]] = list(csv.DictReader(file))
    return [row["text"] for row in rows], [row.get("label") or row["category"] for row in rows]
