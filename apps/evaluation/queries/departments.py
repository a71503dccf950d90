"""Whose figures somebody may compare."""

from helpdesk.models import Department, Role, User
from helpdesk.permissions import may


def compares_all(user: User) -> bool:
    """Who has the verb (analysts, administrators) compares all departments; a program without one of its own does as
    well."""
    if user.role == Role.API_CLIENT:
        return user.department_id is None
    return may(user, "evaluation.compare")


def departments_for(user: User) -> list[Department]:
    """All of them, or for leads and owners their own. One query."""
    rows = Department.objects.all() if compares_all(user) else Department.objects.filter(members=user)
    return list(rows)
