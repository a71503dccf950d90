"""Live updates: which ticket or case changed, told to open browsers. Only ids travel; pages fetch what they may see."""

import json
import logging
from functools import cache

import redis
from django.conf import settings

logger = logging.getLogger(__name__)


@cache
def connection() -> redis.Redis:
    # A short timeout: nobody may wait for a courtesy.
    return redis.Redis.from_url(settings.LIVE_URL, socket_timeout=1, socket_connect_timeout=1)


def announce(*, kind: str, about: str) -> None:
    """Tell open pages that something happened to `about` ("ticket:12"). Losing it costs a refresh, no more."""
    try:
        connection().publish(settings.LIVE_CHANNEL, json.dumps({"kind": kind, "about": about}))
    except redis.RedisError as error:
        logger.warning("open pages were not told of %s on %s: %s", kind, about, error)
