"""How many tickets each view of a person holds: counted by a worker, never while somebody waits for a page."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import redis
from django.core.cache import cache

from helpdesk import valkey
from helpdesk.models import User

logger = logging.getLogger(__name__)

FRESH = timedelta(seconds=20)
LOOKING = timedelta(minutes=1)  # who asked within it is taken to be looking still
KEPT_FOR = 3600  # seconds
LOOKERS = "view-lookers"
# A view that holds more is said to hold more: counting them would take longer than the number is worth.
MOST = 1_000


@dataclass(frozen=True)
class Counts:
    """By the view's slug; `at` is when they were counted."""

    by_view: dict[str, int]
    at: datetime

    def of(self, slug: str) -> tuple[int | None, bool]:
        count = self.by_view.get(slug)
        return (MOST, True) if count is not None and count > MOST else (count, False)


def known_counts(user: User) -> Counts | None:
    found: Counts | None = cache.get(_key(user.pk))
    return found


def keep_counts(user: User, counts: Counts) -> None:
    cache.set(_key(user.pk), counts, KEPT_FOR)


def look(user: User, *, at: datetime) -> None:
    """Somebody has the views before them: they are counted for them from now on. Losing it costs a number."""
    try:
        valkey.connection().zadd(LOOKERS, {str(user.pk): at.timestamp()})
    except redis.RedisError as error:
        logger.warning("views are not counted for %s: %s", user.pk, error)


def to_count_for(*, at: datetime) -> list[int]:
    """The numbers of people who look, and whose counts are old. Raises RedisError while Valkey is away."""
    server = valkey.connection()
    server.zremrangebyscore(LOOKERS, "-inf", (at - LOOKING).timestamp())
    looking = [int(number) for number in cast("list[bytes]", server.zrange(LOOKERS, 0, -1))]
    known: dict[str, Counts] = cache.get_many([_key(number) for number in looking])
    return [
        number for number in looking if (counts := known.get(_key(number))) is None or at - counts.at >= FRESH
    ]


def _key(number: int) -> str:
    return f"view-counts:{number}"
