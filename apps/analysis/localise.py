"""Where a rise comes from: "explain, set aside, repeat" over every combination of up to three attributes.

Tickets of the alert window are compared with the matched history, leaf by leaf (a leaf is a combination of
values that occurs, never the full cross product). For an element e of any cuboid with V tickets now and H
before,

    gain(e) = 2 [V ln(V / E1) + H ln(H / E2)],   E1 = (V+H) g/(1+g),   E2 = (V+H)/(1+g)

is the two-sample Poisson likelihood ratio against the general growth g, itself the weighted median growth of
the large one-attribute elements, so that growth everywhere is nobody's fault. The element with the largest
gain beyond the chi-squared quantile at alpha / (cuboids x elements of the cuboid) is a cause; if its
significant children along one more attribute gain 10 % more together than it does, the best child is taken
instead. The history of an explained element is then scaled up to its present, and the search repeats.

Cost: cuboids x leaves x causes, one `bincount` each, about a tenth of a second for ten thousand leaves.
Limits: with fewer than about ten extra tickets causes are missed; ratios (satisfaction, share on time) are
not localised by this; attributes that coincide on these tickets cannot be told apart and are reported as
`also`. Source: likelihood-ratio localisation after RiskLoc (Kalander 2022) and Poisson scan statistics
(Kulldorff 1997).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

from apps.analysis.series import Bools, Floats, Ints

MISSING = -1
_LARGE = 20.0  # tickets before: fewer give too noisy a growth to take the median of
_SAME = 0.98  # share of tickets two elements must have in common to be called the same thing

Place = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Rules:
    """When an element counts as a cause."""

    alpha: float = 0.05
    most_attributes: int = 3
    most_causes: int = 8
    least_excess: float = 3.0
    children_gain: float = 1.1
    dispersion: float = 1.0


USUAL = Rules()


@dataclass(frozen=True)
class Cause:
    """One place that explains part of the rise: (attribute, value) pairs, tickets now, tickets it would have
    had with general growth only, the gain, and the places that cannot be told apart from it on these
    tickets.
    """

    place: Place
    now: float
    expected: float
    gain: float
    also: tuple[Place, ...]

    @property
    def excess(self) -> float:
        return self.now - self.expected


@dataclass(frozen=True)
class Localisation:
    """The causes, strongest first; the general growth; tickets now in total, and what general growth
    explains.
    """

    causes: tuple[Cause, ...]
    growth: float
    now: float
    expected: float

    @property
    def left_over(self) -> float:
        """Tickets in the window once the causes' excess is taken away."""
        return self.now - sum(cause.excess for cause in self.causes)


@dataclass(frozen=True)
class _Cuboid:
    """Attributes, the element each leaf falls into, how many elements, and the gain chance can reach."""

    attributes: tuple[int, ...]
    element: Ints
    size: int
    chance: float


def localise(
    leaves: npt.ArrayLike,
    now: npt.ArrayLike,
    before: npt.ArrayLike,
    *,
    nested: Collection[tuple[int, int]] = (),
    growth: float | None = None,
    rules: Rules = USUAL,
) -> Localisation:
    """Find the places that explain a rise.

    `leaves` (n, attributes) value codes, -1 for "not recorded" (a value like any other); `now` and `before`
    (n,) tickets of each leaf in the window and in the matched history; `nested` pairs of attributes of which
    one contains the other (product, version), never combined; `growth` expected now over before, estimated
    when not given.
    """
    codes, present, history = (
        np.asarray(leaves, np.int64),
        np.asarray(now, np.float64),
        np.asarray(before, np.float64),
    )
    if codes.ndim != 2 or len(codes) != len(present) or len(codes) != len(history):
        raise ValueError("leaves, now and before must have the same length")
    if not len(codes):
        return Localisation((), growth or 1.0, 0.0, 0.0)
    cuboids = _cuboids(codes, frozenset(map(frozenset, nested)), rules)
    rate = _general_growth(cuboids, present, history) if growth is None else growth
    causes: list[Cause] = []
    explained = history.copy()
    while len(causes) < rules.most_causes:
        best = _strongest(cuboids, present, explained, rate, rules)
        if best is None:
            break
        cuboid, element, gain = _descend(cuboids, *best, present, explained, rate, rules)
        inside = cuboid.element == element
        tickets, usual = float(present[inside].sum()), float(rate * explained[inside].sum())
        causes.append(
            Cause(
                _place(codes, cuboid, inside),
                tickets,
                usual,
                gain,
                _aliases(codes, cuboids, cuboid, inside, present + history),
            )
        )
        # From here on this place is as it should be, so that what overlaps with it can still be seen.
        explained[inside] = explained[inside] * (tickets / usual) if usual > 0 else present[inside] / rate
    return Localisation(tuple(causes), rate, float(present.sum()), float(rate * history.sum()))


def sentence(found: Localisation, describe: Sequence[str], left_normal: bool = True) -> str:
    """One plain sentence; `describe` holds the words for each cause, as in “version 4.2 on Android”."""
    if not found.causes:
        return "The rise is spread evenly: no single place explains it."
    parts = [
        f"{words}: {cause.now:.0f} tickets instead of {max(cause.expected, 0):.0f}"
        for words, cause in zip(describe, found.causes, strict=True)
    ]
    count = "one place" if len(parts) == 1 else f"{len(parts)} places"
    ending = f"Without {'it' if len(parts) == 1 else 'them'} there would be {found.left_over:.0f}"
    normal = ", which is normal" if left_normal else ""
    return f"The rise is explained by {count}: {'; '.join(parts)}. {ending}{normal}."


