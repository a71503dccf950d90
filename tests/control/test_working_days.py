"""Since when so many working days have passed: over days off, holidays, and the change of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.control.clock import BusinessCalendar, add_working_days, hours, office_hours, since_working_days
from tests.control.test_clock import BERLIN, local

OFFICE = office_hours("Europe/Berlin", holidays=frozenset({date(2025, 5, 1), date(2025, 12, 25)}))
ALWAYS = BusinessCalendar("Europe/Berlin", (hours("00:00-24:00"),) * 7)
NEW_YORK = office_hours("America/New_York")

# At which moment, how many working days, since when. May Day 2025 is a Thursday; Berlin's clocks go forward on Sunday
# 30 March 2025 at two, and back on Sunday 26 October at three.
CASES = [
    ("the day before", OFFICE, "Tue 10:00", 1, "Mon 10:00"),
    ("over the weekend", OFFICE, "+Mon 10:00", 1, "Fri 10:00"),
    ("a week", OFFICE, "+Mon 10:00", 5, "Mon 10:00"),
    ("on Saturday no more than on Friday", OFFICE, "Sat 12:00", 1, "Fri 00:00"),
    ("outside the hours a working day is one all the same", OFFICE, "Tue 23:59", 1, "Mon 23:59"),
    ("over a holiday", OFFICE, "2025-05-02 09:00", 1, "2025-04-30 09:00"),
    ("on a holiday", OFFICE, "2025-05-01 09:00", 1, "2025-04-30 00:00"),
    ("over a holiday and a weekend", OFFICE, "2025-05-05 09:00", 3, "2025-04-29 09:00"),
    ("a short day is a day", ALWAYS, "2025-03-31 10:00", 1, "2025-03-30 10:00"),
    ("over a short day", ALWAYS, "2025-03-31 10:00", 2, "2025-03-29 10:00"),
    (
        "an hour that was left out is the moment of the jump",
        ALWAYS,
        "2025-03-31 02:30",
        1,
        "2025-03-30 03:00",
    ),
    ("over a long day", ALWAYS, "2025-10-27 10:00", 2, "2025-10-25 10:00"),
    ("an hour that came twice is the first of the two", ALWAYS, "2025-10-27 02:30", 1, "2025-10-26 02:30"),
    ("nothing", OFFICE, "Tue 10:00", 0, "Tue 10:00"),
]


@pytest.mark.parametrize(
    ("case", "calendar", "at", "number", "expected"), CASES, ids=[row[0] for row in CASES]
)
def test_since_when(case, calendar, at, number, expected):
    # Within UTC: times of an hour that comes twice are equal to those of no other zone.
    assert since_working_days(local(at), number, calendar) == local(expected).astimezone(UTC)


def test_a_day_is_that_of_the_calendars_own_zone():
    """Monday at one in the morning in Berlin is Sunday evening in New York."""
    at = datetime(2025, 3, 10, 0, 0, tzinfo=UTC)
    assert since_working_days(at, 1, OFFICE).astimezone(BERLIN).date() == date(2025, 3, 7)
    new_york = datetime(2025, 3, 7, 0, 0, tzinfo=ZoneInfo("America/New_York"))
    assert since_working_days(at, 1, NEW_YORK) == new_york


moments = st.integers(0, 570_000).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(moments, st.integers(0, 20_000), st.integers(1, 12))
def test_time_that_passes_never_takes_a_working_day_back(at, minutes, number):
    later = at + timedelta(minutes=minutes)
    assert since_working_days(at, number, OFFICE) <= since_working_days(later, number, OFFICE) <= later


@given(moments, st.integers(1, 12))
def test_what_began_on_a_working_day_is_due_so_many_working_days_later_at_the_same_time(at, number):
    began = at.astimezone(BERLIN)
    if not OFFICE.hours_on(began.date()):
        return
    then = datetime.combine(add_working_days(began.date(), number, OFFICE), began.time(), BERLIN)
    assert since_working_days(then, number, OFFICE) >= at - timedelta(hours=1)  # that hour which comes twice
    assert since_working_days(then - timedelta(hours=2), number, OFFICE) < at
