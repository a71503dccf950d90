"""On which moments something recurs. Pure: a rule and a question of working days in, moments in UTC out.

Method: one day after the other is asked whether the rule falls on it, so that "the 31st", "the last Friday" and "the
next working day" are each one line, and any of them may be combined. A day is that of the rule's time zone. Where a
clock that goes forward leaves the hour out, the moment is as much later as the clock jumps; where the hour comes twice
it is the first of the two (RFC 5545, 3.3.5). Days put off to a working day fall together: a daily rule makes one on
Monday and not three. Limits: it looks LONGEST days ahead, after which a rule that never falls on a working day is over.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as WallTime  # noqa: N812 (a field has its name)
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

DAILY, WEEKDAYS, YEARLY = "daily", "weekdays", "yearly"
MONTH_DAY, MONTH_WEEKDAY = "month_day", "month_weekday"
SKIP, NEXT = "skip", "next"
LAST = -1
# What was put off before the first day asked for: no office is shut for longer.
LOOK_BACK = timedelta(days=40)
LONGEST = 12 * 366
A_MOMENT = timedelta(microseconds=1)

IsWorking = Callable[[date], bool]


@dataclass(frozen=True)
class Rule:
    """`weekdays`: Monday is 0. `week`: the 1st to 4th such weekday of a month, or LAST. `day` 31: the last there is."""

    rhythm: str
    time: WallTime
    zone: str
    start_on: date
    end_on: date | None = None
    weekdays: tuple[int, ...] = ()
    week: int = 1
    day: int = 1
    month: int = 1
    off_days: str = SKIP


def every_day(day: date) -> bool:
    """Where no calendar is asked every day is a working day."""
    return True


def upcoming(
    rule: Rule, *, after: datetime, number: int, is_working: IsWorking = every_day
) -> list[datetime]:
    """The next moments after this one; fewer where the rule ends."""
    return list(islice(_moments(rule, after, is_working), number))


def latest(
    rule: Rule, *, since: datetime, until: datetime, is_working: IsWorking = every_day
) -> datetime | None:
    """The last of the moments between these two, both included: of all that were missed the one that counts."""
    found = None
    for moment in takewhile(lambda one: one <= until, _moments(rule, since - A_MOMENT, is_working)):
        found = moment
    return found


def _moments(rule: Rule, after: datetime, is_working: IsWorking) -> Iterator[datetime]:
    zone = ZoneInfo(rule.zone)
    first = max(rule.start_on, after.astimezone(zone).date() - LOOK_BACK)
    is_owed = False
    for day in (first + timedelta(days=number) for number in range(LONGEST)):
        if rule.end_on is not None and day > rule.end_on:
            return
        is_owed = is_owed or falls_on(rule, day)
        if not is_owed:
            continue
        if is_working(day):
            is_owed = False
            moment = datetime.combine(day, rule.time, zone).astimezone(UTC)
            if moment > after:
                yield moment
        elif rule.off_days == SKIP:
            is_owed = False


def falls_on(rule: Rule, day: date) -> bool:
    """Whether the rule means this day, working or not."""
    last = monthrange(day.year, day.month)[1]
    if rule.rhythm == WEEKDAYS:
        return day.weekday() in rule.weekdays
    if rule.rhythm == MONTH_DAY:
        return day.day == min(rule.day, last)
    if rule.rhythm == MONTH_WEEKDAY:
        is_week = day.day + 7 > last if rule.week == LAST else (day.day - 1) // 7 + 1 == rule.week
        return is_week and day.weekday() in rule.weekdays
    if rule.rhythm == YEARLY:
        return day.month == rule.month and day.day == min(rule.day, last)
    return rule.rhythm == DAILY
