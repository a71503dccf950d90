"""Which tags there are, how many tickets carry each, and what names one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet

from apps.response.models import Macro, TicketView
from apps.response.rules.models import Rule
from apps.response.tags.models import TagChange
from apps.response.tags.naming import tags_in_acts, tags_in_conditions, tags_in_query
from helpdesk.models import Ticket, User
from helpdesk.models.ticket import TicketQuerySet

KEY, KEPT_FOR = "tags-counted", timedelta(minutes=5)


@dataclass(frozen=True)
class Counted:
    """Tickets by tag, merged ones left out; `at` is when they were counted."""

    tickets: dict[str, int]
    at: datetime


def counted(*, at: datetime) -> Counted:
    """One query, at most every five minutes. Index: ticket_tags, so that only tickets with tags are read."""
    known: Counted | None = cache.get(KEY)
    if known is not None and known.at <= at:
        return known
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tag, count(*) FROM helpdesk_ticket, unnest(tags) AS tag"
            " WHERE tags <> '{}' AND merged_into_id IS NULL GROUP BY tag"
        )
        found = Counted(dict(cursor.fetchall()), at)
    cache.set(KEY, found, KEPT_FOR.total_seconds())
    return found


def forget_counts() -> None:
    cache.delete(KEY)


def carrying(tag: str, *, user: User) -> TicketQuerySet:
    """Tickets with exactly this tag, but those that were merged into others. Index: ticket_tags."""
    return Ticket.objects.visible_to(user).filter(tags__contains=[tag], merged_into=None).exclude(tags=[])


@dataclass(frozen=True)
class Named:
    """What names a tag."""

    rules: tuple[Rule, ...] = ()
    macros: tuple[Macro, ...] = ()
    views: tuple[TicketView, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return not (self.rules or self.macros or self.views)


@dataclass(frozen=True)
class TagRow:
    name: str
    tickets: int
    rules: int
    macros: int
    views: int

    @property
    def query(self) -> str:
        """What finds its tickets in the queue."""
        return f'tag:"{self.name}"'


@dataclass(frozen=True)
class Affected:
    """What changing a tag would touch, counted now."""

    tag: str
    tickets: int
    named: Named


def affected(tag: str, *, user: User) -> Affected:
    """Four queries."""
    return Affected(tag, carrying(tag, user=user).count(), naming(tag))


def naming(tag: str) -> Named:
    """Three queries."""
    rules, macros, views = _all()
    return Named(
        tuple(one for one, tags in rules if tag in tags),
        tuple(one for one, tags in macros if tag in tags),
        tuple(one for one, tags in views if tag in tags),
    )


def _all() -> tuple[
    list[tuple[Rule, set[str]]], list[tuple[Macro, set[str]]], list[tuple[TicketView, set[str]]]
]:
    """Each with the tags it names. Macros no longer in use too: who takes one up again means the same tickets."""
    rules = [(one, tags_in_acts(one.acts) | tags_in_conditions(one.group)) for one in Rule.objects.all()]
    macros = [(one, tags_in_acts(one.acts)) for one in Macro.objects.exclude(acts=[])]
    views = TicketView.objects.filter(query__icontains="tag:").select_related("owner")
    return rules, macros, [(one, tags_in_query(one.query)) for one in views]


def tags_found(words: str, *, at: datetime) -> list[tuple[str, int]]:
    """Tags with these words in them and how many tickets carry each, the most used first. At most one query."""
    known = counted(at=at).tickets
    wanted = words.strip().casefold()
    found = [(tag, number) for tag, number in known.items() if wanted in tag.casefold()]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def tag_rows(found: Iterable[tuple[str, int]]) -> list[TagRow]:
    """With how much names each. Three queries."""
    by_kind = [Counter(tag for _one, tags in kind for tag in tags) for kind in _all()]
    return [TagRow(tag, number, *(names[tag] for names in by_kind)) for tag, number in found]


def tag_changes() -> QuerySet[TagChange]:
    return TagChange.objects.select_related("by").prefetch_related("jobs")
