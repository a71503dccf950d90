"""Filling a table by COPY: the fastest way into PostgreSQL, for rows that are known to be right."""

import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Max

ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))  # the backslash first
NULL = "\\N"
BLOCK = 1 << 20  # bytes handed over at a time


class Table:
    """One table and the rows waiting to be copied into it. Ids are given here, so that rows can point at each other
    before they are written; columns that are not named take the model's defaults.

    Between `copy` and the next `add` others may insert: the table's own numbering is kept right all the time.
    """

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        self.name = model._meta.db_table
        fields = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
        by_name = {field.attname: field for field in fields}
        others = [field for field in fields if field.attname not in columns and not field.primary_key]
        self._columns = ["id", *columns, *[field.attname for field in others]]
        self._defaults = "".join(f"\t{_written(field)(field.get_default())}" for field in others)
        self._writers: list[Callable[[Any], str]] = [str, *[_written(by_name[name]) for name in columns]]
        self._rows: list[tuple[Any, ...]] = []
        self._next_id: int | None = None
        # A load that was killed has left no rows, but numbers that were drawn are gone: take them back.
        last = model._base_manager.aggregate(last=Max("pk"))["last"]
        self._ask("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, %s)", last or 1, last is not None)

    def add(self, *values: Any) -> int:
        """Take a row, its values in the order of the columns; returns its id."""
        if self._next_id is None:
            self._next_id = self._ask("SELECT nextval(pg_get_serial_sequence(%s, 'id'))")
        row, self._next_id = self._next_id, self._next_id + 1
        self._rows.append((row, *values))
        return row

    def copy(self) -> None:
        """Write what is waiting."""
        if self._next_id is None:
            return
        names = ", ".join(f'"{name}"' for name in self._columns)
        with connection.cursor() as cursor:
            cursor.copy_expert(f'COPY "{self.name}" ({names}) FROM STDIN', BytesIO(self._written()), BLOCK)
        self._ask("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", self._next_id - 1)
        self._rows.clear()
        self._next_id = None

    def _written(self) -> bytes:
        """The waiting rows in COPY's text format: by column, which is much faster than value by value."""
        columns = zip(*self._rows, strict=True)
        spelled: list[list[str]] = [
            [write(value) for value in values] for write, values in zip(self._writers, columns, strict=True)
        ]
        end = f"{self._defaults}\n"
        return "".join(["\t".join(line) + end for line in zip(*spelled, strict=True)]).encode()

    def _ask(self, query: str, *values: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute(query, [self.name, *values])
            return int(cursor.fetchone()[0])


def _written(field: models.Field) -> Callable[[Any], str]:
    """How values of this field are spelled in COPY's text format."""
    match field:
        case ArrayField():
            return _array
        case models.JSONField():
            return _json
        case models.CharField() | models.TextField():
            return _text
        case models.DateField():  # moments as well
            return _moment
    return _number


def _text(value: str | None) -> str:
    if value is None:
        return NULL
    for sign, spelled in ESCAPES:
        if sign in value:
            value = value.replace(sign, spelled)
    return value


def _moment(value: date | None) -> str:
    return NULL if value is None else value.isoformat()


def _number(value: object) -> str:
    return NULL if value is None else str(value)


def _json(value: Any) -> str:
    return NULL if value is None else _text(json.dumps(value))


def _array(value: Any) -> str:
    return NULL if value is None else _text(f"{{{','.join(json.dumps(str(one)) for one in value)}}}")
