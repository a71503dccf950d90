import json
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Min

from apps.analysis.deadlines import midnight
from apps.analysis.models import DayCount
from apps.analysis.queries.contacts import NAMED
from helpdesk.models import Ticket, TicketIssue

ALWAYS_AGAIN = 7  # days: merges and corrections of codes happen in the first week
CHUNK = 31  # days read at once
MARGIN = 500  # numbers that were drawn, but not yet committed, when the days were counted last

VERSION = "CASE ticket.product_version WHEN '' THEN '' ELSE concat_ws(' ', product.code, ticket.product_version) END"
NAMES = f"""
    SELECT DISTINCT region, segment, channel, {VERSION}
    FROM helpdesk_ticket ticket LEFT JOIN helpdesk_product product ON product.id = ticket.product_id
    WHERE opened_at >= %(start)s AND opened_at < %(stop)s
"""  # noqa: S608 - no word of it comes from outside
# One statement from the tickets to the counted days: nothing travels, whatever their number. Each coding becomes seven
# big-endian numbers, as `apps.analysis.queries.contacts` reads them.
COUNT = f"""
    INSERT INTO analysis_daycount (day, cells, names, tickets, counted_at, newest_ticket, newest_coding)
    SELECT days.day::date, coalesce(counted.cells, ''), %(names)s, coalesce(counted.tickets, 0), %(at)s,
           %(newest_ticket)s, %(newest_coding)s
    FROM generate_series(%(begin)s::date, %(end)s::date, interval '1 day') days (day)
    LEFT JOIN (
        SELECT (ticket.opened_at AT TIME ZONE %(zone)s)::date AS day,
               string_agg(
                   int4send(coalesce(coded.issue_id, 0)::int) || int4send(coalesce(ticket.product_id, 0)::int)
                   || int4send(ticket.department_id::int)
                   || int4send(array_position(%(region)s::text[], ticket.region::text) - 1)
                   || int4send(array_position(%(segment)s::text[], ticket.segment::text) - 1)
                   || int4send(array_position(%(channel)s::text[], ticket.channel::text) - 1)
                   || int4send(array_position(%(version)s::text[], {VERSION}) - 1), ''
               ) AS cells,
               count(*) FILTER (WHERE coded.id IS NULL OR coded.is_primary) AS tickets
        FROM helpdesk_ticket ticket
        LEFT JOIN helpdesk_ticketissue coded ON coded.ticket_id = ticket.id
        LEFT JOIN helpdesk_product product ON product.id = ticket.product_id
        WHERE ticket.opened_at >= %(start)s AND ticket.opened_at < %(stop)s AND ticket.merged_into_id IS NULL
        GROUP BY 1
    ) counted ON counted.day = days.day::date
    ON CONFLICT (day) DO UPDATE SET cells = excluded.cells, names = excluded.names, tickets = excluded.tickets,
        counted_at = excluded.counted_at, newest_ticket = excluded.newest_ticket, newest_coding = excluded.newest_coding
"""  # noqa: S608 - no word of it comes from outside


@transaction.atomic
def count_days(*, first: date, last: date, at: datetime, everything: bool = False) -> int:
    """Bring `DayCount` up to date between two days; returns how many days were counted.

    Counted are days without a row, the last week, and days of which a ticket was coded or imported since the last
    time; `everything` counts all of them again.
    """
    start = Ticket.objects.aggregate(first=Min("opened_at"))["first"]
    if start is None:
        return 0
    first = max(first, start.astimezone(_zone()).date())
    days = _all_days(first, last) if everything else _stale_days(first, last)
    newest = {
        # Read before the days are: what comes in meanwhile is looked at again next time.
        "newest_ticket": Ticket.objects.aggregate(last=Max("pk"))["last"] or 0,
        "newest_coding": TicketIssue.objects.aggregate(last=Max("pk"))["last"] or 0,
    }
    for begin, end in _runs(sorted(days)):
        _count(begin, end, at, newest)
    return len(days)


def _stale_days(first: date, last: date) -> set[date]:
    known = dict(DayCount.objects.filter(day__range=(first, last)).values_list("day", "counted_at"))
    days = {day for day in _all_days(first, last) if day not in known}
    days |= _all_days(max(first, last - timedelta(days=ALWAYS_AGAIN - 1)), last)
    newest = DayCount.objects.aggregate(ticket=Max("newest_ticket"), coding=Max("newest_coding"))
    if newest["ticket"] is not None:
        opened = Ticket.objects.filter(pk__gt=newest["ticket"] - MARGIN).values_list("opened_at", flat=True)
        coded = TicketIssue.objects.filter(pk__gt=newest["coding"] - MARGIN).values_list("at", flat=True)
        for moments in (opened, coded):
            days |= {moment.astimezone(_zone()).date() for moment in moments.iterator(10_000)}
    return {day for day in days if first <= day <= last}


def _all_days(first: date, last: date) -> set[date]:
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


def _runs(days: Collection[date]) -> Iterator[tuple[date, date]]:
    """Days in a row, at most a month at a time."""
    begin = end = None
    for day in days:
        if (
            begin is not None
            and end is not None
            and day - end == timedelta(days=1)
            and (day - begin).days < CHUNK
        ):
            end = day
            continue
        if begin is not None and end is not None:
            yield begin, end
        begin = end = day
    if begin is not None and end is not None:
        yield begin, end


def _count(begin: date, end: date, at: datetime, newest: dict[str, int]) -> None:
    given: dict[str, Any] = {"start": midnight(begin), "stop": midnight(end + timedelta(days=1))}
    with connection.cursor() as cursor:
        cursor.execute(NAMES, given)
        found = cursor.fetchall()
        names = {name: sorted({row[n] for row in found}) for n, name in enumerate(NAMED)}
        given |= {
            "begin": begin,
            "end": end,
            "at": at,
            "zone": settings.TIME_ZONE,
            "names": json.dumps(names),
        }
        cursor.execute(COUNT, given | newest | names)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
