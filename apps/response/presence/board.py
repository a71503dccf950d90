"""Who is where, in Valkey: a hash for each ticket, person -> what they do and when they were heard of last.

The only file of presence that knows Valkey. While that is away nobody is anywhere: a page may not wait for a courtesy.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import redis
from django.conf import settings

from helpdesk import valkey

logger = logging.getLogger(__name__)

BEAT = timedelta(seconds=20)  # so often an open page says that it is there (static/js/presence.js)
LIFE = timedelta(seconds=45)  # so long that is believed: two beats, and some air


class Doing(StrEnum):
    VIEWS = "views"
    WRITES = "writes"


def appear(*, ticket: int, user: int, doing: Doing, at: datetime) -> None:
    """This person has the ticket before them."""
    try:
        with valkey.connection().pipeline(transaction=False) as together:
            together.hset(_key(ticket), str(user), f"{doing}:{at.timestamp():.0f}")
            together.expire(_key(ticket), LIFE)
            together.execute()
    except redis.RedisError as error:
        logger.warning("presence was not told: %s", error)


def leave(*, ticket: int, user: int) -> None:
    """They have not, any more."""
    try:
        valkey.connection().hdel(_key(ticket), str(user))
    except redis.RedisError as error:
        logger.warning("presence was not told: %s", error)


def here(tickets: Iterable[int], *, at: datetime) -> dict[int, dict[int, Doing]]:
    """Ticket -> person -> what they do; tickets nobody has open are left out. One round trip for all of them."""
    numbers: Sequence[int] = list(dict.fromkeys(tickets))
    if not numbers:
        return {}
    try:
        with valkey.connection().pipeline(transaction=False) as together:
            for number in numbers:
                together.hgetall(_key(number))
            answers = together.execute()
    except redis.RedisError as error:
        logger.warning("presence was not read: %s", error)
        return {}
    found = {number: _fresh(told, at) for number, told in zip(numbers, answers, strict=True)}
    return {number: people for number, people in found.items() if people}


def _key(ticket: int) -> str:
    return f"{settings.LIVE_CHANNEL}:presence:{ticket}"


def _fresh(told: dict[bytes, bytes], at: datetime) -> dict[int, Doing]:
    found = {}
    for user, words in told.items():
        doing, _, moment = words.decode().partition(":")
        if at.timestamp() - float(moment) <= LIFE.total_seconds():
            found[int(user)] = Doing(doing)
    return found
