"""Tasks of a ticket: added, done, put in order, laid out from a checklist, and reminded of once."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from types import EllipsisType

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.response import transitions
from apps.response.checklists.lines import ASSIGNEE, REQUIRED, Line, read_line
from apps.response.checklists.models import MAX_TEXT, Checklist, TicketTask
from apps.response.queries.choices import ANSWERING
from helpdesk import events
from helpdesk.each import each
from helpdesk.errors import Invalid
from helpdesk.models import Department, Issue, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.signing import signed

MOST_TASKS, MOST_LINES = 50, 40
VERB = "response.note"


@transaction.atomic
def add_task(
    *,
    ticket: Ticket,
    text: str,
    assignee: User | None = None,
    due_at: datetime | None = None,
    is_required: bool = False,
    by: User,
    at: datetime,
) -> TicketTask:
    """Something to be done about a ticket. Raises Invalid, TicketMerged."""
    require(by, VERB, ticket)
    ticket = held(ticket)
    transitions.check_not_merged(ticket)
    _check_sees(assignee, ticket)
    task = TicketTask(text=_said(text), is_required=is_required, assignee=assignee, due_at=due_at)
    return _added(ticket, [task], by=by, at=at)[0]


@transaction.atomic
def apply_checklist(*, ticket: Ticket, checklist: Checklist, by: User, at: datetime) -> list[TicketTask]:
    """Lay its tasks out on a ticket; those that are there already are not added, and whom it names without their
    seeing the ticket gets none. Raises Invalid, TicketMerged."""
    require(by, VERB, ticket)
    ticket = held(ticket)
    transitions.check_not_merged(ticket)
    there = set(TicketTask.objects.filter(ticket=ticket).values_list("text", flat=True))
    lines = [one for one in checklist.tasks if one.text not in there]
    people = _people(lines)
    if ticket.assignee is not None:
        people[ASSIGNEE] = ticket.assignee
    seeing = {who: person for who, person in people.items() if ticket.is_visible_to(person)}
    tasks = [
        TicketTask(
            text=one.text, is_required=one.is_required, assignee=seeing.get(one.who),
            due_at=at + one.within if one.within else None,
        )
        for one in lines
    ]  # fmt: skip
    return _added(ticket, tasks, by=by, at=at)


def _people(lines: Sequence[Line]) -> dict[str, User]:
    """Whom they name, by what stands before the @ of their address. One query where somebody is."""
    wanted = {one.who for one in lines} - {"", ASSIGNEE}
    if not wanted:
        return {}
    named = reduce(or_, (Q(email__startswith=f"{who}@") for who in wanted))
    people = User.objects.filter(named, role__in=ANSWERING, is_active=True).order_by("-pk")
    return {one.email.partition("@")[0]: one for one in people}


def _added(ticket: Ticket, tasks: Sequence[TicketTask], *, by: User, at: datetime) -> list[TicketTask]:
    there = TicketTask.objects.filter(ticket=ticket).count()
    if there + len(tasks) > MOST_TASKS:
        raise Invalid(_("At most %(most)s tasks on a ticket.") % {"most": MOST_TASKS}, pointer="text")
    for place, task in enumerate(tasks, start=1):
        task.ticket, task.position, task.made_by, task.made_at = ticket, there + place, by, at
    rows = TicketTask.objects.bulk_create(tasks)
    for row in rows:
        events.record("task.added", ticket=ticket, by=by, at=at, data={"task": row.pk, "text": row.text})
    return rows


@transaction.atomic
def change_task(
    *,
    task: TicketTask,
    text: str | None = None,
    assignee: User | EllipsisType | None = ...,
    due_at: datetime | EllipsisType | None = ...,
    is_required: bool | None = None,
    is_done: bool | None = None,
    by: User,
    at: datetime,
) -> TicketTask:
    """Change what is named; a new time or person is reminded anew. Raises Invalid, TicketMerged."""
    require(by, VERB, task.ticket)
    task, before = _locked(task), task
    if text is not None:
        task.text = _said(text)
    if not isinstance(assignee, EllipsisType):
        _check_sees(assignee, task.ticket)
        task.assignee = assignee
    if not isinstance(due_at, EllipsisType):
        task.due_at = due_at
    if (task.assignee_id, task.due_at) != (before.assignee_id, before.due_at):
        task.reminded_at = None
    if is_required is not None:
        task.is_required = is_required
    data = {"task": task.pk, "text": task.text}
    if is_done is not None and is_done != task.is_done:
        task.done_at, task.done_by = (at, by) if is_done else (None, None)
        events.record(
            "task.done" if is_done else "task.reopened", ticket=task.ticket, by=by, at=at, data=data
        )
    else:
        events.record("task.changed", ticket=task.ticket, by=by, at=at, data=data)
    task.save()
    return task


@transaction.atomic
def move_task(*, task: TicketTask, up: bool, by: User, at: datetime) -> None:
    """One place up or down; at the end nothing happens."""
    require(by, VERB, task.ticket)
    held(task.ticket)
    rows = list(TicketTask.objects.filter(ticket=task.ticket))
    here = next(place for place, row in enumerate(rows) if row.pk == task.pk)
    there = here + (-1 if up else 1)
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
        for place, row in enumerate(rows, start=1):
            row.position = place
        TicketTask.objects.bulk_update(rows, ["position"])


@transaction.atomic
def remove_task(*, task: TicketTask, by: User, at: datetime) -> None:
    """It need not be done after all. The history of the ticket keeps that it was there."""
    require(by, VERB, task.ticket)
    data = {"task": task.pk, "text": task.text}
    task = _locked(task)
    task.delete()
    events.record("task.removed", ticket=task.ticket, by=by, at=at, data=data)


def remind_of_tasks(*, by: User, at: datetime) -> int:
    """Tell whoever has a task that is due, once. Returns how many; raises the faults once each had its turn."""
    due = TicketTask.objects.to_remind(at).order_by("due_at", "pk")
    return sum(each(due.values_list("pk", flat=True), lambda number: _remind(number, by=by, at=at)))


@transaction.atomic
def _remind(number: int, *, by: User, at: datetime) -> bool:
    rows = TicketTask.objects.to_remind(at).select_for_update(of=("self",), no_key=True, skip_locked=True)
    task = rows.select_related("ticket").filter(pk=number).order_by("pk").first()
    if task is None:
        return False
    task.reminded_at = at
    task.save(update_fields=["reminded_at"])
    if task.ticket.merged_into_id is None:
        data = {"task": task.pk, "text": task.text, "user": task.assignee_id}
        events.record("task.due", ticket=task.ticket, by=by, at=at, data=data)
    return True


@transaction.atomic
@signed
def save_checklist(
    *,
    name: str,
    lines: Sequence[str],
    issue: Issue | None = None,
    department: Department | None = None,
    is_active: bool = True,
    checklist: Checklist | None = None,
    by: User,
    at: datetime,
) -> Checklist:
    """Keep a checklist, or change one; tickets that it was laid out on keep their tasks. Raises Invalid."""
    require(by, "response.manage")
    row = checklist or Checklist()
    tidy = list(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip(f"{REQUIRED} \t\r\n")))
    if not tidy or len(tidy) > MOST_LINES:
        raise Invalid(_("One to %(most)s tasks, one on a line.") % {"most": MOST_LINES}, pointer="lines")
    if any(len(line) > MAX_TEXT for line in tidy):
        raise Invalid(_("At most %(most)s characters on a line.") % {"most": MAX_TEXT}, pointer="lines")
    read = [read_line(line) for line in tidy]
    strange = {one.who for one in read} - {"", ASSIGNEE} - _people(read).keys()
    if strange or not all(one.text for one in read):
        raise Invalid(
            _("Nobody who answers tickets has an address that begins with %(names)s.")
            % {"names": ", ".join(f"{name}@" for name in sorted(strange))}
            if strange
            else _("Say what is to be done."),
            pointer="lines",
        )
    row.name, row.lines, row.issue, row.department, row.is_active = (
        name.strip(),
        tidy,
        issue,
        department,
        is_active,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Invalid(_("There is a checklist of this name already."), pointer="name") from error
    events.record("checklist.saved", about=f"checklist:{row.pk}", by=by, at=at, data={"name": row.name})
    return row


def _said(text: str) -> str:
    tidy = " ".join(text.replace("\0", "").split())
    if not tidy:
        raise Invalid(_("Say what is to be done."), pointer="text")
    return tidy[:MAX_TEXT]


def _check_sees(assignee: User | None, ticket: Ticket) -> None:
    if assignee is not None and not (assignee.is_staff_member and ticket.is_visible_to(assignee)):
        raise Invalid(_("%(who)s can't see this ticket.") % {"who": assignee}, pointer="assignee")


def _locked(task: TicketTask) -> TicketTask:
    """As it is now, behind the lock of its ticket."""
    ticket = held(task.ticket)
    transitions.check_not_merged(ticket)
    fresh = held(task)
    fresh.ticket = ticket
    return fresh
