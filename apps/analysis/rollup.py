"""Counts by any choice of dimensions: tickets, reopened, customers, minutes and outcomes of each cell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from apps.analysis.contacts import Contacts
from apps.analysis.queries.contacts import OUTCOMES, Measures
from apps.analysis.series import Bools, Ints


@dataclass(frozen=True)
class Cell:
    """One combination of values, in the order asked for: day and issue by number, the rest by name.

    `tickets` counts codings: a ticket with two issues is in the cells of both. `customers` are different people.
    """

    place: tuple[int | str, ...]
    tickets: int
    reopened: int
    customers: int
    minutes: int
    satisfied: int
    mollified: int
    dissatisfied: int


def rollup(
    contacts: Contacts, measures: Measures, by: Sequence[str], *, where: Bools | None = None
) -> list[Cell]:
    """A cell for each combination of `by` ("day", "issue", or a dimension of `contacts`) that has contacts.

    With neither "issue" nor a filter on issues, tickets are counted once whatever the number of their issues.
    """
    chosen = np.ones(len(contacts.issue), np.bool_) if where is None else where
    if "issue" not in by and where is None:
        chosen = measures.first
    columns = [_column(contacts, name)[chosen] for name in by]
    keys, cell = np.unique(np.stack(columns, 1), axis=0, return_inverse=True) if columns else _one(chosen)
    cell = cell.ravel()
    sums = [
        np.bincount(cell, weights, len(keys)).astype(np.int64)
        for weights in (
            np.ones(len(cell)),
            measures.reopened[chosen] > 0,
            first_seen(cell, measures.customer[chosen]),
            measures.minutes[chosen],
            *(measures.outcome[chosen] == number for number in range(1, len(OUTCOMES))),
        )
    ]
    return [
        Cell(tuple(_name(contacts, name, int(value)) for name, value in zip(by, key, strict=True)), *counts)
        for key, *counts in zip(keys, *(one.tolist() for one in sums), strict=True)
    ]


def _column(contacts: Contacts, name: str) -> Ints:
    if name == "day":
        return contacts.day
    return contacts.issue if name == "issue" else contacts.codes[name]


def _one(chosen: Bools) -> tuple[Ints, Ints]:
    return np.zeros((1, 0), np.int64), np.zeros(int(chosen.sum()), np.int64)


def first_seen(cell: Ints, customer: Ints) -> Bools:
    """Whether a row is the first one of its customer in its cell."""
    _, first = np.unique(np.stack([cell, customer], 1), axis=0, return_index=True)
    seen = np.zeros(len(cell), np.bool_)
    seen[first] = True
    return seen


def _name(contacts: Contacts, name: str, value: int) -> int | str:
    if name in ("day", "issue"):
        return value
    return contacts.names[name][value] if value >= 0 else ""
