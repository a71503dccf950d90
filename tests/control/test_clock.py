from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.control.clock import (
    BusinessCalendar,
    ClockState,
    add_working_days,
    always_open,
    due_at,
    hours,
    is_working_day,
    office_hours,
    public_holidays,
    remaining,
    state,
    working_minutes,
)

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
OFFICE = office_hours("Europe/Berlin", holidays=frozenset({date(2025, 5, 1), date(2025, 12, 25)}))
LUNCH = office_hours("Europe/Berlin", "09:00-12:00 13:00-18:00")
NIGHT = BusinessCalendar("Europe/Berlin", (hours("00:00-06:00 22:00-24:00"),) * 7)
SHOP = BusinessCalendar("America/New_York", (hours("08:00-20:00"),) * 6 + ((),))
CLOSED = ()
WEEK = {"+Mon": "2025-03-10"} | {
    name: f"2025-03-0{3 + n}" for n, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat"))
}


def local(text, zone=BERLIN, fold=0):
    """A wall time: "2025-03-30 02:15", or "Mon 10:00" in the week of 3 March 2025, "+Mon" after it."""
    for name, day in WEEK.items():
        text = text.replace(name, day)
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


# May Day 2025 is a Thursday.
DUE = [
    ("within the day", OFFICE, "Mon 10:00", 60, (), "Mon 11:00"),
    ("exactly at closing", OFFICE, "Mon 16:00", 60, (), "Mon 17:00"),
    ("into the next day", OFFICE, "Mon 16:40", 60, (), "Tue 09:40"),
    ("across the weekend", OFFICE, "Fri 16:40", 90, (), "+Mon 10:10"),
    ("opened at night", OFFICE, "Mon 23:50", 30, (), "Tue 09:30"),
    ("opened before the day begins", OFFICE, "Tue 06:00", 30, (), "Tue 09:30"),
    ("opened on Saturday", OFFICE, "Sat 12:00", 30, (), "+Mon 09:30"),
    ("two working days", OFFICE, "Thu 12:00", 960, (), "+Mon 12:00"),
    ("over a holiday", OFFICE, "2025-04-30 16:30", 60, (), "2025-05-02 09:30"),
    ("opened on a holiday", OFFICE, "2025-05-01 11:00", 60, (), "2025-05-02 10:00"),
    ("over the lunch break", LUNCH, "Mon 11:30", 60, (), "Mon 13:30"),
    ("opened in the lunch break", LUNCH, "Mon 12:20", 60, (), "Mon 14:00"),
    ("a shift over midnight", NIGHT, "Mon 23:00", 120, (), "Tue 01:00"),
    ("from the morning to the night shift", NIGHT, "Mon 05:30", 60, (), "Mon 22:30"),
    ("nothing to do", OFFICE, "Sat 12:00", 0, (), "Sat 12:00"),
    ("paused an hour", OFFICE, "Mon 10:00", 60, [("Mon 10:30", "Mon 11:30")], "Mon 12:00"),
    ("paused over the weekend", OFFICE, "Fri 16:00", 120, [("Fri 16:30", "+Mon 11:00")], "+Mon 12:30"),
    ("paused outside the hours", OFFICE, "Fri 16:00", 120, [("Fri 18:00", "+Mon 08:00")], "+Mon 10:00"),
    ("paused before it began", OFFICE, "Mon 10:00", 60, [("Mon 08:00", "Mon 09:30")], "Mon 11:00"),
    ("paused from the first minute", OFFICE, "Mon 10:00", 60, [("Mon 10:00", "Tue 09:00")], "Tue 10:00"),
    ("paused after it was due", OFFICE, "Mon 10:00", 60, [("Mon 12:00", "Mon 13:00")], "Mon 11:00"),
    ("paused at the due moment", OFFICE, "Mon 10:00", 60, [("Mon 11:00", "Mon 13:00")], "Mon 11:00"),
    (
        "overlap",
        OFFICE,
        "Mon 10:00",
        60,
        [("Mon 11:00", "Mon 13:00"), ("Mon 10:30", "Mon 12:00")],
        "Mon 13:30",
    ),
    ("clocks set forward in the night shift", NIGHT, "2025-03-30 01:00", 120, (), "2025-03-30 04:00"),
    ("clocks set back in the night shift", NIGHT, "2025-10-26 01:00", 240, (), "2025-10-26 04:00"),
    ("clocks set forward at the weekend", OFFICE, "2025-03-28 16:30", 60, (), "2025-03-31 09:30"),
    ("clocks set back at the weekend", OFFICE, "2025-10-24 16:30", 60, (), "2025-10-27 09:30"),
]


@pytest.mark.parametrize(
    ("case", "calendar", "start", "minutes", "pauses", "due"), DUE, ids=[row[0] for row in DUE]
)
def test_a_target_is_due_after_its_working_minutes(case, calendar, start, minutes, pauses, due):
    pauses = [(local(a), local(b)) for a, b in pauses]
    assert due_at(local(start), minutes, calendar, pauses) == local(due).astimezone(UTC)


