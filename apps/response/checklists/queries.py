"""What the box of tasks, the list of one's own and the page of checklists show."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from apps.response.checklists.models import Checklist, TicketTask
from helpdesk.models import Ticket, User

SHOWN = 200


@dataclass(frozen=True)
class TaskRow:
    """One task, and whether it is late."""

    task: TicketTask
    is_late: bool


def tasks_of(ticket: Ticket, *, at: datetime) -> list[TaskRow]:
    """One query."""
    return _rows(list(TicketTask.objects.filter(ticket=ticket).select_related("assignee", "done_by")), at)


def my_tasks(user: User, *, at: datetime) -> list[TaskRow]:
    """What one has to do, due first; the first two hundred. One query."""
    mine = TicketTask.objects.open().filter(assignee=user, ticket__in=Ticket.objects.visible_to(user))
    rows = mine.select_related("ticket").order_by(F("due_at").asc(nulls_last=True), "pk")
    return _rows(list(rows[:SHOWN]), at)


def required_and_open(ticket: Ticket) -> list[str]:
    """What must be done before the ticket is solved. One query."""
    return list(
        TicketTask.objects.open().filter(ticket=ticket, is_required=True).values_list("text", flat=True)
    )


def checklists_for(ticket: Ticket) -> list[Checklist]:
    """Those of its department, its own issue's first. One query."""
    rows = Checklist.objects.filter(Q(department=None) | Q(department=ticket.department_id), is_active=True)
    path = ticket.primary_issue.path if ticket.primary_issue else ""
    found = list(rows.select_related("issue"))
    return sorted(found, key=lambda one: one.issue is None or not f"{path}/".startswith(f"{one.issue.path}/"))


def _rows(tasks: list[TicketTask], at: datetime) -> list[TaskRow]:
    return [
        TaskRow(task, task.due_at is not None and not task.is_done and task.due_at < at) for task in tasks
    ]
