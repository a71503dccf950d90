"""A server of ours that is away for now: the same work may succeed in a moment."""

from django.db import InterfaceError, OperationalError

# Classes of SQLSTATE that pass: no connection, no room, shutting down, a lost race.
PASSING = ("08", "53", "57P", "40")


def is_passing(error: BaseException) -> bool:
    """Whether the database is only away or busy; a lost connection has no code. What it will refuse again is not."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    code: str | None = getattr(error.__cause__, "pgcode", None)
    return code is None or code.startswith(PASSING)
