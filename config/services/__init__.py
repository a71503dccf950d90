"""Embedded PostgreSQL and Valkey: supervised by us, with the standard library only.

Of the wheels that carry them only the programs are used. A service whose URL is already in the
environment is somebody else's: it is neither started nor touched.

    with Services(Path("var")) as services:      # adopts running servers, starts them otherwise
        os.environ.update(services.environment())
"""

import fcntl
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from config.services.account import data_root
from config.services.errors import ServiceError
from config.services.postgres import Postgres
from config.services.service import Service
from config.services.valkey import Valkey

__all__ = ["Postgres", "Service", "ServiceError", "Services", "Valkey"]

NOTHING: Mapping[str, str] = {}
CACHE, QUEUE, SCHEDULE = 1, 0, 3  # Valkey's numbered databases


class Services:
    """The embedded servers that a given environment still lacks."""

    def __init__(self, root: Path, *, given: Mapping[str, str] = NOTHING, ephemeral: bool = False) -> None:
        self.root = root
        self.ephemeral = ephemeral
        self.postgres = None if given.get("DATABASE_URL") else Postgres(root, ephemeral=ephemeral)
        whole = given.get("CACHE_URL") and given.get("CELERY_BROKER_URL")
        self.valkey = None if whole else Valkey(root, ephemeral=ephemeral)

    def each(self) -> list[Service]:
        return [service for service in (self.postgres, self.valkey) if service]

    def start(self) -> Self:
        """Start or adopt each server. Raises ServiceError."""
        for service in self.each():
            service.start()
        return self

    def stop(self) -> None:
        for service in reversed(self.each()):
            service.stop()
        if self.ephemeral:
            shutil.rmtree(self.root, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """Where the servers are, in the words settings.py reads."""
        found: dict[str, str] = {}
        if self.postgres:
            found["DATABASE_URL"] = self.postgres.url()
        if self.valkey:
            found["CACHE_URL"] = self.valkey.cache_url(CACHE)
            found["CELERY_BROKER_URL"] = self.valkey.queue_url(QUEUE)
            found["LIVE_URL"] = self.valkey.cache_url(CACHE)
            found["REDBEAT_URL"] = self.valkey.cache_url(SCHEDULE)
        return found

    @contextmanager
    def for_a_command(self) -> Iterator[Self]:
        """The servers for as long as one command runs.

        If this command had to start them, it stops them only when no other command uses them any more.
        """
        data_root(self.root)
        with (self.root / ".users.lock").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                yield self.start()
            finally:
                if any(service.owned for service in self.each()):
                    fcntl.flock(users, fcntl.LOCK_EX)
                self.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
