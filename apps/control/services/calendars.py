"""Calendars: hours, public holidays and own days off."""

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from apps.control import calendars, clock
from apps.control.models import Calendar, ServicePolicy
from helpdesk.errors import DomainError, Invalid, NotAllowed
from helpdesk.models import User
from helpdesk.permissions import decides_for_all, may, require
from helpdesk.rows import held
from helpdesk.signing import signed

MOST_DAYS_OFF = 2_000
NAME = 120


class CalendarInUse(DomainError):
    """Promises or working times are counted in this calendar. Give them another one first."""

    code = "calendar-in-use"


@transaction.atomic
@signed
def save_calendar(
    *, calendar: Calendar | None, name: str, time_zone: str, week: Sequence[str], country: str = "",
    subdivision: str = "", by: User,
) -> Calendar:  # fmt: skip
    """Make a calendar, or change one; running promises keep their due times (`recount` counts them anew).

    Raises Invalid with the field at fault, NotAllowed where others' promises are counted in it.
    """
    _require_own(by, calendar)
    row = Calendar() if calendar is None else held(calendar)
    row.name, row.time_zone = name.strip(), time_zone.strip()
    row.week = [" ".join(day.split()) for day in week]
    row.country, row.subdivision = country.strip().upper(), subdivision.strip()
    check_calendar(calendar=row)
    row.save()
    return row


def check_calendar(*, calendar: Calendar) -> None:
    """Raises Invalid with the field at fault: name, time_zone, week, country, subdivision."""
    row = calendar
    if not row.name:
        raise Invalid(_("Give it a name."), pointer="name")
    if Calendar.objects.filter(name=row.name).exclude(pk=row.pk).exists():
        raise Invalid(_("There is a calendar “%(name)s” already.") % {"name": row.name}, pointer="name")
    try:
        ZoneInfo(row.time_zone)
    except (KeyError, ValueError, OSError) as error:
        raise Invalid(_("Choose a time zone like Europe/Berlin."), pointer="time_zone") from error
    try:
        if not any(clock.week(row.week)):
            raise Invalid(_("It is never open. Give at least one day its hours."), pointer="week")
    except ValueError as error:
        raise Invalid(str(error), pointer="week") from error
    if row.country and row.country not in dict(calendars.countries()):
        raise Invalid(_("No holidays are known for this country."), pointer="country")
    if row.subdivision and row.subdivision not in calendars.parts(row.country):
        known = ", ".join(calendars.parts(row.country)) or _("none")
        raise Invalid(
            _("Not a part of the country; known: %(known)s.") % {"known": known}, pointer="subdivision"
        )


@transaction.atomic
@signed
def take_days_off(*, calendar: Calendar, days: Mapping[date, str], by: User) -> int:
    """Add own days off, each with its name; a day that is known gets the new name. Returns how many are new.

    Raises Invalid for more than 2,000 days in all, NotAllowed where others' promises are counted in it.
    """
    _require_own(by, calendar)
    row = held(calendar)
    new = set(days) - set(row.days_off)
    if len(row.days_off) + len(new) > MOST_DAYS_OFF:
        raise Invalid(
            _("A calendar holds %(most_days_off)s own days off at most.") % {"most_days_off": MOST_DAYS_OFF},
            pointer="days",
        )
    row.days_off = sorted({*row.days_off, *days})
    row.names_of_days |= {day.isoformat(): name.strip()[:NAME] for day, name in days.items() if name.strip()}
    row.save(update_fields=["days_off", "names_of_days"])
    return len(new)


@transaction.atomic
@signed
def give_days_back(*, calendar: Calendar, days: Sequence[date], by: User) -> None:
    """These are working days after all. Raises NotAllowed where others' promises are counted in it."""
    _require_own(by, calendar)
    row = held(calendar)
    row.days_off = [day for day in row.days_off if day not in days]
    for day in days:
        row.names_of_days.pop(day.isoformat(), None)
    row.save(update_fields=["days_off", "names_of_days"])


@transaction.atomic
def drop_calendar(*, calendar: Calendar, by: User) -> None:
    """Nothing is counted in it. Raises CalendarInUse otherwise, NotAllowed for who may not change it."""
    _require_own(by, calendar)
    try:
        with transaction.atomic():
            held(calendar).delete()
    except ProtectedError as error:
        raise CalendarInUse from error


def may_change(*, user: User, calendar: Calendar | None) -> bool:
    """Administrators all; leads those in which nobody else's promises are counted."""
    if decides_for_all(user) or calendar is None:
        return may(user, "control.manage")
    others = ServicePolicy.objects.filter(calendar=calendar, retired_at=None)
    return may(user, "control.manage") and not others.exclude(department_id=user.department_id or 0).exists()


def _require_own(by: User, calendar: Calendar | None) -> None:
    require(by, "control.manage")
    if not may_change(user=by, calendar=calendar):
        raise NotAllowed(_("Other departments' promises are counted in this calendar. Ask an administrator."))