AROUND_THE_CLOCK = [
    ("Europe/Berlin", "2025-03-30 00:00", "2025-03-31 00:00", 23 * 60),
    ("Europe/Berlin", "2025-10-26 00:00", "2025-10-27 00:00", 25 * 60),
    ("America/New_York", "2025-03-09 00:00", "2025-03-10 00:00", 23 * 60),
    ("America/New_York", "2025-11-02 00:00", "2025-11-03 00:00", 25 * 60),
    ("America/Santiago", "2025-09-07 01:00", "2025-09-08 00:00", 23 * 60),  # midnight itself does not exist
    ("Australia/Lord_Howe", "2025-10-05 00:00", "2025-10-06 00:00", 23.5 * 60),  # clocks move by half an hour
    ("Pacific/Apia", "2011-12-29 00:00", "2011-12-31 00:00", 24 * 60),  # a whole day does not exist
]


@pytest.mark.parametrize(("zone", "start", "end", "minutes"), AROUND_THE_CLOCK)
def test_a_day_around_the_clock_has_the_hours_it_really_has(zone, start, end, minutes):
    start, end = local(start, ZoneInfo(zone)), local(end, ZoneInfo(zone))
    assert working_minutes(start, end, always_open(zone)) == minutes
    assert due_at(start, minutes, always_open(zone)) == end


CLOCK_CHANGES = [
    ("half of the hours are jumped over", "02:30-04:00", "Europe/Berlin", date(2025, 3, 30), 60),
    ("the hours do not exist", "02:10-02:50", "Europe/Berlin", date(2025, 3, 30), 0),
    ("the hours happen twice and count once", "02:10-02:50", "Europe/Berlin", date(2025, 10, 26), 40),
    ("the hours hold the repeated hour", "00:00-06:00", "America/New_York", date(2025, 11, 2), 420),
    ("the hours hold the missing hour", "00:00-06:00", "America/New_York", date(2025, 3, 9), 300),
]


@pytest.mark.parametrize(
    ("case", "opening", "zone", "day", "minutes"), CLOCK_CHANGES, ids=[row[0] for row in CLOCK_CHANGES]
)
def test_opening_hours_at_a_change_of_the_clocks(case, opening, zone, day, minutes):
    calendar = BusinessCalendar(zone, (hours(opening),) * 7)
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    assert working_minutes(midnight, midnight + timedelta(hours=23), calendar) == minutes


def test_both_occurrences_of_a_repeated_hour_are_told_apart():
    first, second = local("2025-10-26 02:15"), local("2025-10-26 02:15", fold=1)
    assert working_minutes(first, second, always_open("Europe/Berlin")) == 60


def test_a_new_york_shop_works_by_its_own_clock():
    created = datetime(2025, 3, 8, 23, 0, tzinfo=UTC)  # Saturday 18:00, the clocks change that night
    assert due_at(created, 180, SHOP) == local("2025-03-10 09:00", NEW_YORK)


def test_working_time_leaves_nights_weekends_and_pauses_out():
    friday, monday = local("Fri 16:00"), local("+Mon 10:00")
    assert working_minutes(friday, monday, OFFICE) == 120
    assert working_minutes(friday, monday, OFFICE, [(local("Fri 16:30"), local("+Mon 09:15"))]) == 75


def test_a_pause_that_lasts_stops_working_time():
    start = local("Mon 10:00")
    lasting = [(local("Mon 10:20"), None)]
    assert working_minutes(start, local("Wed 10:00"), OFFICE, lasting) == 20
    assert remaining(start, 60, local("Wed 10:00"), OFFICE, lasting) == 40


def test_time_backwards_is_no_working_time():
    assert working_minutes(local("Tue 10:00"), local("Mon 10:00"), OFFICE) == 0


def test_remaining_turns_negative_by_the_working_time_missed():
    assert remaining(local("Mon 16:00"), 60, local("Tue 09:30"), OFFICE) == -30


STATES = [
    ("just begun", "Mon 09:00", (), ClockState.FINE),
    ("three quarters gone", "Mon 12:00", (), ClockState.FINE),
    ("in the last quarter", "Mon 12:01", (), ClockState.SOON),
    ("at the due moment", "Mon 13:00", (), ClockState.SOON),
    ("past the due moment", "Mon 13:01", (), ClockState.OVERDUE),
    ("paused", "Mon 11:00", [("Mon 10:00", None)], ClockState.PAUSED),
    ("paused long past the old due time", "Wed 11:00", [("Mon 10:00", None)], ClockState.PAUSED),
    ("paused until later", "Mon 11:00", [("Mon 10:00", "Mon 12:00")], ClockState.PAUSED),
    ("the pause is over", "Mon 13:30", [("Mon 10:00", "Mon 12:00")], ClockState.FINE),
    ("the pause lies ahead", "Mon 11:00", [("Mon 12:00", None)], ClockState.FINE),
    ("paused when already overdue", "Mon 15:00", [("Mon 14:00", None)], ClockState.OVERDUE),
]


