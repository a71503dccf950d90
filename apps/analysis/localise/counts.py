"""Where a rise in tickets comes from: "explain, set aside, repeat" over combinations of up to three attributes.

Tickets of the alert window are compared with the matched history, leaf by leaf. For an element e of any
cuboid with V tickets now and H before, of which U were to be expected now,

    gain(e) = 2 [V ln(V / E1) + H ln(H / E2)],   E1 = (V+H) r/(1+r),   E2 = (V+H)/(1+r),   r = U / H

is the two-sample Poisson likelihood ratio. At first U is the history times the general growth, the weighted median
growth of the large one-attribute elements, so that growth everywhere is nobody's fault. The element with the
largest gain beyond the chi-squared quantile at alpha / (cuboids x elements of the cuboid) is a cause, if it has
30 % more tickets than expected; if its significant children along one more attribute gain 10 % more together than
it does, the best child is taken instead. Then the search repeats, with three things learnt:

* the growth, anew from what no cause explains: a large cause lifts the values of every other attribute, and would
  pass for growth;
* what each cause adds: a share of the usual tickets, the same everywhere inside it; where causes overlap both add
  theirs, so these shares are solved for together;
* leaves inside a cause are judged apart from the others, because being high already they would hide a rise.

Cost: cuboids x leaves x causes, a few `bincount`s each, about a tenth of a second for ten thousand leaves.
Limits: with fewer than about ten extra tickets causes are missed; ratios (satisfaction, share on time) are
not localised by this; attributes that coincide on these tickets cannot be told apart and are reported as
`also`. Source: likelihood-ratio localisation after RiskLoc (Kalander 2022) and Poisson scan statistics
(Kulldorff 1997).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

from apps.analysis.localise.cuboids import Cuboid, Place, aliases, cuboids_of, place_of
from apps.analysis.localise.gaps import filled, shadow
from apps.analysis.series import Bools, Floats, Ints
from helpdesk.sentences import Number, Words, counted, in_a_row, said

_TURNS = 8  # in which the shares of overlapping causes settle
_LARGE = 20.0  # tickets before: fewer give too noisy a growth to take the median of


@dataclass(frozen=True)
class Rules:
    """When an element counts as a cause."""

    alpha: float = 0.01
    most_attributes: int = 3
    most_causes: int = 8
    least_excess: float = 3.0
    least_ratio: float = 1.3
    children_gain: float = 1.1
    dispersion: float = 1.0

    def chance(self, tests: int) -> float:
        """The gain that the best of so many elements reaches by chance with probability `alpha`."""
        return _quantile(self.alpha / tests) * self.dispersion


USUAL = Rules()


@dataclass(frozen=True)
class Cause:
    """One place that explains part of the rise: (attribute, value) pairs, tickets now, tickets it would have
    had with general growth and the causes before it, the gain, and the places that cannot be told apart from it
    on these tickets.
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
class _Found:
    """An element that was taken for a cause, and its gain."""

    cuboid: Cuboid
    element: int
    gain: float

    @property
    def inside(self) -> Bools:
        return np.asarray(self.cuboid.element == self.element)


@dataclass(frozen=True)
class _Change:
    """By leaf (n,): tickets now, tickets before, tickets to expect now from the growth and the causes so far, and
    whether the leaf lies in one of those causes (None before the first).
    """

    now: Floats
    before: Floats
    usual: Floats
    growth: float
    covered: Bools | None = None

    def gains(self, cuboid: Cuboid, rules: Rules, inside: Bools | None = None) -> Floats:
        """Likelihood-ratio gain of each element that rose by enough tickets; zero for the others.

        What lies in an earlier cause is judged by itself: it is expected to be high, and would hide the rise of
        the rest.
        """
        if self.covered is None:
            return self._gains(cuboid, rules, inside)
        chosen = np.ones(len(self.now), np.bool_) if inside is None else inside
        fresh, covered = chosen & ~self.covered, chosen & self.covered
        gain = self._gains(cuboid, rules, fresh)
        return gain + self._gains(cuboid, rules, covered) if covered.any() else gain

    def _gains(self, cuboid: Cuboid, rules: Rules, inside: Bools | None) -> Floats:
        now, before, usual = (cuboid.sums(part, inside) for part in (self.now, self.before, self.usual))
        both, history = now + before, before.sum()
        # An element without history is due what its surroundings are: more inside a cause than outside.
        around = usual.sum() / history if history else self.growth
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = np.where(before > 0, usual / before, around)
            risen = np.where(now > 0, now * np.log(now / (both * rate / (1 + rate))), 0.0)
            fallen = np.where(before > 0, before * np.log(before / (both / (1 + rate))), 0.0)
        enough = (now - usual >= rules.least_excess) & (now >= rules.least_ratio * usual)
        return np.where(enough, np.maximum(2 * (risen + fallen), 0.0), 0.0)


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
    codes = filled(codes, nested)
    cuboids = cuboids_of(codes, most_attributes=rules.most_attributes, nested=nested)
    found: list[_Found] = []
    while True:
        rate = _general_growth(cuboids, present, history, found) if growth is None else growth
        shapes = [_shape(codes, present, rate * history, one, nested) for one in found]
        change, added = _explained(_Change(present, history, rate * history, rate), found, shapes)
        best = _strongest(cuboids, change, rules) if len(found) < rules.most_causes else None
        if best is None:
            break
        found.append(_descend(cuboids, best, change, rules))
    causes = tuple(
        Cause(
            place_of(codes, one.cuboid, one.element),
            float(present[one.inside].sum()),
            float(present[one.inside].sum()) - extra,
            one.gain,
            aliases(codes, cuboids, one.cuboid, one.inside, present + history),
        )
        for one, extra in zip(found, added, strict=True)
        if extra >= rules.least_excess  # a later cause may have explained an earlier one away
    )
    return Localisation(causes, rate, float(present.sum()), float(rate * history.sum()))


