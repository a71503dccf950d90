"""When in the week contacts come in: how much of a day has usually come by now."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from django.db import connection

from apps.analysis.deadlines import midnight, today
from apps.analysis.series import Floats
from apps.analysis.surge import elapsed_share

WEEKS = 8
COUNT = """
    SELECT (extract(isodow FROM opened_at AT TIME ZONE %(zone)s) - 1) * 24
               + extract(hour FROM opened_at AT TIME ZONE %(zone)s), count(*)
    FROM helpdesk_ticket
    WHERE opened_at >= %(start)s AND opened_at < %(stop)s AND merged_into_id IS NULL AND channel <> 'import'
    GROUP BY 1
"""


def hours_of_the_week(at: datetime) -> Floats:
    """Tickets (168,) by hour of the week, from Monday midnight, over the eight weeks before today. One query."""
    stop = midnight(today(at))
    span = {"start": midnight(today(at) - timedelta(weeks=WEEKS)), "stop": stop, "zone": settings.TIME_ZONE}
    hourly = np.zeros(168)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, span)
        for hour, tickets in cursor.fetchall():
            hourly[int(hour)] = tickets
    return hourly


def share_of_today(at: datetime) -> float:
    """The share of a day's contacts that has usually come in by now, on this day of the week."""
    here = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    return elapsed_share(
        hours_of_the_week(at), here.weekday() * 24 + here.hour + here.minute / 60 + here.second / 3600
    )
