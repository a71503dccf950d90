"""Helpdesk tickets with planted causes: sparse counts over seven attributes, version nested in product.

Four weeks of history against one week. Values are Zipf-like, the department depends on the issue. One to three causes
of one to three attributes each add 60 to 300 % tickets to their place, additively, each enough to be seen at all
(likelihood ratio 30 or more). Nothing else happens but a general growth and a drift of the mix of issues.

On top, as in life (each can be left out): values that were not recorded; and a copy of an attribute under other
names, as "platform" copies "version" where each version runs on one platform only.
"""

from dataclasses import dataclass

import numpy as np

from apps.analysis.localise import MISSING, Place
from apps.analysis.series import Bools, Floats, Ints

ISSUE, PRODUCT, VERSION, REGION, CHANNEL, DEPARTMENT, SEGMENT = range(7)
SIZES = (40, 8, 48, 12, 5, 6, 4)
NESTED = ((PRODUCT, VERSION),)
_VERSIONS = 6  # of each product
_WEEKS = 4
_LARGEST = 0.25  # share of all tickets that a cause's place may have


@dataclass(frozen=True)
class Twists:
    """What makes it harder: the range of general growth, the share of values not recorded, and an attribute that is
    there twice under different names (None: no copy).
    """

    growth: tuple[float, float] = (0.9, 1.15)
    missing: float = 0.0
    copied: int | None = None


PLAIN = Twists()
HARD = Twists(growth=(0.6, 2.0), missing=0.05, copied=REGION)


@dataclass(frozen=True)
class Instance:
    """Leaves (n, attributes), tickets now and before (n,), and the causes as places."""

    leaves: Ints
    now: Floats
    before: Floats
    causes: tuple[Place, ...]


@dataclass(frozen=True)
class _Mix:
    """How likely each value is: by attribute, versions by product, departments by issue."""

    values: dict[int, Floats]
    versions: Floats
    departments: Floats


def instance(seed: int, twists: Twists = PLAIN) -> Instance:
    """One week against four."""
    chance = np.random.default_rng(seed)
    mix = _mix(chance)
    usual = float(np.exp(chance.uniform(np.log(4000), np.log(60000))))
    growth = chance.uniform(*twists.growth)
    history = _draw(chance, mix, int(chance.poisson(usual)))
    week = _draw(chance, mix, int(chance.poisson(usual / _WEEKS * growth)))
    kept = np.clip(chance.normal(1, 0.05, SIZES[ISSUE]), 0.8, 1.0)
    week = week[chance.random(len(week)) < kept[week[:, ISSUE]]]
    causes, extra = _causes(chance, history, usual / _WEEKS, growth)
    return _instance(chance, history, np.concatenate([week, *extra]), causes, twists)


def _mix(chance: np.random.Generator) -> _Mix:
    def zipf(size: int, power: float) -> Floats:
        weight = 1 / np.arange(1, size + 1) ** power
        return np.asarray(chance.permutation(weight / weight.sum()))

    powers = {ISSUE: 0.9, PRODUCT: 0.8, REGION: 0.7, CHANNEL: 0.8, SEGMENT: 0.6}
    values = {attribute: zipf(SIZES[attribute], power) for attribute, power in powers.items()}
    versions = np.array([zipf(_VERSIONS, 1.0) for _ in range(SIZES[PRODUCT])])
    return _Mix(values, versions, chance.dirichlet(np.full(SIZES[DEPARTMENT], 0.5), SIZES[ISSUE]))


def _draw(chance: np.random.Generator, mix: _Mix, number: int) -> Ints:
    tickets = np.zeros((number, len(SIZES)), np.int64)
    for attribute, probabilities in mix.values.items():
        tickets[:, attribute] = chance.choice(len(probabilities), number, p=probabilities)
    tickets[:, VERSION] = tickets[:, PRODUCT] * _VERSIONS + _each(chance, mix.versions[tickets[:, PRODUCT]])
    tickets[:, DEPARTMENT] = _each(chance, mix.departments[tickets[:, ISSUE]])
    return tickets


def _each(chance: np.random.Generator, probabilities: Floats) -> Ints:
    """One value for each row of probabilities."""
    passed = chance.random((len(probabilities), 1)) > np.cumsum(probabilities, 1)
    values: Ints = np.minimum(passed.sum(1), probabilities.shape[1] - 1)
    return values


def _causes(
    chance: np.random.Generator, history: Ints, weekly: float, growth: float
) -> tuple[list[Place], list[Ints]]:
    """Places taken from real tickets that share no value with one another, and the tickets each adds."""
    wanted = int(chance.integers(1, 4))
    causes: list[Place] = []
    extra: list[Ints] = []
    for _ in range(500):
        if len(causes) == wanted:
            break
        ticket = history[chance.integers(len(history))]
        attributes = sorted(
            chance.choice(len(SIZES), chance.choice([1, 2, 3], p=[0.3, 0.45, 0.25]), False).tolist()
        )
        place = tuple((attribute, int(ticket[attribute])) for attribute in attributes)
        shared = any(set(place) & set(cause) for cause in causes)
        if shared or {PRODUCT, VERSION} <= set(attributes):
            continue
        inside = history[_inside(history, place)]
        due = len(inside) / _WEEKS * growth
        added = int(chance.poisson(due * (chance.uniform(1.6, 4.0) - 1)))
        if not 3 <= due <= _LARGEST * weekly * growth or _likelihood_ratio(due + added, due) < 30:
            continue
        causes.append(place)
        extra.append(inside[chance.integers(0, len(inside), added)])
    return causes, extra


def _likelihood_ratio(tickets: float, due: float) -> float:
    return 2 * (tickets * float(np.log(tickets / due)) - (tickets - due))


def _inside(tickets: Ints, place: Place) -> Bools:
    inside: Bools = np.all([tickets[:, attribute] == value for attribute, value in place], 0)
    return inside


def _instance(
    chance: np.random.Generator, history: Ints, week: Ints, causes: list[Place], twists: Twists
) -> Instance:
    both = np.concatenate([history, week])
    if twists.copied is not None:
        names = chance.permutation(SIZES[twists.copied])
        both = np.column_stack([both, names[both[:, twists.copied]]])
    if twists.missing:
        lost = chance.random(both.shape) < twists.missing
        if twists.copied is not None:
            lost[:, -1] = lost[:, twists.copied]
        both = np.where(lost, MISSING, both)
    leaves, leaf = np.unique(both, axis=0, return_inverse=True)
    leaf = leaf.ravel()
    before = np.bincount(leaf[: len(history)], minlength=len(leaves)).astype(float)
    now = np.bincount(leaf[len(history) :], minlength=len(leaves)).astype(float)
    return Instance(leaves, now, before, tuple(causes))
