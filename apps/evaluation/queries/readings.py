"""The tickets that two people read, one by one: what stands behind a number."""

from django.db.models import F, Q

from apps.response.models import SecondReading
from helpdesk.models import Ticket, User

MOST = 200


def readings_behind(*, user: User, issue: str = "", other: str = "") -> list[SecondReading]:
    """The latest readings in which somebody gave this issue, or took these two for each other; unknown codes give none.

    One query. Those that still wait are never among them: whoever sees one could no longer read it blind.
    """
    rows = SecondReading.objects.read().filter(ticket__in=Ticket.objects.visible_to(user))
    if issue:
        rows = rows.filter(_gave(issue))
    if other:
        rows = rows.filter(_gave(other)).exclude(first_issue=F("second_issue"))
    related = ("ticket", "first_issue", "second_issue", "true_issue")
    return list(rows.select_related(*related).order_by("-second_at", "-pk")[:MOST])


def _gave(code: str) -> Q:
    return Q(first_issue__code=code) | Q(second_issue__code=code)