@pytest.mark.parametrize(("case", "at", "pauses", "expected"), STATES, ids=[row[0] for row in STATES])
def test_the_state_of_a_four_hour_clock_started_at_nine(case, at, pauses, expected):
    pauses = [(local(a), b and local(b)) for a, b in pauses]
    assert state(local("Mon 09:00"), 240, local(at), OFFICE, pauses) == expected


def test_a_clock_due_at_closing_time_is_overdue_in_the_evening():
    start = local("Fri 16:00")
    assert state(start, 60, local("Sat 12:00"), OFFICE) == ClockState.OVERDUE
    assert remaining(start, 60, local("Sat 12:00"), OFFICE) == 0


WORKING_DAYS = [
    (date(2025, 3, 7), 0, date(2025, 3, 7)),
    (date(2025, 3, 8), 0, date(2025, 3, 10)),
    (date(2025, 3, 7), 1, date(2025, 3, 10)),
    (date(2025, 3, 7), 6, date(2025, 3, 17)),
    (date(2025, 4, 30), 1, date(2025, 5, 2)),
    (date(2025, 3, 10), -1, date(2025, 3, 7)),
]


@pytest.mark.parametrize(("day", "number", "expected"), WORKING_DAYS)
def test_working_days_skip_weekends_and_holidays(day, number, expected):
    assert add_working_days(day, number, OFFICE) == expected


def test_public_holidays_differ_by_part_of_the_country():
    epiphany = date(2025, 1, 6)
    assert epiphany in public_holidays("DE", [2025], "BY")
    assert epiphany not in public_holidays("DE", [2025], "BE")


def test_a_public_holiday_is_no_working_day():
    london = office_hours("Europe/London", holidays=public_holidays("GB", [2025]))
    assert not is_working_day(date(2025, 12, 25), london)
    assert is_working_day(date(2025, 12, 24), london)


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        due_at(datetime.fromisoformat("2025-03-03"), 60, OFFICE)


def test_a_paused_clock_has_no_due_time():
    with pytest.raises(ValueError, match="paused"):
        due_at(local("Mon 10:00"), 60, OFFICE, [(local("Mon 10:10"), None)])


def test_a_negative_target_is_refused():
    with pytest.raises(ValueError, match="negative"):
        due_at(local("Mon 10:00"), -1, OFFICE)


@pytest.mark.parametrize(
    "text", ["9", "09:00", "17:00-09:00", "09:00-12:00 11:00-13:00", "09:00-24:30", "09:70-10:00"]
)
def test_hours_that_are_none_are_refused(text):
    with pytest.raises(ValueError, match=r"hours|time of day"):
        hours(text)


def test_a_calendar_that_never_opens_is_refused():
    with pytest.raises(ValueError, match="never open"):
        BusinessCalendar("UTC", (CLOSED,) * 7)


def test_a_calendar_of_six_days_is_refused():
    with pytest.raises(ValueError, match="seven days"):
        BusinessCalendar("UTC", (hours("09:00-17:00"),) * 6)


calendars = st.sampled_from(
    [OFFICE, LUNCH, NIGHT, SHOP, always_open("America/New_York"), always_open("Europe/Berlin")]
)
in_2025 = datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2025-12-31")
moments = st.datetimes(*in_2025, timezones=st.just(UTC))
targets = st.integers(0, 20_000)
lengths = st.timedeltas(timedelta(0), timedelta(days=20))
spans = st.tuples(moments, lengths).map(lambda span: (span[0], span[0] + span[1]))
pause_lists = st.lists(spans, max_size=4)


@given(moments, targets, calendars, pause_lists)
def test_the_working_time_until_due_is_the_target(start, minutes, calendar, pauses):
    assert working_minutes(start, due_at(start, minutes, calendar, pauses), calendar, pauses) == minutes


@given(moments, targets, targets, calendars, pause_lists)
def test_a_larger_target_is_never_due_earlier(start, one, other, calendar, pauses):
    small, large = sorted((one, other))
    assert start <= due_at(start, small, calendar, pauses) <= due_at(start, large, calendar, pauses)


@given(moments, moments, targets, calendars, pause_lists)
def test_a_later_start_is_never_due_earlier(one, other, minutes, calendar, pauses):
    early, late = sorted((one, other))
    if minutes:
        assert due_at(early, minutes, calendar, pauses) <= due_at(late, minutes, calendar, pauses)


@given(st.tuples(moments, moments, moments), calendars, pause_lists)
def test_working_time_adds_up(times, calendar, pauses):
    first, second, third = sorted(times)
    before = working_minutes(first, second, calendar, pauses)
    after = working_minutes(second, third, calendar, pauses)
    assert before + after == pytest.approx(working_minutes(first, third, calendar, pauses))


@given(moments, targets, targets, calendars)
def test_due_times_add_up(start, one, other, calendar):
    if other:
        assert due_at(due_at(start, one, calendar), other, calendar) == due_at(start, one + other, calendar)


@given(moments, targets, calendars, pause_lists, spans)
def test_another_pause_never_makes_it_due_earlier(start, minutes, calendar, pauses, pause):
    assert due_at(start, minutes, calendar, pauses) <= due_at(start, minutes, calendar, [*pauses, pause])
