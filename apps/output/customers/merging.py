"""Moving all that refers to one customer to another, and back: what config/merging.py says of each table."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pgtrigger
from django.apps import apps
from django.core import serializers
from django.db.models import Exists, Model, OuterRef, QuerySet

from helpdesk.models import Customer

BATCH = 10_000  # numbers named in one statement


@dataclass
class Moved:
    """What a merge did, by the name of the foreign key: numbers of rows that moved, and rows taken off whole."""

    rows: dict[str, list[int]] = field(default_factory=dict)
    taken_off: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def referring() -> Mapping[str, Any]:
    table: Mapping[str, Any] = import_module("config.merging").MERGING
    return table


def move_all(gone: Customer, kept: Customer) -> Moved:
    moved = Moved()
    for name, how in referring().items():
        if how.moves:
            _move(name, how, gone, kept, moved)
    return moved


def move_back(
    rows: Mapping[str, list[int]], taken_off: Mapping[str, Any], gone: Customer, kept: Customer
) -> None:
    """Rows that were moved on since, to a third customer, stay where they are now."""
    for name, numbers in rows.items():
        model, column = _place(name)
        with _lifted(referring()[name]):
            for some in _in_batches(numbers):
                model._default_manager.filter(pk__in=some, **{column: kept}).update(**{column: gone})
    for records in taken_off.values():
        for record in serializers.deserialize("json", json.dumps(records)):
            record.save()


def _move(name: str, how: Any, gone: Customer, kept: Customer, moved: Moved) -> None:
    model, column = _place(name)
    rows = model._default_manager.filter(**{column: gone})
    if how.unless is not None:
        twice = rows.filter(_has_one_too(model, column, how.unless, kept))
        if not how.stays and (records := json.loads(serializers.serialize("json", twice))):
            moved.taken_off[name] = records
            twice.delete()
        rows = rows.exclude(pk__in=list(twice.values_list("pk", flat=True)))
    numbers = list(rows.order_by("pk").values_list("pk", flat=True))
    if not numbers:
        return
    moved.rows[name] = numbers
    with _lifted(how):
        for some in _in_batches(numbers):
            model._default_manager.filter(pk__in=some).update(**{column: kept})


def _has_one_too(model: type[Model], column: str, same: Iterable[str], kept: Customer) -> Exists:
    alike: QuerySet[Any] = model._default_manager.filter(**{column: kept})
    return Exists(alike.filter(**{one: OuterRef(one) for one in same}))


def _place(name: str) -> tuple[type[Model], str]:
    label, _, column = name.rpartition(".")
    return apps.get_model(label), column


def _lifted(how: Any) -> AbstractContextManager[Any]:
    return pgtrigger.ignore(how.lifts) if how.lifts else nullcontext()


def _in_batches(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]
