"""Tickets are put off and come back: by the clock, by the customer, or by hand; each once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.response import transitions
from apps.response.snoozing.models import Snooze, Woken
from helpdesk import events
from helpdesk.each import each
from helpdesk.errors import Invalid
from helpdesk.models import Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held

LONGEST = timedelta(days=366)


@transaction.atomic
def snooze(*, ticket: Ticket, until: datetime, by_mail: bool = False, by: User, at: datetime) -> Snooze:
    """Put a ticket off until a time, for oneself; asked again, until the new time.

    Its clocks go on. Raises Invalid for a time that has passed or lies beyond a year, NotNow, TicketMerged.
    """
    require(by, "response.view", ticket)
    if not at < until <= at + LONGEST:
        raise Invalid(_("Give a time to come, within a year."), pointer="until")
    ticket = held(ticket)  # so that a customer who writes meanwhile wakes it, or is seen here
    transitions.check(ticket, "hold")
    row = Snooze.objects.filter(user=by, ticket=ticket, woken_at=None).first() or Snooze(
        user=by, ticket=ticket
    )
    row.until, row.by_mail, row.made_at = until, by_mail, at
    row.save()
    _seen(ticket, by, at)
    data = {"user": by.pk, "until": until.isoformat()}
    events.record("ticket.snoozed", ticket=ticket, by=by, at=at, data=data)
    return row


@transaction.atomic
def wake(*, ticket: Ticket, by: User, at: datetime) -> None:
    """Have it back now, or take the mark off one that is back. Nothing happens where neither is so."""
    require(by, "response.view", ticket)
    ticket = held(ticket)
    for row in Snooze.objects.filter(user=by, ticket=ticket, woken_at=None):
        _wake(row, Woken.HAND, by=by, at=at)
    _seen(ticket, by, at)


@transaction.atomic
def wake_for_customer(*, ticket: Ticket, by: User, at: datetime) -> None:
    """The customer wrote: whoever has put the ticket off has it back."""
    ticket = held(ticket)
    for row in Snooze.objects.filter(ticket=ticket, woken_at=None).order_by("pk"):
        _wake(row, Woken.CUSTOMER, by=by, at=at)


def wake_due(*, by: User, at: datetime) -> int:
    """What was put off until now is back. Returns how many; raises the faults once each had its turn."""
    due = Snooze.objects.filter(woken_at=None, until__lte=at).order_by("until", "pk")
    return sum(each(due.values_list("pk", flat=True), lambda number: _wake_one(number, by=by, at=at)))


@transaction.atomic
def _wake_one(number: int, *, by: User, at: datetime) -> bool:
    """False where somebody else is at it, or was."""
    rows = Snooze.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    row = rows.select_related("ticket").filter(pk=number, woken_at=None, until__lte=at).first()
    if row is None:
        return False
    _wake(row, Woken.TIME if row.ticket.is_open else Woken.OVER, by=by, at=at)
    return True


def _wake(row: Snooze, why: str, *, by: User, at: datetime) -> None:
    row.wake(why, at=at)
    if why != Woken.OVER:
        data = {"user": row.user_id, "why": str(why), "by_mail": row.by_mail, "snooze": row.pk}
        events.record("ticket.woken", ticket=row.ticket, by=by, at=at, data=data)


def _seen(ticket: Ticket, user: User, at: datetime) -> None:
    Snooze.objects.filter(user=user, ticket=ticket, seen_at=None).exclude(woken_at=None).update(seen_at=at)
