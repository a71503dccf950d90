"""Similar tickets: does the likest of the known texts speak of the same issue?

`run` asks for some of the short requests of each reason in `data/requests.txt` among all others, drawn for each seed.
`run_data` asks for every text of a `test.csv` among those of the `train.csv` beside it, as the part `suggest` reads
them; what fits no code is left out. 77 labels are Banking77, whose targets are asked for.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from apps.intake import encoders
from apps.intake.likeness import ranking
from bench.loop.files import DataError
from bench.loop.suggest import NONE, Labelled, read_labelled, read_requests
from bench.loop.table import Measure

_ASKED = 4  # requests of each reason
_DRAWS = 3
_BANKING77 = 77


def run(seed: int) -> Iterator[Measure]:
    """The built-in requests: several draws."""
    known = _coded(read_requests())
    hits = np.mean([_hits(*_drawn(known, np.random.default_rng([seed, draw]))) for draw in range(_DRAWS)], 0)
    yield from _measures("", hits, (0.58, None), (0.88, None))


def run_data(folder: Path) -> Iterator[Measure]:
    """Every labelled set of a folder. Raises DataError."""
    for path in sorted(folder.rglob("train.csv")):
        asked = path.with_name("test.csv")
        if not asked.is_file():
            raise DataError(f"{asked}: is missing beside {path.name}")
        known, asked_for = _coded(read_labelled(path)), _coded(read_labelled(asked))
        is_banking = len(set(known.labels)) == _BANKING77
        first, five = ((0.91, 0.919), (0.97, 0.970)) if is_banking else ((None, None), (None, None))
        name = str(path.parent.relative_to(folder))
        yield from _measures("" if name == "." else f"{name}: ", _hits(known, asked_for), first, five)


def _measures(
    name: str,
    hits: tuple[float, float],
    first: tuple[float | None, float | None],
    five: tuple[float | None, float | None],
) -> Iterator[Measure]:
    """`first` and `five`: the target and what the prototype reached."""
    yield Measure("similar", f"{name}P@1", float(hits[0]), first[0], reference=first[1])
    yield Measure("similar", f"{name}hit@5", float(hits[1]), five[0], reference=five[1])


def _hits(known: Labelled, asked: Labelled) -> tuple[float, float]:
    encoder = encoders.default()
    vectors_asked, vectors_known = (encoder.encode(one.texts) if encoder else None for one in (asked, known))
    found = ranking(asked.texts, known.texts, vectors_asked=vectors_asked, vectors_among=vectors_known)
    right = np.array(known.labels)[found] == np.array(asked.labels)[:, None]
    return float(right[:, 0].mean()), float(right.any(1).mean())


def _coded(texts: Labelled) -> Labelled:
    return texts.chosen([row for row, label in enumerate(texts.labels) if label != NONE])


def _drawn(texts: Labelled, chance: np.random.Generator) -> tuple[Labelled, Labelled]:
    """The known ones, and those asked about."""
    labels = np.array(texts.labels)
    asked = np.concatenate(
        [chance.permutation(np.flatnonzero(labels == label))[:_ASKED] for label in np.unique(labels)]
    )
    return texts.chosen(np.setdiff1d(np.arange(len(labels)), asked)), texts.chosen(asked)
