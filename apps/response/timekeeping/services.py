"""Time on tickets: written down, struck out, measured. The sum on the ticket changes with it."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.response.timekeeping.models import MOST_MINUTES, RunningTimer, TimeEntry
from helpdesk import events
from helpdesk.errors import DomainError, Invalid, NotAllowed
from helpdesk.models import Ticket, User
from helpdesk.permissions import may, require
from helpdesk.rows import held

VERB = "response.note"


class NoTimer(DomainError):
    """No timer of yours is running on this ticket."""

    code = "no-timer"


@transaction.atomic
def book_time(
    *, ticket: Ticket, minutes: int, what: str = "", worked_at: datetime | None = None, by: User, at: datetime
) -> TimeEntry:
    """Write down minutes of one's own work. Raises Invalid for less than one, more than a day, or a time to come."""
    require(by, VERB, ticket)
    if not 1 <= minutes <= MOST_MINUTES:
        raise Invalid(_("Between 1 and %(most)s minutes.") % {"most": MOST_MINUTES}, pointer="minutes")
    if worked_at is not None and worked_at > at:
        raise Invalid(_("This lies in the future."), pointer="worked_at")
    return booked(ticket=held(ticket), minutes=minutes, what=what, worked_at=worked_at or at, by=by, at=at)


def booked(
    *, ticket: Ticket, minutes: int, what: str, worked_at: datetime, by: User, at: datetime
) -> TimeEntry:
    """Written down on a locked ticket, for whoever may."""
    row = TimeEntry.objects.create(
        ticket=ticket,
        user=by,
        minutes=minutes,
        what=" ".join(what.split())[:200],
        worked_at=worked_at,
        made_at=at,
    )
    Ticket.objects.filter(pk=ticket.pk).update(handling_minutes=F("handling_minutes") + minutes)
    data = {"entry": row.pk, "minutes": minutes, "what": row.what}
    events.record("time.booked", ticket=ticket, by=by, at=at, data=data)
    return row


@transaction.atomic
def strike_out(*, entry: TimeEntry, why: str, by: User, at: datetime) -> TimeEntry:
    """It was wrong: it counts no more and stays to be read, with the reason. One's own, and for leads everybody's.

    Raises Invalid without a reason, NotAllowed. Struck out again nothing happens.
    """
    require(by, VERB, entry.ticket)
    if entry.user_id != by.pk and not may(by, "response.manage"):
        raise NotAllowed(_("Leads strike out what others wrote down."))
    if not why.strip():
        raise Invalid(_("Say why."), pointer="why")
    ticket = held(entry.ticket)
    row = held(entry)
    if row.is_struck:
        return row
    row.struck_at, row.struck_by, row.struck_why = at, by, why.strip()[:200]
    row.save(update_fields=["struck_at", "struck_by", "struck_why"])
    Ticket.objects.filter(pk=ticket.pk).update(handling_minutes=F("handling_minutes") - row.minutes)
    data = {"entry": row.pk, "minutes": row.minutes, "why": row.struck_why}
    events.record("time.struck", ticket=ticket, by=by, at=at, data=data)
    return row


@transaction.atomic
def start_timer(*, ticket: Ticket, by: User, at: datetime) -> RunningTimer:
    """Begin to measure; what one worked on until now is stopped and written down. Running here already, it runs on."""
    require(by, VERB, ticket)
    held(by)  # one timer each, also of two tabs
    running = RunningTimer.objects.select_related("ticket").filter(user=by).first()
    if running is not None and running.ticket_id == ticket.pk:
        return running
    if running is not None:
        _stopped(running, "", by=by, at=at)
    return RunningTimer.objects.create(user=by, ticket=ticket, started_at=at)


@transaction.atomic
def stop_timer(
    *, ticket: Ticket, what: str = "", keep: bool = True, by: User, at: datetime
) -> TimeEntry | None:
    """Stop measuring and write the minutes down, or with `keep=False` forget them. Raises NoTimer."""
    require(by, VERB, ticket)
    rows = RunningTimer.objects.select_for_update(of=("self",), no_key=True)
    running = rows.select_related("ticket").filter(user=by, ticket=ticket).first()
    if running is None:
        raise NoTimer
    if keep:
        return _stopped(running, what, by=by, at=at)
    running.delete()
    return None


def _stopped(running: RunningTimer, what: str, *, by: User, at: datetime) -> TimeEntry:
    minutes, started_at, ticket = running.minutes(at), running.started_at, running.ticket
    running.delete()
    return booked(
        ticket=held(ticket), minutes=minutes, what=what, worked_at=min(started_at, at), by=by, at=at
    )
