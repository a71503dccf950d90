"""Tags that are in use, for whoever types one."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Max

from helpdesk.models import Ticket, User

AMONG = 20_000  # the newest tickets; a tag nobody used in them is not offered
MAX_TAGS = 8


@dataclass(frozen=True)
class Tag:
    name: str
    tickets: int  # of the newest ones


def tags_like(words: str, *, user: User, besides: frozenset[str] = frozenset()) -> list[Tag]:
    """Tags that begin with these words, then those that hold them, the most used first. Two queries."""
    newest = Ticket.objects.aggregate(newest=Max("pk"))["newest"] or 0
    rows = Ticket.objects.visible_to(user).filter(pk__gt=newest - AMONG).exclude(tags=[]).order_by()
    used = Counter(tag for tags in rows.values_list("tags", flat=True) for tag in tags)
    wanted = words.strip().casefold()
    found = [tag for tag in used if wanted in tag.casefold() and tag not in besides]
    found.sort(key=lambda tag: (not tag.casefold().startswith(wanted), -used[tag], tag))
    return [Tag(tag, used[tag]) for tag in found[:MAX_TAGS]]
