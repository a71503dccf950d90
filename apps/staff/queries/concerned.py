"""Whom news about issues concerns: those who are skilled in them, and those who have coded them lately."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from apps.staff.models import Skill
from apps.staff.queries.people import paths_above, staff
from helpdesk.models import CodingSource, Issue, TicketIssue, User

CODED_WITHIN = timedelta(days=90)


def workers_of(issues: Collection[Issue], *, at: datetime, besides: User | None = None) -> list[User]:
    """People whose skill covers one of these issues, or one below it, and people who gave one of these codes within
    90 days; but not who brought the news. Two queries."""
    if not issues:
        return []
    below = Q()
    for issue in issues:
        below |= Q(issue__path=issue.path) | Q(issue__path__startswith=issue.path + "/")
    above = {path for issue in issues for path in paths_above(issue.path)}
    skilled = Skill.objects.filter(below | Q(issue__path__in=above)).values("user")
    coded = TicketIssue.objects.filter(
        below, coded_at__gte=at - CODED_WITHIN, coded_at__lte=at, source=CodingSource.PERSON
    )
    people = staff().filter(Q(pk__in=skilled) | Q(pk__in=coded.order_by().values("coded_by")))
    return [person for person in people if besides is None or person.pk != besides.pk]
