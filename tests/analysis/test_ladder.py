from datetime import date

import pytest

from apps.analysis.ladder import next_rung, risk_ends_soon
from apps.control.clock import office_hours

FRIDAY = date(2026, 5, 15)
HOLIDAY = date(2026, 5, 14)  # the Thursday before
CALENDAR = office_hours("UTC", holidays=frozenset({HOLIDAY}))
ENTERED = date(2026, 5, 4)


def may(day):
    return date(2026, 5, day)


@pytest.mark.parametrize(
    ("today", "climbed", "step"),
    [
        (may(11), {}, None),
        (may(12), {}, "due_soon"),  # two working days before: Thursday is none
        (may(13), {"due_soon": may(12)}, None),
        (HOLIDAY, {}, None),
        (FRIDAY, {}, "due_soon"),  # the days before were missed
        (may(16), {}, None),  # a Saturday
        (may(18), {"due_soon": may(12)}, "overdue"),
        (may(18), {}, "overdue"),
        (may(18), {"overdue": may(18)}, None),
        (may(19), {"overdue": may(18)}, None),
        (may(20), {"overdue": may(18)}, "head"),
        (may(21), {"overdue": may(18), "head": may(20)}, None),
        (may(22), {"overdue": may(18), "head": may(20)}, "sponsor"),
        (may(29), {"overdue": may(18), "head": may(20), "sponsor": may(22)}, None),
    ],
)
def test_the_rung_of_a_day(today, climbed, step):
    rung = next_rung(due_on=FRIDAY, entered_on=ENTERED, today=today, climbed=climbed, calendar=CALENDAR)
    assert (rung.step if rung else None) == step


def test_after_days_without_a_machine_nobody_is_passed_over_and_one_rung_a_day_is_climbed():
    climbed = {}
    for today in (may(27), may(27), may(28), may(29)):
        rung = next_rung(due_on=FRIDAY, entered_on=ENTERED, today=today, climbed=climbed, calendar=CALENDAR)
        if rung:
            climbed[rung.step] = today
    assert climbed == {"overdue": may(27), "head": may(28), "sponsor": may(29)}


def test_on_the_day_it_came_there_is_no_reminder():
    asked = {"due_on": may(6), "climbed": {}, "calendar": CALENDAR}
    assert next_rung(entered_on=may(5), today=may(5), **asked) is None
    assert next_rung(entered_on=may(4), today=may(5), **asked).step == "due_soon"


@pytest.mark.parametrize(
    ("today", "asked"),
    [(may(6), False), (may(7), True), (may(13), True), (may(16), False), (FRIDAY, False), (may(18), False)],
)
def test_an_accepted_risk_is_asked_about_five_working_days_before_it_runs_out(today, asked):
    assert risk_ends_soon(expires_on=FRIDAY, today=today, calendar=CALENDAR) is asked
