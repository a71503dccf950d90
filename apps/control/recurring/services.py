"""Recurring tickets are written, paused and removed, and what is due opens."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as WallTime  # noqa: N812 (a field has its name)
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from apps.control.models import Calendar, MadeTicket, OffDays, RecurringTicket, Rhythm
from apps.control.recurring import dates
from apps.intake.services import Contact, open_ticket
from apps.intake.services.contact import customer_of
from apps.response.acting import Act, perform, read_acts, written
from apps.response.checklists.models import Checklist
from apps.response.checklists.services import apply_checklist
from apps.response.rules.services.saving import check_acts
from helpdesk import events
from helpdesk.each import each
from helpdesk.errors import DomainError, Invalid, NotAllowed
from helpdesk.models import Channel, Customer, Department, Note, Ticket, User
from helpdesk.models.ticket import MAX_SUBJECT
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.sentences import Number

VERB = "control.recur"
MAX_NAME, MAX_BODY = 80, 20_000
FURTHEST = timedelta(days=3_660)  # a first or last day from now


class CustomerGone(DomainError):
    """Its customer has no address any more: write whom it is for, and let it go on."""

    code = "customer-gone"


@dataclass(frozen=True)
class Given:
    """A recurring ticket as somebody wrote it; acts as data."""

    name: str
    department: Department
    customer: str  # by address
    subject: str
    body: str
    rhythm: str
    start_on: date
    end_on: date | None = None
    weekdays: list[int] = field(default_factory=list)
    week: int = 1
    day: int = 1
    month: int = 1
    time: WallTime = WallTime(8)
    time_zone: str = "UTC"
    calendar: Calendar | None = None
    off_days: str = OffDays.SKIP.value
    acts: list[dict[str, Any]] = field(default_factory=list)
    checklist: Checklist | None = None


OWN = tuple(name for name in Given.__dataclass_fields__ if name not in ("customer", "name", "acts"))


def given_of(*, row: RecurringTicket) -> Given:
    """As it would be written anew."""
    own = {name: getattr(row, name) for name in OWN}
    return Given(name=row.name, customer=row.customer.email or "", acts=row.acts, **own)


# --- written ----------------------------------------------------------------------------------------------


def draft(*, given: Given, at: datetime) -> RecurringTicket:
    """The row that this would be, kept nowhere: to look at its days. Raises Invalid with the place of the fault."""
    row = RecurringTicket()
    _fill(row, given, at)
    return row


@transaction.atomic
def save_recurring(
    *, given: Given, row: RecurringTicket | None = None, by: User, at: datetime
) -> RecurringTicket:
    """Write a recurring ticket, or change one. Raises Invalid, NotAllowed, NotFound."""
    _require_care(by, given.department)
    if row is not None:
        _require_care(by, row.department)
    kept = _locked(row) if row else RecurringTicket()
    _fill(kept, given, at)
    if RecurringTicket.objects.filter(name=kept.name).exclude(pk=kept.pk).exists():
        raise Invalid(_("There is one of this name already."), pointer="name")
    kept.customer = customer_of(contact=Contact(_address(given.customer)), at=at)
    kept.why_paused = ""
    return _keep(kept, by, at)


def _fill(row: RecurringTicket, given: Given, at: datetime) -> None:
    for name in OWN:
        setattr(row, name, getattr(given, name))
    row.name = _said(given.name, MAX_NAME, "name")
    row.subject = _said(given.subject, MAX_SUBJECT, "subject")
    row.body = given.body.replace("\0", "").strip()
    if not 0 < len(row.body) <= MAX_BODY:
        raise Invalid(
            _("Write what it says, in up to %(most)s characters.") % {"most": Number(MAX_BODY, grouped=True)},
            pointer="body",
        )
    _check_days(row, at)
    acts = read_acts(given.acts, ruled=True) if given.acts else ()
    check_acts(acts, given.department)
    row.acts = [written(act) for act in acts]


def _said(text: str, most: int, pointer: str) -> str:
    tidy = " ".join(text.replace("\0", "").split())
    if not 0 < len(tidy) <= most:
        raise Invalid(_("Write up to %(most)s letters.") % {"most": most}, pointer=pointer)
    return tidy


def _address(text: str) -> str:
    try:
        validate_email(text.strip())
    except ValidationError as error:
        raise Invalid(_("Write an address, like zoe@example.com."), pointer="customer") from error
    return text.strip()


def _check_days(row: RecurringTicket, at: datetime) -> None:
    """Raises Invalid for what no calendar has, and for a rule that never comes."""
    bounds = {"day": (1, 31), "month": (1, 12), "week": (dates.LAST, 4)}
    for name, (least, most) in bounds.items():
        if not least <= getattr(row, name) <= most or (name == "week" and row.week == 0):
            raise Invalid(_("There is no such day."), pointer=name)
    row.weekdays = sorted(set(row.weekdays))
    if row.rhythm not in Rhythm.values or row.off_days not in OffDays.values:
        raise Invalid(_("There is no such rhythm."), pointer="rhythm")
    if row.weekdays and not 0 <= row.weekdays[0] <= row.weekdays[-1] <= 6:
        raise Invalid(_("Weekdays are 0 (Monday) to 6."), pointer="weekdays")
    if row.rhythm in (Rhythm.WEEKDAYS, Rhythm.MONTH_WEEKDAY) and not row.weekdays:
        raise Invalid(_("Choose a weekday."), pointer="weekdays")
    if row.time_zone not in available_timezones():
        raise Invalid(_("There is no such time zone."), pointer="time_zone")
    for name in ("start_on", "end_on"):
        day = getattr(row, name)
        if day is not None and abs(day - at.date()) > FURTHEST:
            raise Invalid(_("Choose a day within ten years."), pointer=name)
    if row.end_on is not None and row.end_on < row.start_on:
        raise Invalid(_("It would end before it begins."), pointer="end_on")
    row.next_at = _next(row, at)
    if row.next_at is None and (row.end_on is None or row.end_on >= at.date()):
        raise Invalid(_("It never falls on such a day: choose others."), pointer="rhythm")


def _next(row: RecurringTicket, at: datetime) -> datetime | None:
    return next(iter(row.upcoming(after=at, number=1)), None)


def _require_care(by: User, department: Department) -> None:
    """Administrators, and programs of the whole desk, write any; leads those of their department."""
    require(by, VERB)
    reach = RecurringTicket.objects.reach(by)
    if reach is not None and reach != department.pk:
        raise NotAllowed(_("You write those of your own department. An administrator writes the others."))


def _keep(row: RecurringTicket, by: User, at: datetime) -> RecurringTicket:
    row.changed_by, row.changed_at = by, at
    row.save()
    return row


def _locked(row: RecurringTicket) -> RecurringTicket:
    return held(row, "calendar", "department")


@transaction.atomic
def pause_recurring(*, row: RecurringTicket, on: bool, by: User, at: datetime) -> RecurringTicket:
    """Let it rest, or go on: what was due meanwhile is not made up for. Raises NotAllowed, NotFound."""
    _require_care(by, row.department)
    kept = _locked(row)
    if kept.is_paused == on:
        return kept
    kept.is_paused, kept.why_paused = on, ""
    kept.next_at = _next(kept, at)
    return _keep(kept, by, at)


@transaction.atomic
def remove_recurring(*, row: RecurringTicket, by: User) -> None:
    """It opens nothing more; the tickets it made stay. Raises NotAllowed, NotFound."""
    _require_care(by, row.department)
    _locked(row).delete()


# --- opened -----------------------------------------------------------------------------------------------


def open_due(*, by: User, at: datetime) -> int:
    """Open what is due, one ticket for each template however much was missed. Returns how many.

    Raises the faults once each had its turn.
    """
    numbers = list(RecurringTicket.objects.due(at).values_list("pk", flat=True))
    return sum(each(numbers, lambda number: _make(number, by=by, at=at)))


@transaction.atomic
def _make(number: int, *, by: User, at: datetime) -> bool:
    rows = RecurringTicket.objects.due(at).select_for_update(of=("self",), no_key=True, skip_locked=True)
    row = rows.select_related("calendar", "customer", "department", "checklist").filter(pk=number).first()
    if row is None or row.next_at is None:
        return False
    # Asked again: its calendar may have changed since.
    due = row.latest(since=row.next_at, until=at)
    row.next_at = _next(row, at)
    row.save(update_fields=["next_at"])
    if due is None:
        return False
    made, is_new = MadeTicket.objects.get_or_create(template=row, due_at=due)
    if not is_new:
        return False
    try:
        with transaction.atomic():
            made.ticket = _opened(row, due, by=by, at=at)
    except DomainError as error:
        made.delete()
        row.is_paused, row.why_paused = True, error.detail[:300]
        row.save(update_fields=["is_paused", "why_paused"])
        return False
    made.save(update_fields=["ticket"])
    return True


def _opened(row: RecurringTicket, due: datetime, *, by: User, at: datetime) -> Ticket:
    ticket = open_ticket(
        subject=row.subject, body=row.body, customer=_customer(row), channel=Channel.API, by=by, at=at,
        department=row.department, is_automatic=True,
    )  # fmt: skip
    data = {"template": row.pk, "name": row.name, "due": due.isoformat()}
    events.record("ticket.recurred", ticket=ticket, by=by, at=at, data=data)
    if row.checklist is not None and row.checklist.is_active:
        apply_checklist(ticket=ticket, checklist=row.checklist, by=by, at=at)
    try:
        with transaction.atomic():
            _act(row, ticket, by=by, at=at)
    except DomainError as error:
        # The work is due all the same: colleagues read what could not be done for them.
        said = _("What “%(name)s” does at opening was refused: %(why)s")
        Note.add(ticket=ticket, body=said % {"name": row.name, "why": error.detail}, by=by, at=at)
    return ticket


def _customer(row: RecurringTicket) -> Customer:
    if not row.customer.email:
        raise CustomerGone
    return row.customer


def _act(row: RecurringTicket, ticket: Ticket, *, by: User, at: datetime) -> None:
    acts: tuple[Act, ...] = read_acts(row.acts, ruled=True) if row.acts else ()
    if acts:
        perform(ticket=ticket, acts=acts, by=by, at=at)
