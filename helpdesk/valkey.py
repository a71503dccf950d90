"""Valkey directly, for what is more than a cache: live updates, and counters that many processes share."""

from functools import cache

import redis
from django.conf import settings


@cache
def connection() -> redis.Redis:
    """This process's connections. A short timeout: nobody may wait for a courtesy."""
    return redis.Redis.from_url(settings.LIVE_URL, socket_timeout=1, socket_connect_timeout=1)
