"""How often one address may knock at the public doors: counted in the cache, forgotten after the hour."""

from django.core.cache import cache

from helpdesk.errors import DomainError

HOUR = 3600  # seconds


class KnockedTooOften(DomainError):
    """You have written very often within an hour. Wait a little, or answer one of our mails."""

    code = "too-often"
    status = 429


def knock(door: str, who: str, *, limit: int) -> None:
    """Count one knock. Raises KnockedTooOften beyond `limit` within an hour; an unknown address is not counted."""
    if not who:
        return
    key = f"knock:{door}:{who.casefold()[:200]}"
    cache.add(key, 0, HOUR)
    try:
        knocks = cache.incr(key)
    except ValueError:  # the hour ended between the two calls
        return
    if knocks > limit:
        raise KnockedTooOften
