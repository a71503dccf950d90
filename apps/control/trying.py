"""Promises tried out before they are kept: "Friday 16:40, 90 minutes: due Monday 10:10". Pure.

The moments tried are those that go wrong: the end of the week, the night, the evening before a day off.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.control.clock import BusinessCalendar, due_at, is_working_day

LOOK_AHEAD = 370
FRIDAY = 4


@dataclass(frozen=True)
class Tried:
    """One moment at which a ticket comes in, and when each of the promises is due, in the calendar's time."""

    start: datetime
    due: tuple[datetime, ...]


def try_out(calendar: BusinessCalendar, minutes: Sequence[int], starts: Sequence[datetime]) -> list[Tried]:
    zone = ZoneInfo(calendar.timezone)
    return [
        Tried(
            start.astimezone(zone),
            tuple(due_at(start, promised, calendar).astimezone(zone) for promised in minutes),
        )
        for start in starts
    ]


def telling_moments(calendar: BusinessCalendar, *, at: datetime) -> list[datetime]:
    """Next Friday 16:40, tonight at 23:00, and 16:00 before the next weekday off, in the calendar's time."""
    zone = ZoneInfo(calendar.timezone)
    today = at.astimezone(zone).date()
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7)
    moments = [datetime.combine(friday, time(16, 40), zone), datetime.combine(today, time(23), zone)]
    for day in (today + timedelta(days=n) for n in range(1, LOOK_AHEAD)):
        if calendar.week[day.weekday()] and not is_working_day(day, calendar):
            moments.append(datetime.combine(day - timedelta(days=1), time(16), zone))
            break
    return moments


def spoken(minutes: int | None) -> str:
    """Working minutes for people: 90 is "1 h 30 min"; nothing promised is a dash."""
    if minutes is None:
        return "–"
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]
    return " ".join(part for part in parts if part) or "at once"
