"""When is it due: cases as people write them down. All times are wall times of the calendar; "02:30*" is the second
02:30 of a night in which the clocks are set back; a pause is "from .. to", several are parted by commas."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.control.clock import BusinessCalendar, due_at, remaining, week, working_minutes

HOLIDAYS = frozenset(
    map(date.fromisoformat, (
        "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25", "2026-12-26", "2027-01-01",
    ))
)  # fmt: skip


def calendar(zone, *days, holidays=frozenset()):
    return BusinessCalendar(zone, week(days), holidays)


EVERY_NIGHT = ["22:00-06:00"] * 7
OFFICE = [*["09:00-17:00"] * 5, "", ""]
CALENDARS = {
    "berlin": calendar("Europe/Berlin", *OFFICE, holidays=HOLIDAYS),
    "berlin-night": calendar("Europe/Berlin", *EVERY_NIGHT),
    "berlin-weeknight": calendar("Europe/Berlin", *["22:00-06:00"] * 5, "", ""),
    "berlin-always": calendar("Europe/Berlin", *["00:00-24:00"] * 7),
    "berlin-lunch": calendar("Europe/Berlin", *["08:00-12:00 13:00-17:00"] * 5, "", ""),
    "york": calendar("America/New_York", *OFFICE),
    "york-shop": calendar("America/New_York", *["08:00-20:00"] * 6, ""),
    "york-night": calendar("America/New_York", *EVERY_NIGHT),
    "york-always": calendar("America/New_York", *["00:00-24:00"] * 7),
    "kolkata": calendar("Asia/Kolkata", *["10:00-19:00"] * 6, ""),
    "kolkata-night": calendar("Asia/Kolkata", *EVERY_NIGHT),
    "beirut-always": calendar("Asia/Beirut", *["00:00-24:00"] * 7),
    "beirut-early": calendar("Asia/Beirut", *["00:00-08:00"] * 7),
    "cairo-always": calendar("Africa/Cairo", *["00:00-24:00"] * 7),
}

TABLE = """
created          | calendar         | minutes | due              | paused | why
2026-05-06 10:00 | berlin           | 60   | 2026-05-06 11:00  | | within the day
2026-05-06 16:00 | berlin           | 60   | 2026-05-06 17:00  | | exactly at closing
2026-05-06 16:00 | berlin           | 61   | 2026-05-07 09:01  | | a minute after closing
2026-05-06 16:59 | berlin           | 1    | 2026-05-06 17:00  | | the last minute
2026-05-06 17:00 | berlin           | 1    | 2026-05-07 09:01  | | opened at closing
2026-05-06 08:59 | berlin           | 1    | 2026-05-06 09:01  | | opened a minute too early
2026-05-06 09:00 | berlin           | 480  | 2026-05-06 17:00  | | a whole day
2026-05-06 09:00 | berlin           | 481  | 2026-05-07 09:01  | | a day and a minute
2026-05-08 16:40 | berlin           | 90   | 2026-05-11 10:10  | | Friday afternoon
2026-05-08 17:00 | berlin           | 0    | 2026-05-08 17:00  | | nothing to do, at closing
2026-05-09 12:00 | berlin           | 0    | 2026-05-09 12:00  | | nothing to do, on Saturday
2026-05-09 12:00 | berlin           | 1    | 2026-05-11 09:01  | | opened on Saturday
2026-05-10 23:59 | berlin           | 30   | 2026-05-11 09:30  | | opened on Sunday night
2026-05-04 09:00 | berlin           | 2400 | 2026-05-08 17:00  | | a whole week
2026-05-04 09:00 | berlin           | 2401 | 2026-05-11 09:01  | | a week and a minute
2026-04-30 16:30 | berlin           | 60   | 2026-05-04 09:30  | | a holiday before the weekend
2026-04-02 16:00 | berlin           | 120  | 2026-04-07 10:00  | | holidays in a row, a weekend between
2026-04-03 10:00 | berlin           | 30   | 2026-04-07 09:30  | | opened on the first of them
2026-12-24 16:00 | berlin           | 120  | 2026-12-28 10:00  | | Christmas
2026-12-30 16:30 | berlin           | 60   | 2026-12-31 09:30  | | the last day of the year
2026-12-31 16:30 | berlin           | 60   | 2027-01-04 09:30  | | into the next year
2028-02-28 16:30 | berlin           | 60   | 2028-02-29 09:30  | | into a leap day
2028-02-29 16:30 | berlin           | 60   | 2028-03-01 09:30  | | out of a leap day
2027-02-26 16:30 | berlin           | 60   | 2027-03-01 09:30  | | a February without one
2026-03-27 16:30 | berlin           | 60   | 2026-03-30 09:30  | | clocks forward at the weekend
2026-10-23 16:30 | berlin           | 60   | 2026-10-26 09:30  | | clocks back at the weekend
2026-05-06 11:30 | berlin-lunch     | 60   | 2026-05-06 13:30  | | over lunch
2026-05-06 12:20 | berlin-lunch     | 30   | 2026-05-06 13:30  | | opened at lunch
2026-05-06 08:00 | berlin-lunch     | 240  | 2026-05-06 12:00  | | due as lunch begins
2026-05-06 10:00 | berlin           | 60   | 2026-05-06 12:00  | 2026-05-06 10:30 .. 2026-05-06 11:30 | paused an hour
2026-05-06 10:00 | berlin           | 60   | 2026-05-06 11:00  | 2026-05-06 10:30 .. 2026-05-06 10:30 | paused for no time
2026-05-06 10:00 | berlin           | 60   | 2026-05-07 10:00  | 2026-05-06 10:00 .. 2026-05-07 09:00 | paused from the first minute
2026-05-06 10:00 | berlin           | 60   | 2026-05-06 11:00  | 2026-05-06 08:00 .. 2026-05-06 09:30 | paused before it began
2026-05-06 10:00 | berlin           | 60   | 2026-05-06 11:00  | 2026-05-06 11:00 .. 2026-05-06 13:00 | paused at the due moment
2026-05-06 10:00 | berlin           | 60   | 2026-05-06 11:00  | 2026-05-06 12:00 .. 2026-05-06 14:00 | broken, then paused
2026-05-06 10:00 | berlin           | 120  | 2026-05-06 13:30  | 2026-05-06 10:30 .. 2026-05-06 11:00, 2026-05-06 11:30 .. 2026-05-06 12:30 | paused twice
2026-05-06 10:00 | berlin           | 60   | 2026-05-06 13:30  | 2026-05-06 11:00 .. 2026-05-06 13:00, 2026-05-06 10:30 .. 2026-05-06 12:00 | pauses overlap
2026-05-08 16:00 | berlin           | 120  | 2026-05-11 12:30  | 2026-05-08 16:30 .. 2026-05-11 11:00 | paused over the weekend
2026-05-08 16:00 | berlin           | 120  | 2026-05-11 10:00  | 2026-05-08 18:00 .. 2026-05-11 08:00 | paused while closed alone
2026-05-08 16:00 | berlin           | 120  | 2026-05-11 10:00  | 2026-05-09 10:00 .. 2026-05-10 10:00 | paused within the weekend
2026-04-02 16:00 | berlin           | 120  | 2026-04-07 13:30  | 2026-04-02 16:30 .. 2026-04-07 12:00 | paused over holidays
2026-12-30 16:00 | berlin           | 120  | 2027-01-04 10:00  | 2026-12-30 17:00 .. 2027-01-01 12:00 | paused over the year's end
2026-05-06 23:00 | berlin-night     | 120  | 2026-05-07 01:00  | | over midnight
2026-05-06 21:00 | berlin-night     | 60   | 2026-05-06 23:00  | | before the shift
2026-05-07 05:30 | berlin-night     | 60   | 2026-05-07 22:30  | | from one shift to the next
2026-05-06 22:00 | berlin-night     | 480  | 2026-05-07 06:00  | | a whole shift
2026-05-06 22:00 | berlin-night     | 481  | 2026-05-07 22:01  | | a shift and a minute
2026-05-10 23:30 | berlin-night     | 60   | 2026-05-11 00:30  | | from Sunday to Monday
2026-03-28 22:00 | berlin-night     | 420  | 2026-03-29 06:00  | | a shift an hour too short
2026-03-28 23:00 | berlin-night     | 240  | 2026-03-29 04:00  | | over the missing hour
2026-10-24 22:00 | berlin-night     | 540  | 2026-10-25 06:00  | | a shift an hour too long
2026-10-24 22:00 | berlin-night     | 480  | 2026-10-25 05:00  | | over the repeated hour
2026-03-28 22:00 | berlin-night     | 120  | 2026-03-29 05:00  | 2026-03-28 23:00 .. 2026-03-29 04:00 | paused over the missing hour
2026-05-08 23:00 | berlin-weeknight | 420  | 2026-05-09 06:00  | | Friday's shift ends on Saturday
2026-05-09 05:00 | berlin-weeknight | 120  | 2026-05-11 23:00  | | from Friday's shift to Monday's
2026-05-10 23:00 | berlin-weeknight | 30   | 2026-05-11 22:30  | | no shift on Sunday
2026-05-11 02:00 | berlin-weeknight | 30   | 2026-05-11 22:30  | | no shift from Sunday to Monday
2026-03-29 01:30 | berlin-always    | 60   | 2026-03-29 03:30  | | clocks forward
2026-03-28 12:00 | berlin-always    | 1440 | 2026-03-29 13:00  | | a day's length over clocks forward
2026-10-25 01:30 | berlin-always    | 60   | 2026-10-25 02:30  | | the first of two
2026-10-25 01:30 | berlin-always    | 120  | 2026-10-25 02:30* | | the second of two
2026-10-24 12:00 | berlin-always    | 1440 | 2026-10-25 11:00  | | a day's length over clocks back
2026-12-31 23:30 | berlin-always    | 60   | 2027-01-01 00:30  | | over the year's end
2028-02-28 23:30 | berlin-always    | 60   | 2028-02-29 00:30  | | into a leap day at night
2026-05-06 10:00 | berlin-always    | 0    | 2026-05-06 10:00  | | nothing to do
2026-03-29 00:00 | berlin-always    | 180  | 2026-03-29 06:00  | 2026-03-29 01:00 .. 2026-03-29 04:00 | a pause with a missing hour
2026-03-06 16:30 | york             | 60   | 2026-03-09 09:30  | | clocks forward at the weekend
2026-10-30 16:30 | york             | 60   | 2026-11-02 09:30  | | clocks back at the weekend
2026-03-27 16:30 | york             | 60   | 2026-03-30 09:30  | | Europe's change is none here
2026-03-07 19:00 | york-shop        | 120  | 2026-03-09 09:00  | | closed on the Sunday that changes
2026-03-07 22:00 | york-night       | 420  | 2026-03-08 06:00  | | a shift an hour too short
2026-10-31 22:00 | york-night       | 540  | 2026-11-01 06:00  | | a shift an hour too long
2026-03-08 01:30 | york-always      | 60   | 2026-03-08 03:30  | | clocks forward
2026-11-01 00:30 | york-always      | 120  | 2026-11-01 01:30* | | clocks back
2026-11-01 00:00 | york-always      | 1500 | 2026-11-02 00:00  | | a day of 25 hours
2026-05-06 18:30 | kolkata          | 60   | 2026-05-07 10:30  | | half an hour off the hour
2026-05-09 18:30 | kolkata          | 60   | 2026-05-11 10:30  | | from Saturday to Monday
2026-03-29 12:00 | kolkata          | 30   | 2026-03-30 10:30  | | no summer time
2026-05-09 23:30 | kolkata-night    | 60   | 2026-05-10 00:30  | | over midnight
2026-03-28 23:30 | beirut-always    | 60   | 2026-03-29 01:30  | | midnight does not exist
2026-03-28 12:00 | beirut-early     | 60   | 2026-03-29 02:00  | | opens at a midnight that does not exist
2026-03-29 01:00 | beirut-early     | 420  | 2026-03-29 08:00  | | and closes on time
2026-10-24 22:30 | beirut-always    | 120  | 2026-10-24 23:30* | | the hour before midnight comes twice
2026-10-24 12:00 | beirut-early     | 60   | 2026-10-25 01:00  | | opens at the only midnight
2026-04-23 23:30 | cairo-always     | 60   | 2026-04-24 01:30  | | midnight does not exist on a Friday
"""  # noqa: E501 (a table)
CASES = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()[1:]]


def moment(text, zone):
    fold = text.endswith("*")
    return datetime.fromisoformat(text.rstrip("*")).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def pauses_in(text, zone):
    spans = [span.split("..") for span in text.split(",") if span]
    return [(moment(start.strip(), zone), moment(end.strip(), zone)) for start, end in spans]


@pytest.mark.parametrize(
    ("created", "name", "minutes", "due", "paused", "why"), CASES, ids=[f"{c[1]}: {c[5]}" for c in CASES]
)
def test_it_is_due_when_people_say_so(created, name, minutes, due, paused, why):
    calendar = CALENDARS[name]
    zone = ZoneInfo(calendar.timezone)
    start, minutes, due = moment(created, zone), int(minutes), moment(due, zone)
    pauses = pauses_in(paused, zone)
    assert due_at(start, minutes, calendar, pauses) == due
    assert working_minutes(start, due, calendar, pauses) == minutes
    assert remaining(start, minutes, due, calendar, pauses) == 0


SHIFTS = [
    (["22:00-06:00", *[""] * 6], [["22:00-24:00"], ["00:00-06:00"], [], [], [], [], []]),
    ([*[""] * 6, "20:00-02:00"], [["00:00-02:00"], [], [], [], [], [], ["20:00-24:00"]]),
    (["22:00-00:00", *[""] * 6], [["22:00-24:00"], [], [], [], [], [], []]),
    (["12:00-20:00 08:00-11:00", *[""] * 6], [["08:00-11:00", "12:00-20:00"], [], [], [], [], [], []]),
]


@pytest.mark.parametrize(("typed", "read"), SHIFTS)
def test_a_shift_over_midnight_is_written_as_it_is_said(typed, read):
    assert week(typed) == week([" ".join(spans) for spans in read])


@pytest.mark.parametrize(
    "typed",
    [["22:00-06:00", "05:00-12:00"], ["09:00-17:00 16:00-18:00", ""], ["nine to five", ""], ["9-17", ""]],
)
def test_hours_that_overlap_or_are_none_are_refused(typed):
    with pytest.raises(ValueError, match=r"hours|time of day"):
        week([*typed, *[""] * 5])


spans_of_a_day = st.sampled_from(["", "09:00-17:00", "08:00-12:00 13:00-18:00", "00:00-24:00", "23:15-23:45"])
zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Beirut", "Australia/Lord_Howe", "UTC"]
)
weeks = st.lists(spans_of_a_day, min_size=7, max_size=7).filter(any)
calendars = st.one_of(
    st.builds(lambda zone, days: calendar(zone, *days), zones, weeks),
    st.builds(lambda zone: calendar(zone, *EVERY_NIGHT), zones),
)  # fmt: skip
moments = st.datetimes(datetime(2025, 12, 1), datetime(2027, 1, 31), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.tuples(moments, st.timedeltas(timedelta(0), timedelta(days=9))).map(lambda s: (s[0], s[0] + s[1]))
quick = settings(max_examples=50, deadline=None)


@quick
@given(moments, st.integers(0, 6_000), calendars, st.lists(spans, max_size=3))
def test_the_working_time_until_it_is_due_is_what_was_promised(start, minutes, calendar, pauses):
    assert working_minutes(start, due_at(start, minutes, calendar, pauses), calendar, pauses) == minutes


@quick
@given(moments, st.integers(0, 6_000), calendars, st.lists(spans, max_size=3), spans)
def test_one_more_pause_never_makes_it_due_earlier(start, minutes, calendar, pauses, more):
    assert due_at(start, minutes, calendar, [*pauses, more]) >= due_at(start, minutes, calendar, pauses)
