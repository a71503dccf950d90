"""On which moments something recurs: months that are short, holidays, and clocks that jump."""

from datetime import UTC, date, datetime, time

import pytest

from apps.control.recurring import dates
from apps.control.recurring.dates import LAST, NEXT, SKIP, Rule

SHUT = {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)}


def working(day):
    return day.weekday() < 5 and day not in SHUT


def on(rhythm, *, zone="UTC", at=time(8), start=date(2026, 1, 1), **said):
    return Rule(rhythm, at, zone, start, **said)


def days(rule, after, number=3, is_working=dates.every_day):
    asked = datetime.fromisoformat(after).replace(tzinfo=UTC)
    return [
        f"{one:%y-%m-%d}" for one in dates.upcoming(rule, after=asked, number=number, is_working=is_working)
    ]


@pytest.mark.parametrize(
    ("rule", "after", "found"),
    [
        (on("daily"), "2026-02-27 08:00", ["26-02-28", "26-03-01", "26-03-02"]),
        (on("daily"), "2026-02-27 07:59", ["26-02-27", "26-02-28", "26-03-01"]),
        (on("weekdays", weekdays=(0, 3)), "2026-05-05", ["26-05-07", "26-05-11", "26-05-14"]),
        (on("month_day", day=31), "2026-01-31 09:00", ["26-02-28", "26-03-31", "26-04-30"]),
        (on("month_day", day=30), "2028-01-31", ["28-02-29", "28-03-30", "28-04-30"]),
        (on("month_weekday", weekdays=(0,), week=1), "2026-05-05", ["26-06-01", "26-07-06", "26-08-03"]),
        (on("month_weekday", weekdays=(4,), week=LAST), "2026-05-05", ["26-05-29", "26-06-26", "26-07-31"]),
        (on("yearly", month=2, day=29), "2026-03-01", ["27-02-28", "28-02-29", "29-02-28"]),
        (on("yearly", month=12, day=31, end_on=date(2027, 12, 31)), "2026-05-05", ["26-12-31", "27-12-31"]),
        (
            on("daily", start=date(2026, 6, 1), end_on=date(2026, 6, 2)),
            "2026-05-05",
            ["26-06-01", "26-06-02"],
        ),
        (on("weekdays", weekdays=()), "2026-05-05", []),
    ],
)
def test_a_rule_falls_on_its_days(rule, after, found):
    assert days(rule, after) == found


@pytest.mark.parametrize(
    ("rule", "after", "found"),
    [
        (on("daily", off_days=SKIP), "2026-12-23 09:00", ["26-12-24", "26-12-28", "26-12-29"]),
        # Three days that are put off fall together.
        (on("daily", off_days=NEXT), "2026-12-24 09:00", ["26-12-28", "26-12-29", "26-12-30"]),
        (on("month_day", day=1, off_days=SKIP), "2026-12-02", ["27-02-01", "27-03-01", "27-04-01"]),
        (on("month_day", day=1, off_days=NEXT), "2026-12-02", ["27-01-04", "27-02-01", "27-03-01"]),
        # What is owed from before the day that is asked for.
        (on("month_day", day=1, off_days=NEXT), "2027-01-02", ["27-01-04", "27-02-01", "27-03-01"]),
        (on("weekdays", weekdays=(5,), off_days=SKIP), "2026-05-05", []),
        (on("yearly", month=12, day=26, off_days=NEXT, end_on=date(2026, 12, 27)), "2026-05-05", []),
    ],
)
def test_days_off_are_left_out_or_put_off_to_the_next_working_day(rule, after, found):
    assert days(rule, after, is_working=working) == found


@pytest.mark.parametrize(
    ("at", "after", "found"),
    [
        (time(8), "2026-03-28 07:30", "2026-03-29T06:00:00+00:00"),  # eight o'clock stays eight o'clock
        (time(2, 30), "2026-03-29 00:00", "2026-03-29T01:30:00+00:00"),  # is left out: half past three
        (time(2, 30), "2026-10-24 12:00", "2026-10-25T00:30:00+00:00"),  # comes twice: the first
        (time(2, 30), "2026-10-25 00:30", "2026-10-26T01:30:00+00:00"),  # and not the second
    ],
)
def test_the_hour_is_that_of_the_time_zone_when_its_clocks_change(at, after, found):
    rule = on("daily", zone="Europe/Berlin", at=at)
    asked = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert dates.upcoming(rule, after=asked, number=1)[0].isoformat() == found


def test_of_all_that_was_missed_the_latest_counts():
    since, until = datetime(2026, 5, 1, 8, tzinfo=UTC), datetime(2026, 5, 6, 8, tzinfo=UTC)
    assert dates.latest(on("daily"), since=since, until=until) == until
    assert dates.latest(on("yearly", month=1, day=1), since=since, until=until) is None
