"""Who has an account, and which departments there are."""

from django.db.models import Count, Q, QuerySet

from apps.staff.queries.people import STAFF
from helpdesk.models import Department, User


def colleagues() -> QuerySet[User]:
    """Everybody who works here or did: those who sign in first, by name."""
    return (
        User.objects.filter(role__in=STAFF).select_related("department").order_by("-is_active", "name", "pk")
    )


def departments() -> QuerySet[Department]:
    """By name, each with its head and the number of its people."""
    people = Count("members", filter=Q(members__is_active=True, members__role__in=STAFF))
    return Department.objects.select_related("head").annotate(people=people).order_by("name")
