"""A call is written down, and what follows from it is done: through the services that do it elsewhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.intake.services import open_ticket
from apps.intake.services.contact import clean_phone
from apps.response import transitions
from apps.response.calls.models import Call, CallDirection, CallOutcome
from apps.response.checklists.services import add_task
from apps.response.services.answer import add_note
from apps.response.services.state import solve
from apps.response.timekeeping.models import MOST_MINUTES
from apps.response.timekeeping.services import booked
from helpdesk import events
from helpdesk.errors import Invalid
from helpdesk.models import Channel, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held

VERB, TAKE = "response.note", "intake.phone"
# A call can be written down for so long, and keep a promise that ran out meanwhile.
DAYS_BACK = 7
FACE_TO_FACE = (CallOutcome.TALKED, CallOutcome.SETTLED)


@dataclass(frozen=True)
class Spoken:
    """A call as a door was told of it; without a beginning it has just ended."""

    direction: str = CallDirection.IN
    outcome: str = CallOutcome.TALKED
    number: str = ""
    begun_at: datetime | None = None
    minutes: int | None = None
    call_back_at: datetime | None = None


@transaction.atomic
def log_call(*, ticket: Ticket, call: Spoken, about: str = "", by: User, at: datetime) -> Call:
    """Write a call about a ticket down; what is said about it becomes a note. One that reached the customer answers
    them at the moment it took place: a promise that ran out since then was kept.

    Raises Invalid, TicketMerged, and where it is settled NotReady.
    """
    require(by, VERB, ticket)
    _check(call, at)
    ticket = held(ticket)
    transitions.check_not_merged(ticket)
    note = add_note(ticket=ticket, body=about, by=by, at=at) if about.strip() else None
    row = _logged(ticket, call, by=by, at=at, note=note)
    _go_on(ticket, call, by=by, at=at)
    return row


@transaction.atomic
def take_contact(*, opening: dict[str, Any], call: Spoken, by: User, at: datetime) -> Ticket:
    """A caller, or a visitor, about something new: `opening` is what `open_ticket` takes.

    Whoever settles it or calls back has the ticket, wherever it stands. Raises Invalid, NotReady, and whatever
    `open_ticket` does.
    """
    require(by, TAKE)
    _check(call, at)
    is_visit = opening["channel"] == Channel.WALK_IN
    if is_visit and call.outcome not in FACE_TO_FACE:
        raise Invalid(_("Only a call ends like this, no visit."), pointer="outcome")
    ticket = held(open_ticket(**opening, by=by, at=at))
    if call.outcome in (CallOutcome.SETTLED, CallOutcome.CALL_BACK):
        ticket.assign(by, by=by, at=at)
    if is_visit:
        ticket.note_first_reply(at=at)  # face to face
    else:
        _logged(ticket, call, by=by, at=at)
    _go_on(ticket, call, by=by, at=at)
    return ticket


def _check(call: Spoken, at: datetime) -> None:
    if call.minutes is not None and not 1 <= call.minutes <= MOST_MINUTES:
        raise Invalid(_("Between 1 and %(most)s minutes.") % {"most": MOST_MINUTES}, pointer="minutes")
    if call.begun_at is not None and call.begun_at > at:
        raise Invalid(_("This lies in the future."), pointer="begun_at")
    if call.begun_at is not None and call.begun_at < at - timedelta(days=DAYS_BACK):
        raise Invalid(_("A call can be logged for %(days)s days.") % {"days": DAYS_BACK}, pointer="begun_at")
    if call.outcome == CallOutcome.CALL_BACK:
        if call.call_back_at is None or call.call_back_at <= at:
            raise Invalid(_("Say when we call back: a time to come."), pointer="call_back_at")
    elif call.call_back_at is not None:
        raise Invalid(_("Choose that we call back, or leave the time out."), pointer="outcome")


def _begun(call: Spoken, at: datetime) -> datetime:
    return call.begun_at or at - timedelta(minutes=call.minutes or 0)


def _logged(ticket: Ticket, call: Spoken, *, by: User, at: datetime, **more: Any) -> Call:
    row = Call.objects.create(
        ticket=ticket, customer=ticket.customer, number=clean_phone(call.number) or ticket.customer.phone,
        direction=call.direction, taken_by=by, begun_at=_begun(call, at), minutes=call.minutes,
        outcome=call.outcome, call_back_at=call.call_back_at, logged_at=at, **more,
    )  # fmt: skip
    if row.is_answer:
        ticket.note_first_reply(at=row.answered_at)
    data = {"call": row.pk, "kind": row.direction, "outcome": row.outcome, "minutes": row.minutes}
    events.record("call.logged", ticket=ticket, by=by, at=at, data=data)
    return row


def _go_on(ticket: Ticket, call: Spoken, *, by: User, at: datetime) -> None:
    """What follows from it: the time counts, somebody calls back, or it is over."""
    if call.minutes:
        booked(ticket=ticket, minutes=call.minutes, what=_("Call"), worked_at=_begun(call, at), by=by, at=at)
    if call.call_back_at is not None:
        number = clean_phone(call.number) or ticket.customer.phone
        who = by if by.is_staff_member else ticket.assignee
        text = _("Call back: %(number)s") % {"number": number} if number else _("Call back")
        add_task(ticket=ticket, text=text, assignee=who, due_at=call.call_back_at, by=by, at=at)
    if call.outcome == CallOutcome.SETTLED and ticket.is_open:
        solve(ticket=ticket, by=by, at=at)
