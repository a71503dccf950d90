"""Which policy counts for a ticket, and where a ticket went on."""

from dataclasses import dataclass

from django.db.models import F, Q

from apps.response.links.models import LinkKind, TicketLink
from apps.response.reopening.models import ReopenPolicy
from helpdesk.models import Department, Ticket, User
from helpdesk.permissions import may

# As long as nobody has said anything: an answer opens a ticket again, whenever it comes.
UNSAID = ReopenPolicy()


def policy_for(department: int) -> ReopenPolicy:
    """The department's own, else the company's. One query."""
    rows = ReopenPolicy.objects.filter(Q(department=department) | Q(department=None))
    return rows.order_by(F("department").asc(nulls_last=True)).first() or UNSAID


def went_on_as(ticket: Ticket) -> Ticket | None:
    """The newest ticket that was opened for what its customer wrote after this one was over. One query."""
    rows = TicketLink.objects.filter(kind=LinkKind.FOLLOW_UP, second=ticket).select_related("first")
    link = rows.filter(first__merged_into=None, first__customer=ticket.customer_id).order_by("-first").first()
    return link.first if link else None


def follows(ticket: Ticket) -> Ticket | None:
    """The ticket that this one goes on from. One query."""
    rows = TicketLink.objects.filter(kind=LinkKind.FOLLOW_UP, first=ticket).select_related("second")
    link = rows.order_by("second").first()
    return link.second if link else None


@dataclass(frozen=True)
class Row:
    """The company, or a department, with what counts for it."""

    department: Department | None
    policy: ReopenPolicy
    is_own: bool
    may_change: bool


def policies_in_force(user: User) -> list[Row]:
    """The company first, then each department; two queries."""
    known = {row.department_id: row for row in ReopenPolicy.objects.select_related("department")}
    company, everywhere = known.get(None, UNSAID), may(user, "helpdesk.configure")
    rows = [Row(None, company, None in known, everywhere)]
    rows += [
        Row(
            one,
            known.get(one.pk, company),
            one.pk in known,
            everywhere or one.pk == user.department_id,
        )
        for one in Department.objects.order_by("name")
    ]
    return rows
