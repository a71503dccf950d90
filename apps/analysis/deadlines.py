"""Days: which is today here, which are holidays, and the day by which an answer is due, in working days."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.analysis.models import CaseState
from apps.control import clock
from apps.control.models import Calendar

# Working days a case may stand in each state; fixing and monitoring have dates of their own.
WORKING_DAYS = {
    CaseState.ASSESS: 3,
    CaseState.ROUTED: 3,
    CaseState.INVESTIGATING: 15,
    CaseState.PLANNING: 10,
}


def today(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def midnight(day: date) -> datetime:
    """The moment this day begins."""
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


def yesterday(at: datetime) -> date:
    """The last day that is whole."""
    return today(at) - timedelta(days=1)


def company_hours(day: date) -> clock.BusinessCalendar:
    """The company's first calendar, with the holidays around this day; Monday to Friday while there is none."""
    calendar = Calendar.objects.order_by("pk").first()
    return calendar.hours(around=day) if calendar else clock.office_hours(settings.TIME_ZONE)


def working_days_after(at: datetime, number: int) -> date:
    return clock.add_working_days(today(at), number, company_hours(today(at)))


def due_in(state: str, at: datetime) -> date | None:
    """The day by which a case that enters this state now has to leave it."""
    days = WORKING_DAYS.get(CaseState(state))
    return None if days is None else working_days_after(at, days)


def holidays_between(first: date, last: date) -> frozenset[date]:
    """Public holidays and days off of the company's first calendar."""
    calendar = Calendar.objects.order_by("pk").first()
    if calendar is None:
        return frozenset()
    years = range(first.year, last.year + 1)
    return frozenset().union(*(calendar.hours(around=date(year, 7, 1)).holidays for year in years))
