"""Cuboids: the sets of attributes by which leaves are grouped, and the elements they fall into.

With attributes product and region there are three cuboids: product, region, and product with region. An
element is one value of each attribute of a cuboid, as "version 4.2 in North".
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from apps.analysis.series import Bools, Floats, Ints

MISSING = -1
_SAME = 0.98  # share of the weight two elements must have in common to be called the same thing
_SPARSE = 4  # elements per leaf beyond which numbering the occurring ones is cheaper than counting all

Place = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Cuboid:
    """Attributes; the element each leaf falls into (n,); `size` numbers of elements, some perhaps empty; and
    how many elements occur.
    """

    attributes: tuple[int, ...]
    element: Ints
    size: int
    occurring: int

    def sums(self, weights: Floats, inside: Bools | None = None) -> Floats:
        """Sum of `weights` (n,) over the leaves of each element, (size,); of the leaves `inside` if given."""
        if inside is None:
            return np.bincount(self.element, weights, self.size).astype(np.float64)
        return np.bincount(self.element[inside], weights[inside], self.size).astype(np.float64)


def cuboids_of(
    codes: Ints, *, most_attributes: int, nested: Collection[Collection[int]] = ()
) -> list[Cuboid]:
    """Every cuboid of up to `most_attributes` attributes over the leaves `codes` (n, attributes).

    Attributes of which one contains the other (`nested` pairs) are never combined.
    """
    apart = {frozenset(pair) for pair in nested}
    values = [np.unique(column, return_inverse=True)[1] for column in codes.T]
    chosen = (
        attributes
        for count in range(1, min(most_attributes, codes.shape[1]) + 1)
        for attributes in combinations(range(codes.shape[1]), count)
    )
    return [
        _cuboid(attributes, values)
        for attributes in chosen
        if not any(frozenset(pair) in apart for pair in combinations(attributes, 2))
    ]


def place_of(codes: Ints, cuboid: Cuboid, element: int) -> Place:
    """The (attribute, value) pairs that make an element."""
    row = int(np.argmax(cuboid.element == element))
    return tuple((attribute, int(codes[row, attribute])) for attribute in cuboid.attributes)


def aliases(
    codes: Ints, cuboids: Sequence[Cuboid], cause: Cuboid, inside: Bools, weights: Floats
) -> tuple[Place, ...]:
    """Elements with as many attributes that hold the same weight, so that nobody can say which one it is."""
    total = weights[inside].sum()
    found = []
    for cuboid in cuboids:
        if cuboid is cause or len(cuboid.attributes) != len(cause.attributes):
            continue
        shared = cuboid.sums(weights, inside)
        top = int(shared.argmax())
        if shared[top] >= _SAME * total and cuboid.sums(weights)[top] <= total / _SAME:
            found.append(place_of(codes, cuboid, top))
    return tuple(found)


def _cuboid(chosen: tuple[int, ...], values: Sequence[Ints]) -> Cuboid:
    key, size = np.zeros(len(values[0]), np.int64), 1
    for attribute in chosen:
        width = int(values[attribute].max()) + 1
        key, size = key * width + values[attribute], size * width
        if size > _SPARSE * len(key):
            occurring, key = np.unique(key, return_inverse=True)
            size = len(occurring)
    return Cuboid(chosen, key, size, int(np.count_nonzero(np.bincount(key, minlength=size))))
