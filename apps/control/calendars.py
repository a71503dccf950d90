"""From what a calendar says ("09:00-17:00", "DE", "BY") to the engine's calendar."""

import re
from datetime import date, timedelta
from functools import cache, lru_cache

import holidays as public
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from holidays.registry import COUNTRIES

from apps.control.clock import BusinessCalendar, public_holidays
from apps.control.clock import week as read_week

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


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
    off = public_holidays(country, range(year - 1, year + 3), subdivision or None) if country else frozenset()
    return BusinessCalendar(timezone, read_week(week), off | frozenset(days_off))


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """Code and name of each country whose holidays are known, by name."""
    known = public.list_supported_countries(include_aliases=False)
    names = {entry[1]: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entry[0]) for entry in COUNTRIES.values()}
    return tuple(sorted(((code, names.get(code, code)) for code in known), key=lambda pair: pair[1]))


@cache
def parts(country: str) -> tuple[str, ...]:
    """The parts of a country that have holidays of their own."""
    return tuple(public.list_supported_countries(include_aliases=False).get(country, ()))


def named_holidays(country: str, subdivision: str, *, start: date, days: int = 365) -> list[tuple[date, str]]:
    """The public holidays of the days from `start` on, in order, named in the reader's language where the `holidays`
    library knows the words, else in English."""
    if not country:
        return []
    end = start + timedelta(days=days)
    known = public.country_holidays(
        country, subdiv=subdivision or None, years=range(start.year, end.year + 1), language=_spoken(country)
    )
    return sorted((day, name) for day, name in known.items() if start <= day < end)


def _spoken(country: str) -> str:
    wanted = get_language() or ""
    # Unknown languages would be the library's own choice, which for some countries is not English.
    return wanted if wanted in public.country_holidays(country).supported_languages else "en_US"
