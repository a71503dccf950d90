"""What was changed in how the desk is set up: by whom, when, from what to what, out of the histories of its tables.

Method: the newest rows of each history with the row before, merged by time. A history knows what was made and what was
changed; what was deleted left it before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db.models import F, ForeignKey, Model, Window
from django.db.models.functions import Lag

from helpdesk.marked import Marked
from helpdesk.models import User

SHOWN = 50
LONGEST = 300
# What tells nothing to whoever asks what was changed.
_LEFT_OUT = ("changed_at", "changed_by", "set_at", "set_by", "updated_at", "acts_as")


@dataclass(frozen=True)
class Difference:
    """One field, as programs name it; before is empty where the row is new."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One row of one table was made, or changed."""

    kind: str
    called: Marked
    row: int
    name: str
    is_new: bool
    by: str
    at: datetime
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class _Found:
    kind: str
    number: int
    before: int | None
    at: datetime


@cache
def tables() -> dict[str, tuple[type[Model], Marked]]:
    """By kind: the model of the history, and what a row is called."""
    known: dict[str, tuple[str, Marked]] = import_module("config.set_up").SET_UP
    return {kind: (_history_of(label), called) for kind, (label, called) in known.items()}


def _history_of(label: str) -> type[Model]:
    found: type[Model] = apps.get_model(f"{label}Event")
    return found


def changes(*, kind: str = "", until: datetime | None = None) -> list[Change]:
    """The newest fifty, of one kind or of all. A query for each table that is looked through, two for each that has
    something to show, one for each table that is named, and one for the people."""
    kinds = [kind] if kind in tables() else list(tables())
    found = [one for each in kinds for one in _newest(each, until)]
    chosen = sorted(found, key=lambda one: (one.at, one.number), reverse=True)[:SHOWN]
    rows = {
        each: _rows(each, [one for one in chosen if one.kind == each])
        for each in {one.kind for one in chosen}
    }
    names, people = _names(rows), _people(rows)
    return [change for one in chosen if (change := _change(one, rows[one.kind], names, people)).differences]


def _newest(kind: str, until: datetime | None) -> Iterable[_Found]:
    history: Any = tables()[kind][0]
    rows = history.objects.annotate(
        before=Window(Lag("pgh_id"), partition_by="pgh_obj_id", order_by=F("pgh_id").asc())
    ).order_by("-pgh_id")
    for number, before, at in rows.values_list("pgh_id", "before", "pgh_created_at")[
        : SHOWN * (4 if until else 1)
    ]:
        if until is None or at < until:
            yield _Found(kind, number, before, at)


def _rows(kind: str, found: Sequence[_Found]) -> dict[int, Any]:
    history: Any = tables()[kind][0]
    numbers = {one.number for one in found} | {one.before for one in found if one.before}
    rows: dict[int, Any] = history.objects.select_related("pgh_context").in_bulk(numbers)
    return rows


def _fields(row: Any) -> list[Any]:
    return [
        one
        for one in row._meta.concrete_fields
        if not one.name.startswith("pgh_") and one.name not in ("id", *_LEFT_OUT)
    ]


def _names(rows: dict[str, dict[int, Any]]) -> dict[tuple[type[Model], int], str]:
    """What rows that others refer to are called: one query a table."""
    wanted: dict[type[Model], set[int]] = {}
    for row in (row for those in rows.values() for row in those.values()):
        for field in _fields(row):
            if isinstance(field, ForeignKey) and (number := getattr(row, field.attname)) is not None:
                wanted.setdefault(field.related_model, set()).add(number)
    return {
        (model, number): str(found)
        for model, numbers in wanted.items()
        for number, found in model._default_manager.in_bulk(numbers).items()
    }


def _people(rows: dict[str, dict[int, Any]]) -> dict[int, str]:
    numbers = {_signed_by(row) for those in rows.values() for row in those.values()} - {0}
    return dict(User.objects.filter(pk__in=numbers).values_list("pk", "name"))


def _signed_by(row: Any) -> int:
    """Rows from before services signed say it themselves, or not at all."""
    signed = row.pgh_context.metadata.get("by") if row.pgh_context else None
    return signed or getattr(row, "changed_by_id", None) or getattr(row, "set_by_id", None) or 0


def _change(
    found: _Found, rows: dict[int, Any], names: dict[tuple[type[Model], int], str], people: dict[int, str]
) -> Change:
    row, before = rows[found.number], rows.get(found.before or 0)
    told = []
    for field in _fields(row):
        now = _said(row, field, names)
        then = _said(before, field, names) if before is not None else ""
        if now != then:
            told.append(Difference(field.name, then, now))
    name = str(getattr(row, "name", "") or getattr(row, "label", "") or getattr(row, "words", ""))[:120]
    called = tables()[found.kind][1]
    by = people.get(_signed_by(row), "")
    return Change(found.kind, called, row.pgh_obj_id, name, before is None, by, found.at, tuple(told))


def _said(row: Any, field: Any, names: dict[tuple[type[Model], int], str]) -> str:
    value = getattr(row, field.attname)
    if value is None or value == "" or value == []:
        return ""
    if isinstance(field, ForeignKey):
        return names.get((field.related_model, value), f"#{value}")
    said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
