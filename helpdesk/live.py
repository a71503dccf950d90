"""Live updates: which ticket or case changed, told to open browsers. Only ids travel; pages fetch what they may see."""

import json
import logging

import redis
from django.conf import settings

from helpdesk import valkey

logger = logging.getLogger(__name__)


def announce(*, kind: str, about: str) -> None:
    """Tell open pages that something happened to `about` ("ticket:12"). Losing it costs a refresh, no more."""
    try:
        valkey.connection().publish(settings.LIVE_CHANNEL, json.dumps({"kind": kind, "about": about}))
    except redis.RedisError as error:
        logger.warning("open pages were not told of %s on %s: %s", kind, about, error)
