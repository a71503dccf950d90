"""A night's lines in blocks, each looked at by itself, on whichever worker; put together as if they never were apart.

What a line leads one to expect depends on its own history, and for a thin line on that of the issue that contains it.
So an issue and its places stay in one block, and the survey of all lines is the surveys of the blocks, row by row.
What compares lines (false-discovery control, folding into the parent) comes after they are joined.
"""

from collections.abc import Sequence
from dataclasses import fields
from io import BytesIO
from typing import Any

import numpy as np

from apps.analysis.lines import Lines
from apps.analysis.series import Calendar, Floats, Ints
from apps.analysis.surge import Survey, survey

SIZE = 1_000  # lines: a second's work
ARRAYS = tuple(one.name for one in fields(Survey) if one.name not in ("first", "rules"))


def blocks_of(lines: Lines, size: int = SIZE) -> list[Ints]:
    """The rows of each block: whole families, in the order of their issues, `size` rows or a family more."""
    if not len(lines):
        return []
    rows = np.arange(len(lines))
    family = np.where(lines.parents < 0, rows, lines.parents)
    order = np.lexsort((rows, family))
    _, starts, lengths = np.unique(family[order], return_index=True, return_counts=True)
    block = (np.cumsum(lengths) - 1) // size
    cuts = starts[np.flatnonzero(np.diff(block)) + 1]
    return np.split(order, cuts)


def look_at(
    lines: Lines, rows: Ints, calendar: Calendar, offset: Floats | None, *, elapsed: float = 1.0
) -> Survey:
    """The survey of one block; `elapsed` is the share of the last day that has passed."""
    place = np.full(len(lines) + 1, -1)  # the last one is for "no parent"
    place[rows] = np.arange(len(rows))
    return survey(
        lines.counts[rows],
        calendar,
        offset=offset,
        since=lines.since[rows],
        parents=place[lines.parents[rows]],
        accepted=None if lines.accepted is None else lines.accepted[rows],
        elapsed=elapsed,
    )


def joined(blocks: Sequence[Ints], surveys: Sequence[Survey]) -> Survey:
    """The survey of all lines, each in its own row again."""
    back = np.argsort(np.concatenate(blocks))
    whole = [np.concatenate([getattr(one, name) for one in surveys])[back] for name in ARRAYS]
    return _survey(whole, surveys[0].first)


def packed(found: Survey) -> bytes:
    """A survey made with the usual rules, to be kept until the others are there."""
    out = BytesIO()
    np.savez_compressed(out, first=np.array(found.first), **{name: getattr(found, name) for name in ARRAYS})
    return out.getvalue()


def unpacked(kept: bytes | memoryview) -> Survey:
    with np.load(BytesIO(kept), allow_pickle=False) as arrays:
        return _survey([arrays[name] for name in ARRAYS], int(arrays["first"]))


def _survey(arrays: Sequence[Any], first: int) -> Survey:
    given: dict[str, Any] = dict(zip(ARRAYS, arrays, strict=True))
    return Survey(**given, first=first)
