"""The localisation benchmarks: planted causes found in ticket counts and in measured amounts.

A cause counts as found when a place named is exactly the planted one; where two attributes say the same of these
tickets, when it is among those named as the same thing. F1, precision and recall are over all causes of all
instances; top-1 is the share of instances whose strongest place is right.

RiskLoc S has a ceiling: a third of its instances hide faults of a single leaf within the ordinary error of 48,000
others. Told the law of that error, and all other faults for nothing, one would reach an F1 of .951 (mean of the seeds
200 to 209, between .90 and .98); `localise_measures` reaches .944 on the same.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apps.analysis.localise import Place, localise, localise_measures
from bench.loop import files
from bench.loop.files import DataError, Sheet
from bench.loop.generators import measures, tickets
from bench.loop.table import Measure

Names = frozenset[Place]
_TRUTH = "injection_info.csv"


@dataclass(frozen=True)
class Case:
    """What was planted, and how to look for it: each place found, strongest first, with the names it goes by."""

    causes: tuple[Place, ...]
    find: Callable[[], list[Names]]


@dataclass(frozen=True)
class Score:
    """Causes found, missed, and named though nothing was planted there; instances right at the top; seconds each."""

    found: int
    missed: int
    false: int
    right_first: float
    seconds: float

    @property
    def precision(self) -> float:
        return self.found / max(self.found + self.false, 1)

    @property
    def f1(self) -> float:
        return 2 * self.found / max(2 * self.found + self.false + self.missed, 1)


def run(seed: int, *, instances: int = 40) -> Iterator[Measure]:
    """All localisation measures for a seed."""
    yield from ticket_measures(seed, "tickets", tickets.PLAIN, instances)
    yield from ticket_measures(seed, "tickets, growth, gaps, a copy", tickets.HARD, instances)
    yield from amount_measures(seed, "RiskLoc S", measures.S, instances, least=0.95, reference=0.9605)
    yield from amount_measures(seed, "RiskLoc L", measures.L, instances, least=0.99, reference=1.0)


def run_data(folder: Path) -> Iterator[Measure]:
    """The data sets of a folder: one row of measures for each folder with a truth file."""
    truths = sorted(folder.rglob(_TRUTH))
    if not truths:
        raise DataError(f"{folder}: holds no {_TRUTH}, the file that says where something is the matter")
    for path in truths:
        name = str(path.parent.relative_to(folder)) if path.parent != folder else "files"
        score = scored(_cases(path))
        yield Measure("localise", f"{name}: F1", score.f1)
        yield Measure("localise", f"{name}: precision", score.precision)
        yield Measure("localise", f"{name}: top-1", score.right_first)
        yield Measure("localise", f"{name}: seconds each", score.seconds, 0.3, more_is_better=False)


def ticket_measures(seed: int, name: str, twists: tickets.Twists, instances: int) -> Iterator[Measure]:
    """Sparse ticket counts over seven attributes."""
    cases = (_ticket_case(tickets.instance(1000 * seed + number, twists)) for number in range(instances))
    score = scored(cases)
    yield Measure("localise", f"{name}: F1", score.f1, 0.93, reference=0.953)
    yield Measure("localise", f"{name}: precision", score.precision, 0.98, reference=1.0)
    yield Measure("localise", f"{name}: top-1", score.right_first, 0.95, reference=1.0)
    yield Measure(
        "localise", f"{name}: seconds each", score.seconds, 0.3, more_is_better=False, reference=0.13
    )


def amount_measures(
    seed: int, name: str, design: measures.Design, instances: int, *, least: float, reference: float
) -> Iterator[Measure]:
    """Measured amounts with a forecast for every leaf."""
    cases = (_amount_case(measures.instance(design, 1000 * seed + number)) for number in range(instances))
    score = scored(cases)
    yield Measure("localise", f"{name}: F1", score.f1, least, reference=reference)
    yield Measure("localise", f"{name}: seconds each", score.seconds, 0.3, more_is_better=False)


def scored(cases: Iterable[Case]) -> Score:
    """Look for the causes of every case and compare."""
    found = missed = false = right = number = 0
    seconds = 0.0
    for case in cases:
        started = time.process_time()
        named = case.find()
        seconds += time.process_time() - started
        hits = {cause for cause in case.causes if any(cause in names for names in named)}
        right_at = [bool(names & set(case.causes)) for names in named]
        found, missed = found + len(hits), missed + len(set(case.causes) - hits)
        false, right = false + right_at.count(False), right + any(right_at[:1])
        number += 1
    return Score(found, missed, false, right / max(number, 1), seconds / max(number, 1))


def _ticket_case(world: tickets.Instance) -> Case:
    return Case(world.causes, lambda: _in_counts(world.leaves, world.now, world.before, tickets.NESTED))


def _amount_case(world: measures.Instance) -> Case:
    return Case(
        world.causes,
        lambda: [
            frozenset([one.place]) for one in localise_measures(world.leaves, world.real, world.forecast)
        ],
    )


def _in_counts(
    leaves: np.ndarray, now: np.ndarray, before: np.ndarray, nested: Collection[tuple[int, int]] = ()
) -> list[Names]:
    found = localise(leaves, now, before, nested=nested)
    return [frozenset([cause.place, *cause.also]) for cause in found.causes]


def _cases(truth: Path) -> Iterator[Case]:
    """A case for each line of a truth file: `timestamp` names the CSV file beside it, `set` holds the causes."""
    sheet = files.read(truth)
    for row, (name, causes) in enumerate(zip(sheet.text("timestamp"), sheet.text("set"), strict=True)):
        path = truth.parent / f"{name}.csv"
        if not path.is_file():
            raise sheet.fault(row, "timestamp", "the name of a CSV file beside it, without its ending")
        yield _case_of(files.read(path), sheet, row, causes)


def _case_of(data: Sheet, truth: Sheet, row: int, causes: str) -> Case:
    """Columns real and predict are measured amounts, now and before are tickets; all others are attributes."""
    sides = ("now", "before") if "now" in data.columns else ("real", "predict")
    amounts = [data.numbers(side) for side in sides]
    attributes = [column for column in data.columns if column not in sides]
    if not attributes:
        raise DataError(f"{data.path}: line 1: there is no attribute beside {' and '.join(sides)}")
    leaves, names = data.codes(attributes)
    places = tuple(_place(one, attributes, names, truth, row) for one in causes.split(";"))
    if sides[0] == "now":
        return Case(places, lambda: _in_counts(leaves, *amounts))
    return Case(places, lambda: [frozenset([one.place]) for one in localise_measures(leaves, *amounts)])


def _place(text: str, attributes: list[str], names: list[list[str]], truth: Sheet, row: int) -> Place:
    """“region=North&version=4.2” as a place."""
    pairs = []
    for part in text.split("&"):
        attribute, _, value = (piece.strip() for piece in part.partition("="))
        if attribute not in attributes or value not in names[attributes.index(attribute)]:
            raise truth.fault(
                row, "set", "causes like “region=North&version=4.2;region=South” of the file's own values"
            )
        number = attributes.index(attribute)
        pairs.append((number, names[number].index(value)))
    return tuple(sorted(pairs))
