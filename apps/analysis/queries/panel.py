"""What the ticket page shows of the loop: the cases this ticket is about, and the ones it may be about."""

from dataclasses import dataclass

from django.db.models import Q

from apps.analysis.models import Case
from helpdesk.models import Ticket, User
from helpdesk.permissions import may


@dataclass(frozen=True)
class Linked:
    """One case beside a ticket; `is_linked`: the ticket is evidence of it, otherwise it is about the same issue."""

    case: Case
    is_linked: bool
    may_open: bool


@dataclass(frozen=True)
class Panel:
    linked: list[Linked]
    known_errors: list[Case]


def panel_of(ticket: Ticket, *, user: User) -> Panel:
    """Three queries, whatever there is. Agents see the case's name and workaround; its page needs `analysis.view`."""
    same_issue = Q(issue=ticket.primary_issue_id) if ticket.primary_issue_id else Q(pk__in=[])
    mine = Q(evidence__ticket=ticket, evidence__excluded_at=None)
    own = set(Case.objects.filter(mine).values_list("pk", flat=True))
    cases = Case.objects.filter(Q(pk__in=own) | (same_issue & ~Q(state="closed"))).select_related(
        "owner_department"
    )
    reads = may(user, "analysis.view")
    seen = set(
        Case.objects.visible_to(user).filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True)
    )
    linked = [Linked(case, case.pk in own, reads and case.pk in seen) for case in cases]
    return Panel(linked, [row.case for row in linked if row.case.is_known_error and row.case.is_open])
