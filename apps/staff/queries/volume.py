"""What came in, by day, hour and class of channel, and how long it took: what a forecast is made of.

The last eight weeks are counted from the tickets, by the index on `opened_at`; the days before come from `DayCount`,
a row a day. So the number of statements is fixed, and none reads more tickets than came in eight weeks.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection

from apps.analysis.models import DayCount
from apps.analysis.queries.contacts import read_measured
from apps.analysis.queries.taxonomy import place_names
from apps.staff.forecast import MOST_WEEKS, WEEK, Days, Floats
from helpdesk.models import Channel, Department

RECENT_WEEKS = 8
LEAST_MEASURED = 30  # tickets
LIVE = (Channel.PHONE.value, Channel.WALK_IN.value)
BROUGHT_IN = Channel.IMPORT.value  # not answered when it was brought in

COUNT = """
    SELECT (opened_at AT TIME ZONE %(zone)s)::date - %(first)s::date AS day,
           extract(hour FROM opened_at AT TIME ZONE %(zone)s)::int AS hour,
           channel = ANY(%(live)s) AS is_live, count(*),
           coalesce(sum(handling_minutes) FILTER (WHERE solved_at IS NOT NULL), 0),
           count(*) FILTER (WHERE handling_minutes > 0 AND solved_at IS NOT NULL)
    FROM helpdesk_ticket
    WHERE opened_at >= %(start)s AND opened_at < %(stop)s AND merged_into_id IS NULL AND channel <> %(brought_in)s
        AND (%(department)s::bigint IS NULL OR department_id = %(department)s::bigint)
    GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Measured:
    """How long contacts took, on average of those solved in eight weeks whose minutes were written down."""

    minutes: float | None
    tickets: int


@dataclass(frozen=True)
class Class:
    """One class of channel: contacts a day, by weekday and hour (7, 24), and the minutes they took."""

    days: Days
    hours: Floats
    measured: Measured


@dataclass(frozen=True)
class Volume:
    """Live (calls, walk-ins) and deferred (mail, forms, programs)."""

    live: Class
    deferred: Class

    @property
    def whole_weeks(self) -> int:
        return self.live.days.whole_weeks


def read_volume(
    department: Department | None, *, until: date, zone: str, holidays: frozenset[date]
) -> Volume:
    """Contacts of the 26 weeks before a day, of one department or of all. Five statements."""
    recent = until - timedelta(weeks=RECENT_WEEKS)
    table, minutes, timed = _counted(department, recent, until, zone)
    first, older = _older(department, until - timedelta(weeks=MOST_WEEKS), recent)
    daily = np.concatenate([older, table.sum(2)], axis=1)  # (2, days)
    begun = Days(first, daily.sum(0)).begun().first
    skip = (begun - first).days
    weekday = (recent.weekday() + np.arange(RECENT_WEEKS * WEEK)) % WEEK
    parts = []
    for n in range(2):
        hours = np.zeros((WEEK, 24))
        np.add.at(hours, weekday, table[n])
        mean = minutes[n] / timed[n] if timed[n] >= LEAST_MEASURED else None
        parts.append(Class(Days(begun, daily[n, skip:], holidays), hours, Measured(mean, int(timed[n]))))
    return Volume(*parts)


def _counted(
    department: Department | None, first: date, until: date, zone: str
) -> tuple[Floats, Floats, Floats]:
    """(2, days, 24) tickets, live then deferred; (2,) their minutes, and (2,) how many have any."""
    here = ZoneInfo(zone)
    given: dict[str, Any] = {
        "zone": zone, "first": first, "live": list(LIVE), "brought_in": BROUGHT_IN,
        "start": datetime.combine(first, time(), here), "stop": datetime.combine(until, time(), here),
        "department": department.pk if department else None,
    }  # fmt: skip
    table, minutes, timed = np.zeros((2, (until - first).days, 24)), np.zeros(2), np.zeros(2)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, given)
        for day, hour, is_live, tickets, spent, with_minutes in cursor.fetchall():
            part = 0 if is_live else 1
            table[part, day, hour] = tickets
            minutes[part] += spent
            timed[part] += with_minutes
    return table, minutes, timed


def _older(department: Department | None, first: date, until: date) -> tuple[date, Floats]:
    """(2, days) from counted days, since the last day that was not counted."""
    last = until - timedelta(days=1)
    known = set(DayCount.objects.filter(day__range=(first, last)).values_list("day", flat=True))
    missing = [day for n in range((until - first).days) if (day := first + timedelta(days=n)) not in known]
    begin = missing[-1] + timedelta(days=1) if missing else first
    days = np.zeros((2, (until - begin).days))
    if begin >= until:
        return begin, days
    contacts, measures = read_measured(begin, last, names=place_names())
    channels, departments = contacts.names["channel"], contacts.names["department"]
    chosen = measures.first.copy()
    if department is not None:
        chosen &= contacts.codes["department"] == departments.index(department.slug)
    of_channel = {name: contacts.codes["channel"] == n for n, name in enumerate(channels)}
    brought_in = of_channel.get(BROUGHT_IN, np.zeros_like(chosen))
    live = np.zeros_like(chosen)
    for name in LIVE:
        live |= of_channel.get(name, np.zeros_like(chosen))
    for part, cells in enumerate((chosen & live, chosen & ~live & ~brought_in)):
        days[part] = np.bincount(contacts.day[cells], minlength=days.shape[1])
    return begin, days
