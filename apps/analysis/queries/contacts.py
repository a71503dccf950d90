"""Reads `DayCount`: one small row a day, whatever the number of tickets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db.models import Min

from apps.analysis.contacts import Contacts
from apps.analysis.deadlines import today
from apps.analysis.models import DayCount
from apps.analysis.series import Bools, Ints
from helpdesk.models import Outcome, Ticket

COLUMNS = ("issue", "product", "department", "region", "segment", "channel", "version", "contact_type")
MEASURES = ("customer", "minutes", "bits")
NUMBER = np.dtype(">i4")
# Stored as numbers that mean something on their day only; in the order of the statement that collects them.
NAMED = ("region", "segment", "channel", "version", "contact_type")
LAYOUT = "8 columns and 3 measures"  # another layout counts every day again
FIRST_CODING = 1
OUTCOMES = ("", Outcome.SATISFIED.value, Outcome.MOLLIFIED.value, Outcome.DISSATISFIED.value)

Names = Mapping[str, Mapping[int, str]]
Bytes = bytes | memoryview
Row = tuple[date, Bytes, Any, int]


@dataclass(frozen=True)
class Measures:
    """What became of the contacts: parallel to the cells of `Contacts`, a row for each coding of a ticket.

    `first` marks one row for each ticket: sums over tickets take those, sums over issues take all. `outcome` is an
    index into `OUTCOMES`, `minutes` the time spent on the ticket, `reopened` how often it was.
    """

    customer: Ints
    minutes: Ints
    reopened: Ints
    outcome: Ints
    first: Bools


def first_counted_or_opened() -> date | None:
    """The first day there is anything to count, or anything counted; None before the first ticket."""
    opened = Ticket.objects.aggregate(first=Min("opened_at"))["first"]
    counted: date | None = DayCount.objects.aggregate(first=Min("day"))["first"]
    days = [day for day in (counted, today(opened) if opened else None) if day is not None]
    return min(days, default=None)


def read_contacts(
    first: date, last: date, *, names: Names, crosswalk: Mapping[int, int] | None = None
) -> Contacts:
    """The counted days from `first` to `last`; `names` calls products and departments by name (`place_names`).

    `crosswalk` says as what an issue of an earlier edition is read (`Taxonomy.crosswalk`). One query.
    """
    rows = DayCount.objects.filter(day__range=(first, last)).order_by("day")
    return _contacts(
        list(rows.values_list("day", "cells", "names", "tickets")), first, last, names, crosswalk
    )


def read_measured(
    first: date, last: date, *, names: Names, crosswalk: Mapping[int, int] | None = None
) -> tuple[Contacts, Measures]:
    """The same, with what became of each contact. One query."""
    rows = DayCount.objects.filter(day__range=(first, last)).order_by("day")
    found = list(rows.values_list("day", "cells", "names", "tickets", "measures"))
    table = _numbers([row[4] for row in found], len(MEASURES))
    bits = table[:, 2]
    measures = Measures(
        customer=table[:, 0], minutes=table[:, 1], reopened=bits >> 3, outcome=bits >> 1 & 3,
        first=(bits & FIRST_CODING).astype(np.bool_),
    )  # fmt: skip
    return _contacts([row[:4] for row in found], first, last, names, crosswalk), measures


def _contacts(
    rows: Sequence[Row],
    first: date,
    last: date,
    names: Names,
    crosswalk: Mapping[int, int] | None,
) -> Contacts:
    if rows:
        first = rows[0][0]
    days = (last - first).days + 1
    total = np.zeros(days)
    for day, _, _, tickets in rows:
        total[(day - first).days] = tickets
    table = _numbers([cells for _, cells, _, _ in rows], len(COLUMNS))
    lengths = [len(cells) // (len(COLUMNS) * NUMBER.itemsize) for _, cells, _, _ in rows]
    number = np.array([(day - first).days for day, *_ in rows], np.int64)
    codes, called = _codes(table, [row[2] for row in rows], lengths, names)
    issue = table[:, 0]
    if crosswalk:
        issue = translated(issue, crosswalk)
    return Contacts(
        first, days, total, np.repeat(number, lengths), issue, np.ones(len(table), np.int64), codes, called
    )


def _numbers(blobs: Sequence[Bytes], width: int) -> Ints:
    table = np.frombuffer(b"".join(blobs), NUMBER).reshape(-1, width)
    # Column by column in memory: each is used by itself.
    return np.asfortranarray(table, np.int64)


def translated(issue: Ints, crosswalk: Mapping[int, int]) -> Ints:
    """Issues (n,) as the crosswalk reads them."""
    meaning = np.arange(max(int(issue.max(initial=0)), *crosswalk) + 1)
    meaning[list(crosswalk)] = list(crosswalk.values())
    read_as: Ints = meaning[issue]
    return read_as


def _codes(
    table: Ints, dictionaries: Sequence[dict[str, list[str]]], lengths: Sequence[int], names: Names
) -> tuple[dict[str, Ints], dict[str, tuple[str, ...]]]:
    codes: dict[str, Ints] = {}
    called: dict[str, tuple[str, ...]] = {}
    for dimension in COLUMNS[1:]:
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
    codes["version"], called["version"] = _with_product(codes, called)
    return codes, called


def _with_product(
    codes: Mapping[str, Ints], called: Mapping[str, tuple[str, ...]]
) -> tuple[Ints, tuple[str, ...]]:
    """A version is called with its product ("hub 3.2"): 3.2 of something else is another thing."""
    versions, products = called["version"], called["product"]
    if not versions:
        return codes["version"], ()
    pair = np.where(codes["version"] < 0, 0, 1 + (codes["product"] + 1) * len(versions) + codes["version"])
    present = np.flatnonzero(np.bincount(pair))
    words = {
        int(one): f"{products[product - 1]} {versions[version]}" if product else versions[version]
        for one in present
        if one
        for product, version in [divmod(int(one) - 1, len(versions))]
    }
    order = sorted(words, key=words.__getitem__)
    place = np.full(int(present.max(initial=0)) + 1, -1)
    place[order] = np.arange(len(order))
    return place[pair], tuple(words[one] for one in order)
