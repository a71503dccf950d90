"""The causes of a case as two trees of whys, with what each predicts and what the tickets said of that."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.analysis.models import Cause, CausePath, Prediction, Trial
from apps.analysis.provenance import Provenance
from apps.analysis.queries.origins import of_trial


@dataclass(frozen=True)
class Tried:
    """A prediction and what the tickets said of it: last, with where that comes from, and before."""

    prediction: Prediction
    trial: Trial
    provenance: Provenance
    earlier: list[Trial]


@dataclass(frozen=True)
class CauseNode:
    """A cause in the tree of whys, how deep it stands, and the causes that it may be placed under."""

    cause: Cause
    depth: int
    tried: list[Tried]
    places: list[Cause]


def why_trees(causes: Sequence[Cause]) -> tuple[list[CauseNode], list[CauseNode]]:
    """Why it happened, and why nobody caught it; depth first, each answer below the one it explains. No query where
    predictions, trials and releases are read."""
    children: dict[int | None, list[Cause]] = {}
    for cause in causes:
        children.setdefault(cause.parent_id, []).append(cause)
    order = list(_walk(children, None, 0))
    places = [cause for cause, _ in order]
    nodes = [
        CauseNode(cause, depth, _tried(cause), _outside(places, children, cause)) for cause, depth in order
    ]
    occurrence, escape = (
        [node for node in nodes if node.cause.path == path]
        for path in (CausePath.OCCURRENCE, CausePath.ESCAPE)
    )
    return occurrence, escape


def below(children: dict[int | None, list[Cause]], cause: Cause) -> list[Cause]:
    """The answers below a cause, however deep."""
    return [one for one, _ in _walk(children, cause.pk, 0)]


def _walk(children: dict[int | None, list[Cause]], parent: int | None, depth: int) -> list[tuple[Cause, int]]:
    return [
        row
        for cause in children.get(parent, [])
        for row in ((cause, depth), *_walk(children, cause.pk, depth + 1))
    ]


def _outside(places: list[Cause], children: dict[int | None, list[Cause]], cause: Cause) -> list[Cause]:
    """A cause explains neither itself nor what explains it."""
    inside = {cause.pk, *(one.pk for one in below(children, cause))}
    return [one for one in places if one.pk not in inside]


def _tried(cause: Cause) -> list[Tried]:
    return [
        Tried(prediction, trials[-1], of_trial(trials[-1]), trials[:-1])
        for prediction in cause.predictions.all()
        if (trials := list(prediction.trials.all()))
    ]
