"""SQL that is written once.

The ORM builds its statement anew for each call, which for one row costs several times what running it costs: a
twentieth of a ticket by API each. Nothing is remembered between calls but the text of the statement.
"""

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


class Lookup(Generic[Row]):
    """The first row of a model under a condition on "own", with the row one of its foreign keys names."""

    def __init__(self, model: type[Row], condition: str, *, follow: str = "") -> None:
        self.model, self.follow = model, follow
        self.other = model._meta.get_field(follow).related_model if follow else None
        self.names = _names(model)
        columns, join = _columns(model, "own"), ""
        if self.other is not None:
            columns += ", " + _columns(self.other, "other")
            join = f'JOIN "{self.other._meta.db_table}" other ON other.id = own."{follow}_id"'
        self.statement = f'SELECT {columns} FROM "{model._meta.db_table}" own {join} {condition} LIMIT 1'  # noqa: S608

    def __call__(self, *values: Any) -> Row | None:
        with connection.cursor() as cursor:
            cursor.execute(self.statement, values)
            found = cursor.fetchone()
        if found is None:
            return None
        width = len(self.names)
        row = self.model.from_db(connection.alias, self.names, found[:width])
        if self.other is not None:
            setattr(row, self.follow, self.other.from_db(connection.alias, _names(self.other), found[width:]))
        return row


class AllRows(Generic[Row]):
    """All rows of a small table, in an order."""

    def __init__(self, model: type[Row], order: str) -> None:
        self.model, self.names = model, _names(model)
        self.statement = f'SELECT {_columns(model, "own")} FROM "{model._meta.db_table}" own ORDER BY {order}'  # noqa: S608

    def __call__(self) -> list[Row]:
        with connection.cursor() as cursor:
            cursor.execute(self.statement)
            rows = cursor.fetchall()
        return [self.model.from_db(connection.alias, self.names, row) for row in rows]


# Their values go as they are (nothing here is set by `auto_now`); Django would look each of them over four times.
AS_THEY_ARE = {
    models.BooleanField,
    models.CharField,
    models.DateTimeField,
    models.ForeignKey,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.TextField,
}


def insert(row: models.Model) -> None:
    """Save a row that is known to be new, as `row.save(force_insert=True)` does; no signals are sent."""
    readers, statement = _insert(type(row))
    with connection.cursor() as cursor:
        cursor.execute(statement, [read(row) for read in readers])
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


@cache
def _insert(model: type[models.Model]) -> tuple[list[Callable[[models.Model], Any]], str]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key and not field.generated]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(_place(field) for field in fields)
    key = model._meta.pk.column
    statement = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places}) RETURNING "{key}"'  # noqa: S608
    return [_reader(field) for field in fields], statement


def _reader(field: "models.Field[Any, Any]") -> Callable[[models.Model], Any]:
    if type(field) in AS_THEY_ARE:
        return attrgetter(field.attname)
    return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection)


def _place(field: "models.Field[Any, Any]") -> str:
    return f"%s::{field.db_type(connection)}" if isinstance(field, ArrayField) else "%s"


def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _columns(model: type[models.Model], table: str) -> str:
    return ", ".join(f'{table}."{field.column}"' for field in model._meta.concrete_fields)
