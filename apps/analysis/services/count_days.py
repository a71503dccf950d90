import json
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min

from apps.analysis.deadlines import midnight
from apps.analysis.models import DayCount, StaleDay
from apps.analysis.queries.contacts import LAYOUT, NAMED
from helpdesk.models import Ticket

CHUNK = 31  # days counted by one statement
DAY = timedelta(days=1)

NAMES = """
    SELECT DISTINCT region, segment, channel, product_version, contact_type FROM helpdesk_ticket
    WHERE opened_at >= %(start)s AND opened_at < %(stop)s
"""
# One statement from the tickets to the counted days: nothing travels, whatever their number. Each coding becomes eight
# big-endian numbers and three measures, as `apps.analysis.queries.contacts` reads them; what a campaign asked for is
# counted apart.
COUNT = """
    INSERT INTO analysis_daycount (day, cells, measures, names, tickets, solicited, counted_as, counted_at)
    SELECT days.day::date, coalesce(counted.cells, ''), coalesce(counted.measures, ''), %(names)s,
           coalesce(counted.tickets, 0), coalesce(counted.solicited, 0), %(counted_as)s, %(at)s
    FROM generate_series(%(begin)s::date, %(end)s::date, interval '1 day') days (day)
    LEFT JOIN (
        SELECT (ticket.opened_at AT TIME ZONE %(zone)s)::date AS day,
               string_agg(
                   int4send(coalesce(coded.issue_id, 0)::int) || int4send(coalesce(ticket.product_id, 0)::int)
                   || int4send(ticket.department_id::int)
                   || int4send(array_position(%(region)s::text[], ticket.region::text) - 1)
                   || int4send(array_position(%(segment)s::text[], ticket.segment::text) - 1)
                   || int4send(array_position(%(channel)s::text[], ticket.channel::text) - 1)
                   || int4send(array_position(%(version)s::text[], ticket.product_version::text) - 1)
                   || int4send(array_position(%(contact_type)s::text[], ticket.contact_type::text) - 1), ''
               ) FILTER (WHERE ticket.campaign = '') AS cells,
               string_agg(
                   int4send(ticket.customer_id::int) || int4send(ticket.handling_minutes)
                   || int4send((coded.id IS NULL OR coded.is_primary)::int
                       + CASE ticket.outcome WHEN 'satisfied' THEN 2 WHEN 'mollified' THEN 4
                           WHEN 'dissatisfied' THEN 6 ELSE 0 END
                       + 8 * ticket.reopened_count), ''
               ) FILTER (WHERE ticket.campaign = '') AS measures,
               count(*) FILTER (WHERE (coded.id IS NULL OR coded.is_primary) AND ticket.campaign = '') AS tickets,
               count(*) FILTER (WHERE (coded.id IS NULL OR coded.is_primary) AND ticket.campaign <> '') AS solicited
        FROM helpdesk_ticket ticket
        LEFT JOIN helpdesk_ticketissue coded ON coded.ticket_id = ticket.id
        WHERE ticket.opened_at >= %(start)s AND ticket.opened_at < %(stop)s AND ticket.merged_into_id IS NULL
        GROUP BY 1
    ) counted ON counted.day = days.day::date
    ON CONFLICT (day) DO UPDATE SET cells = excluded.cells, measures = excluded.measures, names = excluded.names,
        tickets = excluded.tickets, solicited = excluded.solicited,
        counted_as = excluded.counted_as, counted_at = excluded.counted_at
"""
TAKE = """
    WITH taken AS (DELETE FROM analysis_staleday WHERE at >= %(start)s AND at < %(stop)s RETURNING at)
    SELECT DISTINCT (at AT TIME ZONE %(zone)s)::date FROM taken
"""

Told = Callable[[int, int], None]


