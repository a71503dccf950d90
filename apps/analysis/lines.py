"""The lines the nightly analysis looks at: each issue, and each issue in each place that has enough contacts."""

from dataclasses import dataclass

import numpy as np

from apps.analysis.contacts import UNCODED, Contacts
from apps.analysis.places import EVERYWHERE, WATCHED, Place
from apps.analysis.series import Bools, Floats, Ints

LEAST_A_DAY = 0.05  # thinner lines can't show a surge; they are watched through the issue as a whole
RECENT = 56


@dataclass(frozen=True)
class Line:
    """What one line counts."""

    issue: int
    place: Place


@dataclass(frozen=True)
class Lines:
    """Counts (S, days), what each row is, the row that contains it (-1: none), the first day each had a ticket, and the
    day from which people accepted a new level (as many as there are days: never; None: on no line)."""

    lines: tuple[Line, ...]
    counts: Floats
    parents: Ints
    since: Ints
    accepted: Ints | None = None

    def __len__(self) -> int:
        return len(self.lines)


def lines_of(contacts: Contacts, issues: Ints, *, thin: bool = False) -> Lines:
    """Every given issue that has contacts, then every (issue, place) with at least one in twenty days (or any)."""
    coded = (contacts.issue != UNCODED) & np.isin(contacts.issue, issues)
    day, tickets = contacts.day[coded], contacts.tickets[coded]
    present, row = np.unique(contacts.issue[coded], return_inverse=True)
    totals = _table(row, day, tickets, len(present), contacts.days)
    lines = [Line(int(issue), EVERYWHERE) for issue in present]
    tables, parents = [totals], [np.full(len(present), -1, np.int64)]
    for dimension in WATCHED:
        names = contacts.names[dimension]
        if len(names) < 2:
            continue
        code = contacts.codes[dimension][coded]
        known = code >= 0
        table = _table(
            row[known] * len(names) + code[known],
            day[known],
            tickets[known],
            len(present) * len(names),
            contacts.days,
        )
        parent, value = np.divmod(np.arange(len(table)), len(names))
        # A place that holds nearly all of its issue is the issue.
        own, whole = table.sum(1), totals.sum(1)[parent]
        kept = np.flatnonzero((table.any(1) if thin else is_thick(table)) & (own < 0.98 * whole))
        tables.append(table[kept])
        parents.append(parent[kept])
        lines += [Line(int(present[parent[i]]), Place(dimension, names[value[i]])) for i in kept]
    counts = np.concatenate(tables) if len(present) else np.zeros((0, contacts.days))
    above = np.concatenate(parents)
    first = (totals > 0).argmax(1) if len(present) else np.zeros(0, np.int64)
    since = np.where(
        above >= 0, first[above], np.concatenate([first, np.zeros(len(above) - len(first), np.int64)])
    )
    return Lines(tuple(lines), counts, above, since.astype(np.int64))


def _table(row: Ints, day: Ints, tickets: Ints, rows: int, days: int) -> Floats:
    table: Floats = np.bincount(row * days + day, tickets, rows * days).reshape(rows, days).astype(np.float64)
    return table


def is_thick(table: Floats) -> Bools:
    """Whether a line (S, days) has enough contacts to be watched by itself."""
    days = table.shape[1]
    recent = table[:, -min(RECENT, days) :]
    thick: Bools = (table.sum(1) >= LEAST_A_DAY * days) | (recent.sum(1) >= LEAST_A_DAY * recent.shape[1] * 2)
    return thick
