"""References and search indexes of the tables that are filled by COPY, lifted for as long as that lasts.

Checked row by row, 670,000 references take longer than their rows, and wait for the end of the load, which every
failed transaction within it must step over. Put back they are checked all the same: a table at once, by one join.
"""

from dataclasses import dataclass

from django.db import connection, models

_REFERENCES = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
     WHERE contype = 'f' AND conparentid = 0 AND conrelid = ANY(%s::regclass[]) ORDER BY conrelid, conname
"""
_SEARCH_INDEXES = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am method ON method.oid = c.relam
     WHERE method.amname = 'gin' AND i.indrelid = ANY(%s::regclass[]) ORDER BY 1
"""


@dataclass(frozen=True)
class Lifted:
    """What must be put back, as the database itself wrote it down."""

    references: list[tuple[str, str, str]]
    search_indexes: list[tuple[str, str]]


def lift(*filled: type[models.Model]) -> Lifted:
    """Take references and search indexes off these tables; what others refer to in them stays guarded."""
    tables = [model._meta.db_table for model in filled]
    with connection.cursor() as cursor:
        cursor.execute(_REFERENCES, [tables])
        references = cursor.fetchall()
        cursor.execute(_SEARCH_INDEXES, [tables])
        lifted = Lifted(references, cursor.fetchall())
        # A table with checks that are still to come can't be changed.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        for table, name, _ in lifted.references:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _ in lifted.search_indexes:
            cursor.execute(f"DROP INDEX {name}")
    return lifted


def put_back(lifted: Lifted) -> None:
    """Check every reference and build the indexes. Raises IntegrityError for a row that points at nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, name, definition in lifted.references:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        for _, definition in lifted.search_indexes:
            cursor.execute(definition)
