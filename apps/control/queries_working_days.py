"""Working days, as points to the left ask for them: since when so many have passed, department by department."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from apps.control.clock import since_working_days as since
from apps.control.models import Calendar, ServicePolicy
from helpdesk.models import Department

# A calendar knows the public holidays of the year before the one it is asked for: days that passed reach further back.
BACK = timedelta(days=365)


def since_working_days(numbers: Collection[int], *, at: datetime) -> Mapping[int, Mapping[int, datetime]]:
    """For each number of days, each department's moment since which so many of its working days have passed.

    A department's calendar is that of the first promise of time that fits any ticket of it; where it has none the
    company's first. Three queries, and no ticket is read.
    """
    around = (at - BACK).date()
    hours = {number: row.hours(around=around) for number, row in calendars_of_departments().items()}
    moments = {(own, days): since(at, days, own) for own in set(hours.values()) for days in set(numbers)}
    return {days: {number: moments[own, days] for number, own in hours.items()} for days in set(numbers)}


def calendars_of_departments() -> dict[int, Calendar]:
    """By the number of the department. Three queries."""
    any_ticket = {
        "severity": None,
        "segment": "",
        "issue": None,
        "customer": None,
        "organisation": "",
        "channel": "",
    }
    rows = ServicePolicy.objects.filter(retired_at=None, **any_ticket).select_related("calendar")
    policies = list(rows.order_by("order", "name", "id"))
    first = Calendar.objects.order_by("pk").first() or Calendar()
    return {
        number: next((one.calendar for one in policies if one.department_id in (None, number)), first)
        for number in Department.objects.values_list("pk", flat=True)
    }