def count_series(*, first: date, last: date, at: datetime, progress: Told = lambda done, of: None) -> int:
    """Bring `DayCount` up to date a month at a time, each month a transaction; returns how many days were counted.

    Killed half way it has kept the months that were counted; the rest is still marked, and is counted next time.
    `progress` hears of days gone through, and of how many.
    """
    days, counted = (last - first).days + 1, 0
    stale = _stale(first, last)
    for begin, end in _runs(_all_days(first, last)):
        if any(begin <= day <= end for day in stale):
            counted += count_days(first=begin, last=end, at=at)
            progress((end - first).days + 1, days)
    return counted


@transaction.atomic
def count_days(*, first: date, last: date, at: datetime) -> int:
    """Bring `DayCount` up to date between two days; returns how many days were counted.

    Counted are days without a row, and days that are marked because a ticket of theirs is new or has changed.
    """
    _one_at_a_time()
    # The marks go before the count is read: what comes in between is counted, and its mark counts it once more.
    days = _marked(first, last)
    beginning = _beginning() or last + DAY
    DayCount.objects.filter(day__lt=beginning, day__range=(first, last)).delete()
    first = max(first, beginning)
    if first > last:
        return 0
    days = {day for day in days | _missing(first, last) if first <= day <= last}
    for begin, end in _runs(sorted(days)):
        _count(begin, end, at)
    return len(days)


@transaction.atomic
def mark_days(*, first: date, last: date) -> int:
    """Have every day from `first` to `last` counted again the next time; returns how many."""
    marks = [StaleDay(at=midnight(day)) for day in _all_days(first, last)]
    return len(StaleDay.objects.bulk_create(marks))


def _one_at_a_time() -> None:
    """Two who count at once: the one that looked first must not write last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('count days'))")


def _beginning() -> date | None:
    """The day of the first ticket."""
    start = Ticket.objects.aggregate(first=Min("opened_at"))["first"]
    return start.astimezone(_zone()).date() if start is not None else None


def _missing(first: date, last: date) -> set[date]:
    known = DayCount.objects.filter(day__range=(first, last), counted_as=_counted_as())
    return set(_all_days(first, last)) - set(known.values_list("day", flat=True))


def _stale(first: date, last: date) -> set[date]:
    """Days that want counting as far as can be seen from here; what comes in later is for the next time."""
    marks = StaleDay.objects.filter(at__gte=midnight(first), at__lt=midnight(last + DAY))
    marked = {at.astimezone(_zone()).date() for at in marks.values_list("at", flat=True).distinct()}
    beginning = _beginning()
    return marked | (_missing(max(first, beginning), last) if beginning is not None else set())


def _marked(first: date, last: date) -> set[date]:
    """Take the marks away, and say which days they mean."""
    given = {"start": midnight(first), "stop": midnight(last + DAY), "zone": settings.TIME_ZONE}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, given)
        return {row[0] for row in cursor.fetchall()}


def _all_days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _runs(days: Collection[date]) -> Iterator[tuple[date, date]]:
    """Days in a row, at most a month at a time."""
    begin = end = None
    for day in days:
        if begin is not None and end is not None and day - end == DAY and (day - begin).days < CHUNK:
            end = day
            continue
        if begin is not None and end is not None:
            yield begin, end
        begin = end = day
    if begin is not None and end is not None:
        yield begin, end


def _count(begin: date, end: date, at: datetime) -> None:
    given: dict[str, Any] = {"start": midnight(begin), "stop": midnight(end + DAY)}
    with connection.cursor() as cursor:
        cursor.execute(NAMES, given)
        found = cursor.fetchall()
        names = {name: sorted({row[n] for row in found}) for n, name in enumerate(NAMED)}
        given |= {
            "begin": begin, "end": end, "at": at, "zone": settings.TIME_ZONE, "names": json.dumps(names),
            "counted_as": _counted_as(),
        }  # fmt: skip
        cursor.execute(COUNT, given | names)


def _counted_as() -> str:
    return f"{LAYOUT} {settings.TIME_ZONE}"


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
