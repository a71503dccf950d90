"""From what a calendar says ("09:00-17:00", "DE", "BY") to the engine's calendar."""

from datetime import date
from functools import lru_cache

from apps.control.clock import BusinessCalendar, hours, public_holidays


@lru_cache(maxsize=256)
def build(
    *,
    timezone: str,
    week: tuple[str, ...],
    country: str,
    subdivision: str,
    days_off: tuple[date, ...],
    year: int,
) -> BusinessCalendar:
    """The calendar with the public holidays of the year before, this one and the next two.

    ValueError for unreadable hours, NotImplementedError for a country the `holidays` library does not know.
    """
    public = (
        public_holidays(country, range(year - 1, year + 3), subdivision or None) if country else frozenset()
    )
    return BusinessCalendar(timezone, tuple(hours(day) for day in week), public | frozenset(days_off))
