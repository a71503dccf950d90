"""What people are planned by."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext

from apps.control.models import Calendar
from apps.staff.models import StaffingRule
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Department, User
from helpdesk.permissions import may, require
from helpdesk.sentences import Share

LONGEST_MINUTES, LONGEST_HOURS, LONGEST_WEEK = 600.0, 200, 80.0


@dataclass(frozen=True)
class Planned:
    """All that a rule says; what is left out is what `StaffingRule` begins with."""

    answered_share: float = 0.8
    answered_seconds: int = 20
    busiest: float = 0.85
    shrinkage: float = 0.3
    promised_hours: int = 8
    blends: bool = True
    hours_a_week: float = 40.0
    live_minutes: float | None = None
    deferred_minutes: float | None = None
    minutes_source: str = ""
    minutes_dated_on: date | None = None
    calendar: Calendar | None = None


@transaction.atomic
def set_staffing(*, department: Department | None, planned: Planned, by: User, at: datetime) -> StaffingRule:
    """Say by what a department's people are planned, or those of all departments without a rule of their own.

    Raises Invalid for numbers that can't be and for assumed minutes without source and date, NotAllowed for another
    department's rule.
    """
    require(by, "staff.manage")
    if not may(by, "helpdesk.configure") and (department is None or department.pk != by.department_id):
        raise NotAllowed(
            gettext("You plan the people of your own department. Ask an administrator for the others.")
        )
    _must_be_possible(planned)
    values = {field.name: getattr(planned, field.name) for field in fields(planned)}
    values["minutes_source"] = planned.minutes_source.strip()
    row, _ = StaffingRule.objects.update_or_create(
        department=department, defaults=values | {"set_by": by, "set_at": at}
    )
    return row


@transaction.atomic
def withdraw_staffing(*, rule: StaffingRule, by: User) -> None:
    """The department is planned by the rule of all again; the history keeps what it was. Raises NotAllowed."""
    require(by, "staff.manage")
    if not may(by, "helpdesk.configure") and rule.department_id != by.department_id:
        raise NotAllowed(
            gettext("You plan the people of your own department. Ask an administrator for the others.")
        )
    rule.delete()


def _must_be_possible(planned: Planned) -> None:
    shares = {"answered_share": (0.01, 0.99), "busiest": (0.1, 0.99), "shrinkage": (0.0, 0.9)}
    for pointer, (low, high) in shares.items():
        if not low <= getattr(planned, pointer) <= high:
            raise Invalid(
                gettext("Between %(low)s and %(high)s.") % {"low": Share(low), "high": Share(high)},
                pointer=pointer,
            )
    if planned.answered_seconds < 0 or planned.answered_seconds > 3600:
        raise Invalid(gettext("Between 0 and 3,600 seconds."), pointer="answered_seconds")
    if not 1 <= planned.promised_hours <= LONGEST_HOURS:
        raise Invalid(
            gettext("Between 1 and %(longest_hours)s open hours.") % {"longest_hours": LONGEST_HOURS},
            pointer="promised_hours",
        )
    if not 1 <= planned.hours_a_week <= LONGEST_WEEK:
        raise Invalid(
            gettext("Between 1 and %(longest_week)s hours.") % {"longest_week": f"{LONGEST_WEEK:g}"},
            pointer="hours_a_week",
        )
    assumed = {name: getattr(planned, name) for name in ("live_minutes", "deferred_minutes")}
    for pointer, minutes in assumed.items():
        if minutes is not None and not 0.1 <= minutes <= LONGEST_MINUTES:
            raise Invalid(
                gettext("Between 0.1 and %(longest_minutes)s minutes.")
                % {"longest_minutes": f"{LONGEST_MINUTES:g}"},
                pointer=pointer,
            )
    if any(minutes is not None for minutes in assumed.values()):
        if not planned.minutes_source.strip():
            raise Invalid(gettext("Say where the minutes come from."), pointer="minutes_source")
        if planned.minutes_dated_on is None:
            raise Invalid(gettext("Say when the minutes were measured."), pointer="minutes_dated_on")
