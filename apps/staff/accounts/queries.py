"""Who has an account, what each role may do, and which departments there are."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from apps.staff.queries.people import STAFF
from helpdesk.marked import Marked
from helpdesk.models import Department, Role, User
from helpdesk.permission_words import SEES, WORDS
from helpdesk.permissions import VERBS


def colleagues() -> QuerySet[User]:
    """Everybody who works here or did: those who sign in first, by name."""
    return (
        User.objects.filter(role__in=STAFF).select_related("department").order_by("-is_active", "name", "pk")
    )


def departments() -> QuerySet[Department]:
    """By name, each with its head and the number of its people."""
    people = Count("members", filter=Q(members__is_active=True, members__role__in=STAFF))
    return Department.objects.select_related("head").annotate(people=people).order_by("name")


@dataclass(frozen=True)
class RoleOf:
    """A role that colleagues have: which tickets they see, and how many of them there are."""

    role: str
    label: Marked
    sees: Marked
    people: int


@dataclass(frozen=True)
class Act:
    """Something to do, and whether each role may, in the order of `roles()`."""

    verb: str
    words: Marked
    granted: tuple[bool, ...]


def roles() -> list[RoleOf]:
    """The roles of colleagues. One query."""
    counted = User.objects.filter(role__in=STAFF, is_active=True).values_list("role")
    people = dict(counted.annotate(people=Count("pk")).order_by())
    return [RoleOf(role, Role(role).label, SEES[role], people.get(role, 0)) for role in STAFF]


def acts_of_roles() -> list[tuple[Marked, list[Act]]]:
    """All that a role can allow, under headings."""
    return [
        (
            heading,
            [Act(verb, said, tuple(verb in VERBS[role] for role in STAFF)) for verb, said in acts.items()],
        )
        for heading, acts in WORDS.items()
    ]
