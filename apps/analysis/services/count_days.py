from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
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

CELLS = """
    SELECT (ticket.opened_at AT TIME ZONE %(zone)s)::date, coalesce(coded.issue_id, 0), coalesce(ticket.product_id, 0),
           ticket.department_id, ticket.region, ticket.segment, ticket.channel, count(*),
           count(*) FILTER (WHERE coded.id IS NULL OR coded.is_primary)
    FROM helpdesk_ticket ticket LEFT JOIN helpdesk_ticketissue coded ON coded.ticket_id = ticket.id
    WHERE ticket.opened_at >= %(start)s AND ticket.opened_at < %(stop)s AND ticket.merged_into_id IS NULL
    GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


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
    with connection.cursor() as cursor:
        cursor.execute(
            CELLS,
            {"zone": settings.TIME_ZONE, "start": midnight(begin), "stop": midnight(end + timedelta(days=1))},
        )
        rows = cursor.fetchall()
    by_day: dict[date, list[tuple[int | str, ...]]] = defaultdict(list)
    for day, *cell in rows:
        by_day[day].append(tuple(cell))
    counted = [_row(day, by_day.get(day, []), at, newest) for day in sorted(_all_days(begin, end))]
    DayCount.objects.bulk_create(
        counted,
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["cells", "names", "tickets", "counted_at", *newest],
    )


def _row(day: date, cells: list[tuple[int | str, ...]], at: datetime, newest: dict[str, int]) -> DayCount:
    names: dict[str, dict[str, int]] = {dimension: {} for dimension in NAMED}
    table = np.zeros((len(cells), 7), np.int32)
    total = 0
    for number, (issue, product, department, *words, codings, tickets) in enumerate(cells):
        codes = [
            names[dimension].setdefault(str(word), len(names[dimension]))
            for dimension, word in zip(NAMED, words, strict=True)
        ]
        table[number] = [issue, product, department, *codes, codings]
        total += int(tickets)
    called = {dimension: list(codes) for dimension, codes in names.items()}
    return DayCount(day=day, cells=table.tobytes(), names=called, tickets=total, counted_at=at, **newest)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
