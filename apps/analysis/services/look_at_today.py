from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from apps.analysis import findings
from apps.analysis.blocks import blocks_of, joined, look_at
from apps.analysis.deadlines import midnight, today
from apps.analysis.findings import Finding
from apps.analysis.models import Signal
from apps.analysis.queries.hours import share_of_today
from apps.analysis.queries.night import Night, first_day, read_night
from apps.analysis.services.count_days import count_series
from apps.analysis.services.find_signals import Keeper, row_of, screen_of
from helpdesk.models import Ticket, User
from helpdesk.permissions import require
from helpdesk.sentences import in_a_row, said

ENOUGH_OF_A_DAY = 0.25  # before that the night has seen all there is to see


def look_at_today(*, by: User, at: datetime) -> list[Signal]:
    """Look for surges on the day that is not over: what has come in against what has usually come in by now.

    Until a quarter of a usual day has passed there is nothing that last night did not see. Running it again updates
    what it found.
    """
    require(by, "analysis.run")
    day, elapsed = today(at), share_of_today(at)
    if elapsed < ENOUGH_OF_A_DAY or not Ticket.objects.filter(opened_at__gte=midnight(day)).exists():
        return []
    count_series(first=first_day(day), last=day, at=at)
    night = read_night(day)
    if not night.can_tell:
        return []
    until = said("Today counts until %(time)s.", time=f"{at.astimezone(ZoneInfo(settings.TIME_ZONE)):%H:%M}")
    found = [replace(one, sentence=in_a_row([one.sentence, until])) for one in _surges(night, elapsed)]
    return _kept(night, found, by=by, at=at)


def _surges(night: Night, elapsed: float) -> list[Finding]:
    blocks = blocks_of(night.lines)
    with threadpool_limits(limits=1):
        looked_at = joined(
            blocks,
            [look_at(night.lines, rows, night.calendar, night.offset, elapsed=elapsed) for rows in blocks],
        )
        found = findings.surges(night.contacts, night.lines, night.subjects, looked_at)
        return screen_of(night)(findings.with_weeks(found, night.lines), night.contacts)


@transaction.atomic
def _kept(night: Night, found: list[Finding], *, by: User, at: datetime) -> list[Signal]:
    with connection.cursor() as cursor:  # as the night does
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('find signals'))")
    keeper = Keeper(day=night.day, by=by, at=at)
    return [keeper.keep(**row_of(finding, night)) for finding in found]
