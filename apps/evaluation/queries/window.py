"""Whole calendar months up to now, in the company's time zone."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

MONTHS = (3, 6, 12)


@dataclass(frozen=True)
class Window:
    """The first day of each month, and the moments between which is counted; the last month is not over yet."""

    months: tuple[date, ...]
    since: datetime
    until: datetime

    def index(self, month: date | datetime) -> int:
        """Which month of the window a day of it belongs to."""
        first = self.months[0]
        return (month.year - first.year) * 12 + month.month - first.month


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def window(*, months: int, at: datetime) -> Window:
    """This month and those before it, `months` in all."""
    now = at.astimezone(zone())
    numbers = [now.year * 12 + now.month - 1 - back for back in range(months - 1, -1, -1)]
    days = tuple(date(number // 12, number % 12 + 1, 1) for number in numbers)
    return Window(days, datetime.combine(days[0], time(), zone()), at)
