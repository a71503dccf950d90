"""Background work on many rows: the fault of one stops none of the others, and none is kept quiet."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import OperationalError, connection

logger = logging.getLogger(__name__)

Row = TypeVar("Row")
Result = TypeVar("Result")


def each(rows: Iterable[Row], act: Callable[[Row], Result]) -> list[Result]:
    """Let `act` deal with every row; returns what it gave for each.

    `act` is a service with a transaction of its own, so that a row is done wholly or not at all. Raises an
    ExceptionGroup of all faults once every row had its turn; therefore never call this within a transaction: raising
    would undo the rows that went well. Only when the database is gone it ends early, since nobody could be served.
    """
    done: list[Result] = []
    faults: list[Exception] = []
    for row in rows:
        try:
            done.append(act(row))
        except Exception as fault:  # noqa: BLE001 (raised below, when the others are done)
            # At once as well: should the process be killed on the way, nobody raises what was kept.
            told = f"{act.__module__}, {_name(row)}: {type(fault).__name__}: {fault}"
            logger.error(told)  # noqa: TRY400 (the group has the traceback)
            fault.add_note(f"This happened with {_name(row)}.")
            faults.append(fault)
            if not _database_answers():
                break
    if faults:
        raise ExceptionGroup(f"{len(faults)} failed, {len(done)} done", faults)
    return done


def _name(row: object) -> str:
    """By number where it has one: a log is no place for names and addresses."""
    number = getattr(row, "pk", None)
    return getattr(row, "__name__", str(row)) if number is None else f"{type(row).__name__} {number}"


def _database_answers() -> bool:
    """A fault may have taken the connection with it: open another, or say that there is none to be had."""
    if connection.is_usable():
        return True
    connection.close()
    try:
        connection.ensure_connection()
    except OperationalError:
        return False
    return True
