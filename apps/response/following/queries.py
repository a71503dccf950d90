"""Reads: who follows a ticket, who may be mentioned on it."""

from collections.abc import Collection, Sequence

from django.db.models import IntegerField, Value

from apps.response.following.mentions import Person
from apps.response.following.models import Follower
from helpdesk.models import Role, Ticket, User

STAFF = (Role.AGENT, Role.LEAD, Role.OWNER, Role.ANALYST, Role.ADMIN)
OFFERED, ASKED = 8, 40


def who_see(ticket: Ticket, users: Sequence[User]) -> set[int]:
    """Which of these people may see the ticket. One query for all of them."""
    rows = [
        Ticket.objects.visible_to(user)
        .filter(pk=ticket.pk)
        .order_by()
        .annotate(who=Value(user.pk, output_field=IntegerField()))
        .values_list("who", flat=True)
        for user in users
        if user.is_active
    ]
    return set(rows[0].union(*rows[1:])) if rows else set()


def colleagues() -> list[Person]:
    """Everybody who could be mentioned somewhere. One query."""
    rows = User.objects.filter(role__in=STAFF, is_active=True).values_list("pk", "name", "email")
    return [Person(*row) for row in rows]


def colleagues_like(ticket: Ticket, typed: str, *, besides: Collection[int] = ()) -> list[Person]:
    """Those who may see the ticket and whose name, or address, begins with what was typed; with the word that names
    them without doubt. Two queries."""
    people = (
        User.objects.filter(role__in=STAFF, is_active=True).exclude(pk__in=besides).order_by("name", "pk")
    )
    typed = typed.casefold()
    like = [
        one
        for one in people
        if one.email.startswith(typed) or any(part.startswith(typed) for part in _beginnings(one.name))
    ][:ASKED]
    seeing = who_see(ticket, like)
    names = [one.name.casefold() for one in people]
    return [
        Person(one.pk, one.name if names.count(one.name.casefold()) == 1 else one.email, one.email)
        for one in like
        if one.pk in seeing
    ][:OFFERED]


def _beginnings(name: str) -> list[str]:
    """Of the whole name, and of each of its words."""
    words = name.casefold().split()
    return [" ".join(words[place:]) for place in range(len(words))]


def followers_of(ticket: Ticket) -> list[Follower]:
    return list(Follower.objects.filter(ticket=ticket, user__is_active=True).select_related("user"))
