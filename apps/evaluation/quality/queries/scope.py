"""Whose figures somebody reads: of which departments, and of whose agents one by one."""

from django.db.models import QuerySet

from helpdesk.models import Department, User
from helpdesk.permissions import may


def departments_reviewed(user: User) -> QuerySet[Department]:
    """Those whose answers this person reviews."""
    rows = Department.objects.all()
    return rows if may(user, "helpdesk.configure") else rows.filter(members=user)


def agents_shown(user: User) -> list[Department]:
    """Whose agents are told one by one: those this person reviews."""
    return list(departments_reviewed(user)) if may(user, "evaluation.review") else []
