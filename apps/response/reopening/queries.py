"""Which policy counts for a ticket, where a ticket went on, and what is said to whoever answers too late."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import get_language

from apps.intake.queries import standing
from apps.response.links.models import LinkKind, TicketLink
from apps.response.reopening.models import ReopenPolicy
from apps.response.reopening.words import REFUSAL, WORDING
from helpdesk.links import absolute
from helpdesk.models import Department, Ticket, User
from helpdesk.permissions import decides_for_all

# As long as nobody has said anything: an answer opens a ticket again, whenever it comes.
UNSAID = ReopenPolicy()


def policy_for(department: int) -> ReopenPolicy:
    """The department's own, else the company's. One query."""
    rows = ReopenPolicy.objects.filter(Q(department=department) | Q(department=None))
    return rows.order_by(F("department").asc(nulls_last=True)).first() or UNSAID


def is_heard_on(ticket: Ticket, policy: ReopenPolicy, *, at: datetime) -> bool:
    """Whether what a customer writes now is read on this ticket: it is open, or it opens again."""
    if ticket.merged_into_id is not None:
        return False
    return ticket.is_open or policy.opens(ticket, age=at - (ticket.solved_at or ticket.updated_at))


def went_on_as(ticket: Ticket) -> Ticket | None:
    """The newest ticket that was opened for what its customer wrote after this one was over. One query."""
    rows = TicketLink.objects.filter(kind=LinkKind.FOLLOW_UP, second=ticket).select_related("first")
    link = rows.filter(first__merged_into=None, first__customer=ticket.customer_id).order_by("-first").first()
    return link.first if link else None


def refusal_of(ticket: Ticket, *, name: str, at: datetime) -> str:
    """What whoever writes on this ticket now is told, in the language of the page; empty where they are heard. No query
    while it is open, three at most where it is over."""
    over = standing(ticket)
    if over.is_open:
        return ""
    policy = policy_for(over.department_id)
    if not policy.refuses or is_heard_on(over, policy, at=at):
        return ""
    further = went_on_as(over)
    if further is not None and is_heard_on(further, policy_for(further.department_id), at=at):
        return ""
    return refusal_words(policy, ticket, name=name, language=get_language() or "")


def refusal_words(policy: ReopenPolicy, ticket: Ticket, *, name: str, language: str) -> str:
    facts = {
        "name": name,
        "number": str(ticket.pk),
        "subject": ticket.subject,
        "help": absolute("new_request"),
    }
    return WORDING.said(REFUSAL, texts=policy.texts, language=language, facts=facts)


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
    company, everywhere = known.get(None, UNSAID), decides_for_all(user)
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