def sentence(found: Localisation, describe: Sequence[Words], left_normal: bool = True) -> Words:
    """One plain sentence; `describe` holds the words for each cause, as in “version 4.2 on Android”."""
    if not found.causes:
        return said("The rise is spread evenly: no single place explains it.")
    parts = [
        said(
            "%(place)s: %(now)s tickets instead of %(expected)s",
            place=words, now=Number(cause.now), expected=Number(max(cause.expected, 0)),
        )
        for words, cause in zip(describe, found.causes, strict=True)
    ]  # fmt: skip
    places = counted(
        "The rise is explained by one place: %(places)s.", "The rise is explained by %(n)s places: %(places)s.",
        n=len(parts), places=in_a_row(parts, "; "),
    )  # fmt: skip
    return in_a_row([places, _without(len(parts), Number(found.left_over), left_normal)])


def _without(places: int, left: Number, normal: bool) -> Words:
    if normal:
        return counted(
            "Without it there would be %(left)s, which is normal.",
            "Without them there would be %(left)s, which is normal.",
            n=places,
            left=left,
        )
    return counted(
        "Without it there would be %(left)s.", "Without them there would be %(left)s.", n=places, left=left
    )


def _general_growth(cuboids: list[Cuboid], now: Floats, before: Floats, found: Sequence[_Found]) -> float:
    """Weighted median of the growth of the large single-attribute elements, over what no cause explains."""
    outside = ~_covered(found, len(now))
    if before[outside].sum() < _LARGE:
        outside[:] = True
    ratios, sizes = [], []
    for cuboid in cuboids:
        if len(cuboid.attributes) > 1:
            continue
        present, history = cuboid.sums(now, outside), cuboid.sums(before, outside)
        large = history >= _LARGE
        ratios.append((present[large] + 0.5) / (history[large] + 0.5))
        sizes.append(history[large])
    ratio, size = np.concatenate(ratios), np.concatenate(sizes)
    if not ratio.size:
        return float(max(now[outside].sum(), 0.5) / max(before[outside].sum(), 1.0))
    order = np.argsort(ratio)
    half = np.searchsorted(np.cumsum(size[order]), size.sum() / 2)
    return float(ratio[order][min(half, len(ratio) - 1)])


def _covered(found: Sequence[_Found], leaves: int) -> Bools:
    """Which leaves (n,) lie inside a cause."""
    covered = np.zeros(leaves, np.bool_)
    for one in found:
        covered |= one.inside
    return covered


def _shape(
    codes: Ints, now: Floats, usual: Floats, one: _Found, nested: Collection[tuple[int, int]]
) -> Floats:
    """Where the tickets fall that a cause adds (n,): inside it as usual, and into the gaps that hide the place. A
    place without any history gets them where they are now.
    """
    inside = one.inside
    if not usual[inside].any():
        return np.where(inside, now, 0.0)
    place = place_of(codes, one.cuboid, one.element)
    return np.where(inside, usual, 0.0) + shadow(codes, usual, place, nested)


def _explained(
    change: _Change, found: Sequence[_Found], shapes: Sequence[Floats]
) -> tuple[_Change, list[float]]:
    """The change when every cause has added its tickets, and how many each added to its place.

    A cause adds the same share of its shape everywhere. Where causes overlap both add theirs, so the shares are found
    together, by turns.
    """
    if not found:
        return change, []
    sizes = [float(shape[one.inside].sum()) for one, shape in zip(found, shapes, strict=True)]
    shares, total = [0.0] * len(found), change.usual.copy()
    for _ in range(_TURNS):
        for i, one in enumerate(found):
            rest = total - shares[i] * shapes[i]
            unexplained = float((change.now - rest)[one.inside].sum())
            shares[i] = max(unexplained / sizes[i], 0.0)
            total = rest + shares[i] * shapes[i]
    added = [share * size for share, size in zip(shares, sizes, strict=True)]
    return replace(change, usual=total, covered=_covered(found, len(total))), added


def _strongest(cuboids: list[Cuboid], change: _Change, rules: Rules) -> _Found | None:
    """The element that gains most beyond what the best of its cuboid would by chance."""
    best, margin = None, 0.0
    for cuboid in cuboids:
        gains = change.gains(cuboid, rules)
        top = int(gains.argmax())
        beyond = float(gains[top]) - rules.chance(len(cuboids) * cuboid.occurring)
        if beyond > margin:
            best, margin = _Found(cuboid, top, float(gains[top])), beyond
    return best


def _descend(cuboids: list[Cuboid], parent: _Found, change: _Change, rules: Rules) -> _Found:
    """Move to the best child while significant children along one attribute say more than their parent."""
    while True:
        inside = parent.inside
        attributes = set(parent.cuboid.attributes)
        children = [c for c in cuboids if len(c.attributes) == len(attributes) + 1]
        best, most = parent, rules.children_gain * parent.gain
        for child in children:
            if not attributes < set(child.attributes):
                continue
            gains = change.gains(child, rules, inside)
            chance = rules.chance(len(children) * len(np.unique(child.element[inside])))
            together = float(np.maximum(gains - chance, 0).sum())
            if together > most:
                best, most = _Found(child, int(gains.argmax()), float(gains.max())), together
        if best is parent:
            return parent
        parent = best


@cache
def _quantile(alpha: float) -> float:
    return float(chi2.isf(alpha, 1))
