"""Reads `DayCount`: one small row a day, whatever the number of tickets."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from apps.analysis.contacts import Contacts
from apps.analysis.models import DayCount
from apps.analysis.places import DIMENSIONS
from apps.analysis.series import Ints

COLUMNS = ("issue", "product", "department", "region", "segment", "channel", "version")
NUMBER = np.dtype(">i4")
NAMED = ("region", "segment", "channel", "version")  # stored as numbers that mean something on their day only


def read_contacts(first: date, last: date, *, names: dict[str, dict[int, str]]) -> Contacts:
    """The counted days from `first` to `last`; `names` calls products and departments by name (`place_names`)."""
    rows = list(
        DayCount.objects.filter(day__range=(first, last))
        .order_by("day")
        .values_list("day", "cells", "names", "tickets")
    )
    if rows:
        first = rows[0][0]
    days = (last - first).days + 1
    total = np.zeros(days)
    for day, _, _, tickets in rows:
        total[(day - first).days] = tickets
    tables = [np.frombuffer(cells, NUMBER).reshape(-1, len(COLUMNS)) for _, cells, _, _ in rows]
    numbers = [(day - first).days for day, *_ in rows]
    table = np.concatenate(tables).astype(np.int64) if tables else np.zeros((0, len(COLUMNS)), np.int64)
    day_of_cell = np.repeat(np.array(numbers, np.int64), [len(cells) for cells in tables])
    codes, called = _codes(table, [row[2] for row in rows], [len(cells) for cells in tables], names)
    return Contacts(
        first, days, total, day_of_cell, table[:, 0], np.ones(len(table), np.int64), codes, called
    )


def _codes(
    table: Ints,
    dictionaries: Sequence[dict[str, list[str]]],
    lengths: Sequence[int],
    names: dict[str, dict[int, str]],
) -> tuple[dict[str, Ints], dict[str, tuple[str, ...]]]:
    codes: dict[str, Ints] = {}
    called: dict[str, tuple[str, ...]] = {}
    for dimension in DIMENSIONS:
        column = table[:, COLUMNS.index(dimension)]
        if dimension in NAMED:
            words = sorted({word for local in dictionaries for word in local[dimension]} - {""})
            number = {word: index for index, word in enumerate(words)} | {"": -1}
            meaning = [number[word] for local in dictionaries for word in local[dimension]]
            sizes = [len(local[dimension]) for local in dictionaries]
            start = np.repeat(np.cumsum([0, *sizes[:-1]]) if sizes else np.zeros(0, np.int64), lengths)
            codes[dimension] = np.array(meaning, np.int64)[start + column] if len(column) else column
        else:
            known = sorted(names[dimension].items())
            keys = np.array([key for key, _ in known], np.int64)
            words = [word for _, word in known]
            at = np.searchsorted(keys, column)
            codes[dimension] = np.where(column == 0, -1, at)
        called[dimension] = tuple(words)
    return codes, called
