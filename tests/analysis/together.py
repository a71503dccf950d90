"""Two callers of whom the second begins before the first is through: every time, and not by chance."""

import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, connection, transaction

from helpdesk.errors import DomainError

Act = Callable[[], object]


def told(first: Act, second: Act) -> DomainError | DatabaseError | None:
    """What the second is told, who begins before the first is through; None where nobody told anything."""
    heard: list[DomainError | DatabaseError] = []

    def run() -> None:
        try:
            second()
        except (DomainError, DatabaseError) as error:
            heard.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=run)
    with transaction.atomic():
        first()
        other.start()
        _wait_until_it_waits(other)
    other.join(30)
    return heard[0] if heard else None


def _wait_until_it_waits(other: threading.Thread) -> None:
    """For a lock of ours; or until it is through, which no lock has hindered."""
    waits = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    )
    while other.is_alive():
        with connection.cursor() as cursor:
            cursor.execute(waits)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
