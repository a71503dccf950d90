"""Measured amounts with forecasts and planted faults, after RiskLoc (Kalander 2022, arXiv:2205.10004), re-implemented
from the published parameters of its synthetic data sets S and L.

Every combination of the attributes is a leaf. Amounts are Weibull, a share of them zero; forecasts err by a relative
normal error, half of them in the forecast and half in the amount, so that the error leans to neither side. A fault
holds in some elements of one cuboid: there the smaller side is the larger one cut by a common share (the severity),
give or take its deviation. Faults lie on the side to which the errors lean in total.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from apps.analysis.localise import Place
from apps.analysis.series import Bools, Floats, Ints

_TRIES = 200


@dataclass(frozen=True)
class Design:
    """Published parameters of one data set; pairs are ranges from which each instance draws evenly."""

    sizes: tuple[int, ...]
    noise: tuple[float, float]
    severity: tuple[float, float]
    deviation: tuple[float, float]
    faults: tuple[int, int]
    elements: tuple[int, int]
    only_leaves: bool
    shape: tuple[float, float] = (0.5, 1.0)
    zeros: tuple[float, float] = (0.0, 0.25)


S = Design((10, 12, 10, 8, 5), (0.0, 0.25), (0.2, 1.0), (0.0, 0.1), (1, 3), (1, 3), only_leaves=False)
L = Design((10, 24, 10, 15), (0.0, 0.1), (0.5, 1.0), (0.0, 0.0), (1, 5), (1, 1), only_leaves=True)


@dataclass(frozen=True)
class Instance:
    """Leaves (n, attributes), amounts and forecasts (n,), and the places where something is the matter."""

    leaves: Ints
    real: Floats
    forecast: Floats
    causes: tuple[Place, ...]


def instance(design: Design, seed: int) -> Instance:
    """One data set with its faults."""
    chance = np.random.default_rng(seed)
    leaves = np.array(list(product(*(range(size) for size in design.sizes))), np.int64)
    noise = chance.uniform(*design.noise)
    real, forecast = _ordinary(chance, design, len(leaves), noise)
    less_came = real.sum() <= forecast.sum()
    planted: list[list[Place]] = []
    for _ in range(int(chance.integers(*design.faults, endpoint=True))):
        places = _places(chance, design, leaves, np.maximum(real, forecast), planted)
        planted += [places] if places else []
    for places in planted:
        severity = chance.uniform(*design.severity) + noise  # beyond the noise, or nobody could see it
        deviation = chance.uniform(*design.deviation)
        inside = np.any([_inside(leaves, place) for place in places], 0)
        cut = np.maximum(1 - chance.normal(severity, deviation, int(inside.sum())), 0.0)
        if less_came:
            real[inside] = forecast[inside] * cut
        else:
            forecast[inside] = real[inside] * cut
    return Instance(leaves, real, forecast, tuple(place for places in planted for place in places))


def _ordinary(chance: np.random.Generator, design: Design, count: int, noise: float) -> tuple[Floats, Floats]:
    amount = chance.weibull(chance.uniform(*design.shape), count) * 100
    amount *= chance.uniform(size=count) > chance.uniform(*design.zeros)
    erring = np.maximum(amount * (1 + chance.normal(0, noise, count)), 0.0)
    swapped = chance.random(count) < 0.5
    return np.where(swapped, erring, amount), np.where(swapped, amount, erring)


def _places(
    chance: np.random.Generator, design: Design, leaves: Ints, size: Floats, before: list[list[Place]]
) -> list[Place]:
    """Different elements of one cuboid that share no value with an earlier fault; none where none are left."""
    width = len(design.sizes)
    level = width if design.only_leaves else int(chance.integers(1, width, endpoint=True))
    number = int(chance.integers(*design.elements, endpoint=True))
    used = {pair for places in before for place in places for pair in place}
    cuboids = {tuple(attribute for attribute, _ in places[0]) for places in before}
    for _ in range(_TRIES):
        attributes = tuple(sorted(chance.choice(width, level, replace=False).tolist()))
        free = [[v for v in range(design.sizes[a]) if (a, v) not in used] for a in attributes]
        if (attributes in cuboids and level < width) or not all(free):
            continue
        drawn = [chance.choice(values, number) for values in free]
        places = [
            tuple(zip(attributes, map(int, values), strict=True)) for values in zip(*drawn, strict=True)
        ]
        seen = all(level < width or size[_inside(leaves, place)].all() for place in places)
        if seen and len(set(places)) == number:
            return places
    return []


def _inside(leaves: Ints, place: Place) -> Bools:
    inside: Bools = np.all([leaves[:, attribute] == value for attribute, value in place], 0)
    return inside
