"""What was not recorded: a rise in a place also lifts the tickets of which nobody wrote down that they are from there.

Where a twentieth of all tickets has no region, a twentieth of the tickets a faulty region adds has none either. So
"region not recorded" rises as well, and would be found as a second cause of its own. Two things are known about gaps:

* a version belongs to one product: where the version is recorded, so is the product;
* of tickets without a region, but like the cause in all else, as many are from the cause's region as of those with one.
  That share of them is expected to rise with the cause (recorded at random; a gap that grows by itself still shows).
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import chain, combinations

import numpy as np

from apps.analysis.localise.cuboids import MISSING, Place
from apps.analysis.series import Floats, Ints

_NOTHING = 1e-9


def filled(codes: Ints, nested: Collection[tuple[int, int]]) -> Ints:
    """The leaves (n, attributes) with every container that its recorded part gives away, pairs (container, part)."""
    whole = codes.copy()
    for container, part in nested:
        recorded = (codes[:, part] != MISSING) & (codes[:, container] != MISSING)
        parts, first, number = np.unique(codes[recorded, part], return_index=True, return_inverse=True)
        belongs = codes[recorded, container][first]
        mixed = np.unique(number[codes[recorded, container] != belongs[number]])
        known = np.delete(parts, mixed)
        gaps = np.flatnonzero((whole[:, container] == MISSING) & np.isin(codes[:, part], known))
        whole[gaps, container] = belongs[np.searchsorted(parts, codes[gaps, part])]
    return whole


def shadow(codes: Ints, usual: Floats, place: Place, nested: Collection[tuple[int, int]]) -> Floats:
    """Of the `usual` tickets of each leaf (n,), those that are from `place` although that was not fully recorded."""
    cast = np.zeros(len(codes))
    equal = {attribute: codes[:, attribute] == value for attribute, value in place}
    inside = np.all(list(equal.values()), 0)
    for chosen in _choices([attribute for attribute, value in place if value != MISSING]):
        gaps = [codes[:, attribute] == MISSING for attribute in chosen]
        alike = np.all([equal[attribute] for attribute in equal if attribute not in chosen], 0)
        blank, known = alike & np.all(gaps, 0), alike & ~np.any(gaps, 0)
        if not blank.any():
            continue
        group = _partners(codes, chosen, equal, nested)
        from_here, alike_here = (np.bincount(group, usual * part) for part in (inside, known))
        cast[blank] = (usual * (from_here / np.maximum(alike_here, _NOTHING))[group])[blank]
    return cast


def _choices(attributes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    return chain.from_iterable(combinations(attributes, count) for count in range(1, len(attributes) + 1))


def _partners(
    codes: Ints, chosen: Collection[int], place: Collection[int], nested: Collection[tuple[int, int]]
) -> Ints:
    """Groups of leaves (n,) within which shares are taken: of the versions, within the product of each leaf."""
    pairs = [(a, b) if b in chosen else (b, a) for a, b in nested if (a in chosen) != (b in chosen)]
    beside = sorted({partner for partner, _ in pairs if partner not in place})
    if not beside:
        return np.zeros(len(codes), np.int64)
    return np.unique(codes[:, beside], axis=0, return_inverse=True)[1].ravel()