def _cuboids(codes: Ints, nested: frozenset[frozenset[int]], rules: Rules) -> list[_Cuboid]:
    values = [np.unique(column, return_inverse=True)[1] for column in codes.T]
    sets = [
        chosen
        for size in range(1, min(rules.most_attributes, codes.shape[1]) + 1)
        for chosen in combinations(range(codes.shape[1]), size)
        if not any(frozenset(pair) in nested for pair in combinations(chosen, 2))
    ]
    made = []
    for chosen in sets:
        key = np.zeros(len(codes), np.int64)
        for attribute in chosen:
            key = key * (int(values[attribute].max()) + 1) + values[attribute]
        occurring, element = np.unique(key, return_inverse=True)
        chance = float(chi2.isf(rules.alpha / len(sets) / len(occurring), 1)) * rules.dispersion
        made.append(_Cuboid(chosen, element, len(occurring), chance))
    return made


def _general_growth(cuboids: list[_Cuboid], now: Floats, before: Floats) -> float:
    """Weighted median of the growth of the large single-attribute elements."""
    ratios, sizes = [], []
    for cuboid in cuboids:
        if len(cuboid.attributes) > 1:
            continue
        present, history = _sums(cuboid, now), _sums(cuboid, before)
        large = history >= _LARGE
        ratios.append((present[large] + 0.5) / (history[large] + 0.5))
        sizes.append(history[large])
    ratio, size = np.concatenate(ratios), np.concatenate(sizes)
    if not ratio.size:
        return float(max(now.sum(), 0.5) / max(before.sum(), 1.0))
    order = np.argsort(ratio)
    half = np.searchsorted(np.cumsum(size[order]), size.sum() / 2)
    return float(ratio[order][min(half, len(ratio) - 1)])


def _sums(cuboid: _Cuboid, tickets: Floats, inside: Bools | None = None) -> Floats:
    if inside is None:
        return np.bincount(cuboid.element, tickets, cuboid.size).astype(np.float64)
    return np.bincount(cuboid.element[inside], tickets[inside], cuboid.size).astype(np.float64)


def _gains(
    cuboid: _Cuboid, now: Floats, before: Floats, rate: float, rules: Rules, inside: Bools | None = None
) -> Floats:
    """Likelihood-ratio gain of each element that rose by enough tickets; zero for the others."""
    present, history = _sums(cuboid, now, inside), _sums(cuboid, before, inside)
    both = present + history
    with np.errstate(divide="ignore", invalid="ignore"):
        risen = np.where(present > 0, present * np.log(present / (both * rate / (1 + rate))), 0.0)
        fallen = np.where(history > 0, history * np.log(history / (both / (1 + rate))), 0.0)
    enough = present - rate * history >= rules.least_excess
    return np.where(enough, np.maximum(2 * (risen + fallen), 0.0), 0.0)


def _strongest(
    cuboids: list[_Cuboid], now: Floats, before: Floats, rate: float, rules: Rules
) -> tuple[_Cuboid, int, float] | None:
    best, margin = None, 0.0
    for cuboid in cuboids:
        gains = _gains(cuboid, now, before, rate, rules)
        top = int(gains.argmax())
        if gains[top] - cuboid.chance > margin:
            best, margin = (cuboid, top, float(gains[top])), float(gains[top] - cuboid.chance)
    return best


def _descend(
    cuboids: list[_Cuboid],
    cuboid: _Cuboid,
    element: int,
    gain: float,
    now: Floats,
    before: Floats,
    rate: float,
    rules: Rules,
) -> tuple[_Cuboid, int, float]:
    """Move to the best child while significant children along one attribute say more than their parent."""
    while True:
        inside = cuboid.element == element
        best: tuple[float, _Cuboid, int, float] | None = None
        children = [c for c in cuboids if len(c.attributes) == len(cuboid.attributes) + 1]
        for child in children:
            if not set(cuboid.attributes) < set(child.attributes):
                continue
            gains = _gains(child, now, before, rate, rules, inside)
            elements = max(len(np.unique(child.element[inside])), 1)
            chance = float(chi2.isf(rules.alpha / len(children) / elements, 1)) * rules.dispersion
            together = float(np.maximum(gains - chance, 0).sum())
            if best is None or together > best[0]:
                best = (together, child, int(gains.argmax()), float(gains.max()))
        if best is None or best[0] <= rules.children_gain * gain:
            return cuboid, element, gain
        _, cuboid, element, gain = best


def _place(codes: Ints, cuboid: _Cuboid, inside: Bools) -> Place:
    row = int(np.flatnonzero(inside)[0])
    return tuple((attribute, int(codes[row, attribute])) for attribute in cuboid.attributes)


def _aliases(
    codes: Ints, cuboids: list[_Cuboid], cause: _Cuboid, inside: Bools, tickets: Floats
) -> tuple[Place, ...]:
    """Elements with as many attributes that hold the same tickets, so that nobody can say which one it is."""
    total = tickets[inside].sum()
    found = []
    for cuboid in cuboids:
        if cuboid is cause or len(cuboid.attributes) != len(cause.attributes):
            continue
        shared = _sums(cuboid, tickets, inside)
        top = int(shared.argmax())
        if shared[top] >= _SAME * total and _sums(cuboid, tickets)[top] <= total / _SAME:
            found.append(_place(codes, cuboid, cuboid.element == top))
    return tuple(found)
