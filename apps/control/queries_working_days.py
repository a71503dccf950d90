"""Working days, as points to the left ask for them: since when so many have passed for a ticket."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db.models import Case, DateTimeField, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from apps.control.clock import since_working_days as since
from apps.control.models import Calendar, ServicePolicy
from apps.control.queries import fitting_policies
from helpdesk.asked import SinceDays

# A calendar knows the public holidays of the year before the one it is asked for: days that passed reach further back.
BACK = timedelta(days=365)


def since_working_days(numbers: Collection[int], *, at: datetime) -> Mapping[int, SinceDays]:
    """For each number of days the moment since which so many working days of a ticket's own calendar have passed: of
    the promise of time that fits it, or else the company's first. One query, and no ticket is read."""
    in_force = ServicePolicy.objects.filter(retired_at=None).values("calendar")
    first = Calendar.objects.order_by("pk").values("pk")[:1]
    rows = Calendar.objects.filter(Q(pk__in=in_force) | Q(pk__in=first)).order_by("pk")
    around = (at - BACK).date()
    calendars = {row.pk: row.hours(around=around) for row in rows} or {0: Calendar().hours(around=around)}
    return {
        days: _by_calendar({number: since(at, days, own) for number, own in calendars.items()})
        for days in set(numbers)
    }


def _by_calendar(moments: Mapping[int, datetime]) -> SinceDays:
    """The first of them is the company's own."""
    kind = DateTimeField()
    cases = (When(calendar=number, then=Value(moment)) for number, moment in moments.items())
    own = fitting_policies().values(moment=Case(*cases, output_field=kind))
    rest = Value(next(iter(moments.values())), output_field=kind)
    return SinceDays(latest=max(moments.values()), own=Coalesce(Subquery(own[:1]), rest))
