"""Reading the same contacts in another edition of the taxonomy: pure, on arrays and plain changes.

Two steps. First each coding gets back the code it was given with: every recoding left a record of what it moved, and
these are taken back, the latest first; a ticket whose two codes became one has two again. A record names the day and
the customer, which is all a counted day knows of a ticket. Then the nodes are brought back to the edition asked for by
what each later release says would undo it, the latest first: what was merged stands apart, what was a part is read as
the whole again, what was moved or renamed stands where it stood under its old name. An issue that came later and was
no part of anything stays itself. So tickets are neither lost nor won: the sum over all issues is the number of codings.

Limit: a ticket that somebody coded again by hand since counts where they put it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from django.utils.formats import date_format
from django.utils.translation import gettext

from apps.analysis.series import Bools, Ints

AS_CODED = "coded"


@dataclass(frozen=True)
class Moved:
    """What one recoding moved: parallel (n,) day (an ordinal), customer, issue before and after, and whether both codes
    stood on the ticket and became one."""

    day: Ints
    customer: Ints
    before: Ints
    after: Ints
    was_both: Bools


@dataclass(frozen=True)
class Restored:
    """`issue` (cells,) as it was coded; `copies` are cells that stand for two codings, `copied` their second issue."""

    issue: Ints
    copies: Ints
    copied: Ints


def as_coded(day: Ints, customer: Ints, issue: Ints, moves: Sequence[Moved]) -> Restored:
    """Codings before any recoding; `moves` from the first recoding to the last, days as ordinals. Work grows with the
    cells that carry a code somebody recoded to."""
    issue = issue.copy()
    copies, copied = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for moved in reversed(moves):
        cells = np.flatnonzero(np.isin(issue, np.unique(moved.after)))
        here, there = _matched(
            np.stack([day[cells], customer[cells], issue[cells]], 1),
            np.stack([moved.day, moved.customer, moved.after], 1),
        )
        alone = ~moved.was_both[there]
        issue[cells[here[alone]]] = moved.before[there[alone]]
        copies.append(cells[here[~alone]])
        copied.append(moved.before[there[~alone]])
    return Restored(issue, np.concatenate(copies), np.concatenate(copied))


def _matched(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Places of equal rows, each used once: where a customer wrote twice a day, the first goes with the first."""
    if not len(one) or not len(other):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    key = np.unique(np.concatenate([one, other]), axis=0, return_inverse=True)[1].ravel()
    mine, theirs = (_numbered(part) for part in (key[: len(one)], key[len(one) :]))
    width = 1 + int(max(mine[:, 1].max(), theirs[:, 1].max()))
    _, here, there = np.intersect1d(
        mine[:, 0] * width + mine[:, 1], theirs[:, 0] * width + theirs[:, 1], return_indices=True
    )
    return here, there


def _numbered(key: Ints) -> Ints:
    """(n, 2): the key, and how many equal ones stand before it."""
    order = np.argsort(key, kind="stable")
    inside = key[order]
    first = np.searchsorted(inside, inside)
    number = np.empty(len(key), np.int64)
    number[order] = np.arange(len(key)) - first
    return np.stack([key, number], 1)


# --- the nodes


@dataclass(frozen=True)
class Standing:
    """A node as an edition has it. `came_in`: the later release that brought it, 0 when it was there."""

    path: str
    label: str
    read_as: str = ""
    came_in: int = 0

    @property
    def code(self) -> str:
        return self.path.rpartition("/")[2]


def back_to(
    nodes: Mapping[str, Standing], later: Iterable[tuple[int, Sequence[Mapping[str, Any]]]]
) -> dict[str, Standing]:
    """The nodes by code as they were before the releases in `later`: (number, what would undo it), the latest first."""
    found = dict(nodes)
    for number, reverse in later:
        for change in reverse:
            _take(found, change, number)
    return found


def _take(nodes: dict[str, Standing], change: Mapping[str, Any], number: int) -> None:
    """One change of the reverse set, in its written form."""
    match change["change"]:
        case "edit" if "label" in change:
            _put(nodes, change["code"], label=change["label"])
        case "move":
            _move(nodes, change["code"], change["parent"])
        case "merge":  # parts that come together again
            for code in change["codes"]:
                _put(nodes, code, read_as=change["into"], came_in=number)
        case "retire":
            _put(nodes, change["code"], read_as=change["replaced_by"], came_in=number)
        case "reinstate":
            _put(nodes, change["code"], read_as="", came_in=0)


def _put(nodes: dict[str, Standing], code: str, **values: Any) -> None:
    if code in nodes:
        nodes[code] = replace(nodes[code], **values)


def _move(nodes: dict[str, Standing], code: str, parent: str) -> None:
    if code not in nodes or (parent and parent not in nodes):
        return
    old = nodes[code].path
    new = f"{nodes[parent].path}/{code}" if parent else code
    for name, node in nodes.items():
        if node.path == old or node.path.startswith(f"{old}/"):
            nodes[name] = replace(node, path=new + node.path[len(old) :])


# --- where a line was sewn together


@dataclass(frozen=True)
class Seam:
    """From `day` on an issue is counted otherwise; `words` for a sentence, `mark` beside a line."""

    release: int
    day: date
    mark: str
    words: str


def seams(
    codes: frozenset[str],
    labels: Mapping[str, str],
    released: Iterable[tuple[int, date, Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]]],
) -> list[Seam]:
    """What the releases (number, day, changes, reverse) did to a set of issues: merged, split, moved, renamed."""
    found = []
    for number, day, changes, reverse in released:
        told = [*(_told(change, codes, labels) for change in changes), *_names(reverse, codes)]
        said = list(dict.fromkeys(filter(None, told)))
        if said:
            words = gettext("Until %(day)s %(said)s (release %(number)s).") % {
                "day": date_format(day, "j F Y"),
                "said": ", and ".join(said),
                "number": number,
            }
            found.append(
                Seam(
                    number,
                    day,
                    gettext("release %(number)s, %(day)s")
                    % {"number": number, "day": date_format(day, "j M")},
                    words,
                )
            )
    return found


def _told(change: Mapping[str, Any], codes: frozenset[str], labels: Mapping[str, str]) -> str:
    def called(*names: str) -> str:
        return ", ".join(f"“{labels.get(name, name)}”" for name in names)

    match change["change"]:
        case "merge":
            others = [code for code in change["codes"] if code not in codes]
            if change["into"] in codes and others:
                return gettext("%(called)s counted apart") % {"called": called(*others)}
            if change["into"] not in codes and codes & set(change["codes"]):
                return gettext("it was not yet counted as %(called)s") % {"called": called(change["into"])}
        case "split":
            if change["code"] in codes and not codes >= set(change["parts"]):
                return gettext("its tickets were not yet split into %(called)s") % {
                    "called": called(*change["parts"])
                }
            if change["code"] not in codes and codes & set(change["parts"]):
                return gettext("counted as %(called)s") % {"called": called(change["code"])}
        case "retire":
            after = change["replaced_by"]
            if after and after in codes and change["code"] not in codes:
                return gettext("%(called)s counted apart") % {"called": called(change["code"])}
            if change["code"] in codes and after not in codes:
                return gettext("%(called)s was in use") % {"called": called(change["code"])}
        case "move" if change["code"] in codes:
            return gettext("it stood elsewhere in the taxonomy")
    return ""


def _names(reverse: Sequence[Mapping[str, Any]], codes: frozenset[str]) -> list[str]:
    return [
        gettext("it was called “%(label)s”") % {"label": change["label"]}
        for change in reverse
        if change["change"] == "edit" and change["code"] in codes and change.get("label")
    ]
