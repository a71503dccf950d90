"""The cache, without which everything goes on: while Valkey is away, each process remembers in its own memory.

Nothing that must be right is kept here. Counts are a courtesy; how often somebody knocked or tried a password is
counted by each process for itself meanwhile, so that a limit holds for each process instead of for all together:
more tries than usual, never any number of them.
"""

import logging
import time
from typing import Any, cast

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PATIENCE = 1  # seconds a question may take
PAUSE = 2  # seconds in which nobody asks again, so that a page does not wait for each of its questions
SAY_EVERY = 60  # seconds
REMEMBERED = 10_000  # entries of a process; beyond it the oldest third goes


class _Outage:
    """What this process knows of it. Django makes a cache for each thread: they share this."""

    def __init__(self) -> None:
        self.ask_again_at = self.say_again_at = 0.0  # time.monotonic()

    @property
    def is_on(self) -> bool:
        return time.monotonic() < self.ask_again_at

    def begins(self, error: RedisError) -> None:
        now = time.monotonic()
        self.ask_again_at = now + PAUSE
        if now >= self.say_again_at:
            self.say_again_at = now + SAY_EVERY
            logger.warning("Valkey does not answer; this process remembers for itself: %s", error)


outage = _Outage()


def valkey_answers() -> bool:
    """Asked now, also within the pause."""
    return cast(Cache, caches["default"]).reaches_valkey()


class Cache(BaseCache):
    """Valkey, or the memory of this process. The same keys, the same answers."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        patience = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
        self._valkey = RedisCache(server, params | {"OPTIONS": patience})
        self._memory = LocMemCache(server, params | {"OPTIONS": {"MAX_ENTRIES": REMEMBERED}})

    def reaches_valkey(self) -> bool:
        try:
            self._valkey.get("health")
        except RedisError as error:
            outage.begins(error)
            return False
        return True

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask("add", *args, **kwargs))

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._ask("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask("touch", *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask("delete", *args, **kwargs))

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask("has_key", *args, **kwargs))

    def incr(self, *args: Any, **kwargs: Any) -> int:
        return int(self._ask("incr", *args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return dict(self._ask("get_many", *args, **kwargs))

    def set_many(self, *args: Any, **kwargs: Any) -> list[str]:
        return list(self._ask("set_many", *args, **kwargs))

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._ask("delete_many", *args, **kwargs)

    def clear(self) -> None:
        self._ask("clear")

    def _ask(self, what: str, *args: Any, **kwargs: Any) -> Any:
        if not outage.is_on:
            try:
                return getattr(self._valkey, what)(*args, **kwargs)
            except RedisError as error:
                outage.begins(error)
        return getattr(self._memory, what)(*args, **kwargs)
