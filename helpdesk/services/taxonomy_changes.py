"""What can be changed in the taxonomy: one frozen value for each kind of change, and how it is written down.

A change names nodes by their codes, so a set of them can be kept for weeks, sent to another desk and read by people.
An edit carries only what it changes: words somebody else published in the meantime stay.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.errors import Invalid
from helpdesk.models import Department, IssueKind, User


class Keep(Enum):
    """An edit says nothing about this field."""

    KEEP = "keep"


KEEP = Keep.KEEP


@dataclass(frozen=True)
class AddIssue:
    """A new node; `parent` is the code of the one above it."""

    code: str
    label: str
    parent: str = ""
    kind: str = IssueKind.REASON
    definition: str = ""
    includes: str = ""
    excludes: str = ""
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()
    owner_department: Department | None = None
    owner: User | None = None
    default_severity: int = 3


@dataclass(frozen=True)
class EditIssue:
    """New words or another owner for a node; its code and what was coded with it stay. What is not given is kept."""

    code: str
    label: str | Keep = KEEP
    definition: str | Keep = KEEP
    includes: str | Keep = KEEP
    excludes: str | Keep = KEEP
    examples: tuple[str, ...] | Keep = KEEP
    counter_examples: tuple[str, ...] | Keep = KEEP
    owner_department: Department | Keep | None = KEEP
    owner: User | Keep | None = KEEP
    default_severity: int | Keep = KEEP

    @property
    def given(self) -> dict[str, Any]:
        """The fields it changes."""
        named = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "code"}
        return {name: value for name, value in named.items() if value is not KEEP}


@dataclass(frozen=True)
class MoveIssue:
    """A node and all below it stand somewhere else; `parent` is a code, empty for the top."""

    code: str
    parent: str = ""


@dataclass(frozen=True)
class MergeIssues:
    """Several nodes are one from now on: `codes` are retired, read as `into`, and their tickets recoded to it."""

    codes: tuple[str, ...]
    into: str
    recode: bool = True


@dataclass(frozen=True)
class SplitIssue:
    """One node is several from now on. Its parts are there already, or added before in the same set.

    Old tickets are read as `read_as`, one of the parts; where it is empty they keep the old code until they are
    recoded by suggestion or by hand.
    """

    code: str
    parts: tuple[str, ...]
    read_as: str = ""


@dataclass(frozen=True)
class RetireIssue:
    """A node that is given to no more tickets; old ones keep it, charts can read it as `replaced_by`."""

    code: str
    replaced_by: str = ""


@dataclass(frozen=True)
class ReinstateIssue:
    """A retired node is given to tickets again."""

    code: str


Change = AddIssue | EditIssue | MoveIssue | MergeIssues | SplitIssue | RetireIssue | ReinstateIssue

KINDS: dict[str, type[Change]] = {
    "add": AddIssue,
    "edit": EditIssue,
    "move": MoveIssue,
    "merge": MergeIssues,
    "split": SplitIssue,
    "retire": RetireIssue,
    "reinstate": ReinstateIssue,
}


def kind_of(change: Change) -> str:
    return next(kind for kind, one in KINDS.items() if type(change) is one)


def codes_of(change: Change) -> tuple[str, ...]:
    """The nodes it changes."""
    return change.codes if isinstance(change, MergeIssues) else (change.code,)


def codes_named(change: Change) -> frozenset[str]:
    """Every node it speaks of, changed or not."""
    others: tuple[str, ...] = ()
    match change:
        case AddIssue() | MoveIssue():
            others = (change.parent,)
        case MergeIssues():
            others = (change.into,)
        case SplitIssue():
            others = (*change.parts, change.read_as)
        case RetireIssue():
            others = (change.replaced_by,)
    return frozenset((*codes_of(change), *others)) - {""}


def written(change: Change) -> dict[str, Any]:
    """As plain values, its kind under `change`: people and departments by number."""
    values = change.given | {"code": change.code} if isinstance(change, EditIssue) else vars(change)
    return {"change": kind_of(change)} | {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Department | User):
        return value.pk
    return list(value) if isinstance(value, tuple) else value


def read(data: dict[str, Any]) -> Change:
    """The change that was `written`. Raises Invalid where a person or department is gone."""
    values = {name: _READERS.get(name, _as_it_is)(value) for name, value in data.items() if name != "change"}
    return KINDS[data["change"]](**values)


def _as_it_is(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _department(number: int | None) -> Department | None:
    found = Department.objects.filter(pk=number).first() if number else None
    if number and found is None:
        raise Invalid(_("The department that was to own it is gone."), pointer="owner_department")
    return found


def _person(number: int | None) -> User | None:
    found = User.objects.filter(pk=number).first() if number else None
    if number and found is None:
        raise Invalid(_("The person who was to own it is gone."), pointer="owner")
    return found


_READERS: dict[str, Callable[[Any], Any]] = {"owner_department": _department, "owner": _person}
