"""Live updates: which ticket or case changed, told to open browsers. Only ids travel; pages fetch what they may see."""

import json
import logging
from collections.abc import Iterable

import redis
from django.conf import settings

from helpdesk import valkey

logger = logging.getLogger(__name__)


def announce(news: Iterable[tuple[str, str]]) -> None:
    """Tell open pages what happened, and to what: ("ticket.solved", "ticket:12"). Losing it costs a refresh."""
    try:
        with valkey.connection().pipeline(transaction=False) as together:
            for kind, about in news:
                together.publish(settings.LIVE_CHANNEL, json.dumps({"kind": kind, "about": about}))
            together.execute()
    except redis.RedisError as error:
        logger.warning("open pages were not told of something: %s", error)
