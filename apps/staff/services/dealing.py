"""Tickets that nobody has are dealt to people, and tried again when somebody is free."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.staff import matching
from apps.staff.matching import Mode
from apps.staff.models import Availability, Dealing, DealingMode, DealtTo
from apps.staff.queries import dealing as queries
from helpdesk.each import each
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Department, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.signing import signed

AT_ONCE = 200  # waiting tickets of a department that are tried in a minute


@transaction.atomic
def assign(*, ticket: Ticket, by: User, at: datetime) -> User | None:
    """Give a ticket nobody has to whom its department's way of dealing names; None when all are full or away, or people
    take tickets themselves.

    The skill of somebody away counts for their stand-in. Capacity is never exceeded: the department's rows are
    locked while it is counted.
    """
    require(by, "staff.manage")
    ticket = held(ticket, "primary_issue")
    if ticket.assignee_id is not None or not ticket.is_open:
        return ticket.assignee
    mode = queries.mode_of(ticket.department_id)
    if mode == Mode.OFF:
        return None
    _lock_department(ticket.department_id)
    found = queries.weighed(ticket, queries.rows_of(ticket.department_id), at=at)
    chosen = matching.best((one.candidate for one in found if not one.why_not), mode)
    if chosen is None:
        return None
    ticket.assign(next(one.user for one in found if one.user.pk == chosen.user), by=by, at=at)
    DealtTo.objects.update_or_create(user_id=chosen.user, defaults={"last_at": at})
    return ticket.assignee


def _lock_department(number: int) -> None:
    """One ticket of a department at a time: what is counted next is what stands."""
    rows = Availability.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    list(rows.filter(user__department=number).values_list("pk", flat=True))


@transaction.atomic
@signed
def set_dealing(*, department: Department, mode: str, by: User, at: datetime) -> Dealing:
    """Say how a department's tickets are dealt. Raises Invalid, and NotFound for another's."""
    require(by, "staff.manage")
    if department not in queries.departments_of(by):
        raise NotFound
    if mode not in DealingMode.values:
        raise Invalid(f"One of: {', '.join(DealingMode.values)}.", pointer="mode")
    row, _ = Dealing.objects.update_or_create(
        department=department, defaults={"mode": mode, "set_by": by, "set_at": at}
    )
    return row


@transaction.atomic
def pause_dealing(*, user: User, on: bool, by: User, at: datetime) -> None:
    """They want no new tickets for now, or do again. Raises NotAllowed for somebody else's."""
    require(by, "staff.be_away")
    if not queries.may_pause(by, user):
        raise NotAllowed(_("Only %(name)s and their lead say that.") % {"name": user.name})
    DealtTo.objects.update_or_create(user=user, defaults={"paused_at": at if on else None})


def deal_waiting(*, by: User, at: datetime) -> int:
    """Try again what nobody could take, the most pressing first: in departments that said how tickets are dealt.
    Returns how many found somebody; raises the faults once each department had its turn."""
    departments = Dealing.objects.exclude(mode=DealingMode.OFF).order_by("department")
    return sum(each(departments.values_list("department", flat=True), lambda one: _deal(one, by, at)))


def _deal(department: int, by: User, at: datetime) -> int:
    waiting = Ticket.objects.open().filter(department=department, assignee=None, merged_into=None)
    given = 0
    for ticket in waiting.order_by("severity", "due_at", "pk")[:AT_ONCE]:
        if assign(ticket=ticket, by=by, at=at) is None:
            break  # nobody is free: the others wait as well
        given += 1
    return given
