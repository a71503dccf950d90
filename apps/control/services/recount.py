"""Running promises are counted anew, because somebody asked for it and saw what it would do."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.control.models import Clock
from apps.control.queries_recount import Recounted, recounted, running_clocks
from apps.control.services.clocks import show_most_pressing
from helpdesk import events
from helpdesk.errors import NotAllowed
from helpdesk.models import Ticket, User
from helpdesk.permissions import decides_for_all, require

BATCH = 500


def recount(*, policy: int | None = None, calendar: int | None = None, by: User, at: datetime) -> int:
    """Give running promises the policy that fits them now, counted from their beginning; returns how many changed.

    Of one policy or calendar, or of all. Broken promises stay broken. Raises NotAllowed: administrators only.
    """
    require(by, "control.manage")
    if not decides_for_all(by):
        raise NotAllowed(_("Promises of the whole company change. Ask an administrator."))
    rows = running_clocks()
    if policy is not None:
        rows = rows.filter(policy=policy)
    if calendar is not None:
        rows = rows.filter(policy__calendar=calendar)
    numbers = list(rows.values_list("pk", flat=True))
    return sum(
        _recount(numbers[start : start + BATCH], by=by, at=at) for start in range(0, len(numbers), BATCH)
    )


@transaction.atomic
def _recount(numbers: list[int], *, by: User, at: datetime) -> int:
    """One batch, its tickets locked in order; what was met or broken meanwhile is left alone."""
    tickets = Ticket.objects.filter(pk__in=Clock.objects.filter(pk__in=numbers).values("ticket"))
    list(tickets.order_by("pk").select_for_update(of=("self",), no_key=True))
    changed = [row for row in recounted(list(running_clocks().filter(pk__in=numbers)), at=at) if row.changes]
    for row in changed:
        _take(row)
        data = {
            "clock": row.clock.pk,
            "kind": row.clock.kind,
            "due_at": row.due_at and row.due_at.isoformat(),
        }
        events.record("clock.recounted", ticket=row.clock.ticket, by=by, at=at, data=data)
    for ticket in {row.clock.ticket_id: row.clock.ticket for row in changed}.values():
        show_most_pressing(ticket)
    return len(changed)


def _take(row: Recounted) -> None:
    clock = row.clock
    if row.policy is None:
        clock.state, clock.next_rung_at = Clock.State.CANCELLED, None
    else:
        clock.policy, clock.minutes = row.policy, row.minutes
        clock.due_at, clock.warn_at, clock.minutes_left = row.due_at, row.warn_at, row.minutes_left
        clock.state = Clock.State.RUNNING if row.due_at else Clock.State.PAUSED
        clock.warned_at = None  # the warning belongs to the new time
    clock.save()
