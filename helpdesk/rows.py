"""Fetching a row to decide on."""

from typing import TypeVar

from django.db.models import Model

from helpdesk.errors import NotFound

Row = TypeVar("Row", bound=Model)


def held(row: Row, *related: str) -> Row:
    """The row as it is now, with what these names lead to, held until the transaction ends: who comes second sees what
    the first did. Raises NotFound where it is gone."""
    # No key update: rows that refer to it may be inserted meanwhile.
    # Not `type`: the signed-in person is handed on as a lazy object.
    rows = row.__class__._default_manager.select_for_update(of=("self",), no_key=True)
    found = (rows.select_related(*related) if related else rows).filter(pk=row.pk).first()
    if found is None:
        raise NotFound
    return found
