"""Hourly: a surge is seen on the day it begins, and a busy morning is no surge."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command

from apps.analysis.models import Case, NewLevel, Signal, SignalState
from apps.analysis.queries.hours import hours_of_the_week, share_of_today
from apps.analysis.services import dismiss_signal, find_signals, look_at_today
from apps.analysis.tasks import look_at_today as every_hour
from config.schedule import SCHEDULE
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event
from tests.analysis.world import TODAY, day_before, noon, sow, sow_quiet
from tests.factories import NOW, make_ticket

ONE = noon(TODAY).replace(hour=13)


def come_in(world, number, at):
    for _ in range(number):
        ticket = make_ticket(world.cast, at=at)
        ticket.classify(world.charged, release=world.charged.release, by=world.cast.ana, at=at)


@pytest.fixture
def busy_day(world):
    """Two a day for a year, forty by noon today."""
    sow_quiet(world, but=(world.charged,))
    sow(world, world.charged, {(330, 1): 2.0}, seed=1)
    come_in(world, 40, noon(TODAY))
    return world


def look(world, at=ONE):
    return look_at_today(by=world.cast.system, at=at)


def test_a_surge_is_seen_on_the_day_it_begins(busy_day):
    assert not find_signals(by=busy_day.cast.system, at=ONE).raised
    (found,) = look(busy_day)
    assert (found.kind, found.issue, found.state) == ("surge", busy_day.charged, SignalState.NEW)
    assert found.window_end == found.last_seen_on == TODAY
    assert f"Today counts until {ONE.astimezone(ZoneInfo(settings.TIME_ZONE)):%H:%M}." in str(found.sentence)
    assert len(found.weekly) == 26


def test_the_next_hour_and_the_night_after_update_the_same_signal(busy_day):
    (found,) = look(busy_day)
    come_in(busy_day, 20, ONE)
    (again,) = look(busy_day, ONE + timedelta(hours=1))
    assert again.pk == found.pk
    assert again.observed > found.observed
    find_signals(by=busy_day.cast.system, at=ONE + timedelta(days=1))
    signal = Signal.objects.get()
    assert signal.pk == found.pk
    assert "Today" not in str(signal.sentence)
    assert Event.objects.filter(kind="signal.raised").count() == 1


def test_as_much_as_ever_by_noon_is_no_surge(world):
    sow_quiet(world, but=(world.charged,))
    sow(world, world.charged, {(330, 1): 6.0}, seed=1)
    come_in(world, 7, noon(TODAY))
    assert look(world) == []


def test_before_a_quarter_of_a_day_has_passed_it_leaves_the_day_alone(busy_day):
    assert look(busy_day, noon(TODAY).replace(hour=1)) == []


def test_the_share_of_a_day_follows_when_contacts_come(world):
    sow(world, world.charged, {(70, 0): 20.0}, seed=2)  # all at noon
    assert share_of_today(noon(TODAY).replace(hour=11)) < 0.3
    assert share_of_today(noon(TODAY).replace(hour=14)) > 0.7
    here = noon(TODAY).astimezone(ZoneInfo(settings.TIME_ZONE))
    assert hours_of_the_week(NOW).argmax() % 24 == here.hour


def test_it_runs_every_hour(busy_day, monkeypatch):
    assert SCHEDULE["look at today"]["task"] == every_hour.name
    monkeypatch.setattr("django.utils.timezone.now", lambda: ONE)
    every_hour()
    assert Signal.objects.count() == 1


def test_the_command_says_what_stands_out_today(busy_day, monkeypatch, capsys):
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon(TODAY).replace(hour=1))
    call_command("find_signals", "--today")
    assert "Nothing stands out today." in capsys.readouterr().out
    monkeypatch.setattr("django.utils.timezone.now", lambda: ONE)
    call_command("find_signals", "--today")
    assert "Today counts until" in capsys.readouterr().out


def test_who_may_not_run_the_analysis_may_not_look(busy_day):
    with pytest.raises(NotAllowed):
        look_at_today(by=busy_day.cast.ana, at=ONE)


# --- the new normal -------------------------------------------------------------------------------------


@pytest.fixture
def stepped_up(world):
    """Charged twice at three times its rate for twelve days."""
    sow_quiet(world, but=(world.charged,))
    sow(world, world.charged, {(330, 12): 2.0, (12, 0): 7.0}, seed=1)
    find_signals(by=world.cast.system, at=NOW)
    return world


def accept(world, reason="We sell in a second country since March."):
    signal = Signal.objects.get()
    dismiss_signal(signal=signal, dismissal="level", reason=reason, by=world.cast.nils, at=NOW)
    return signal


def test_the_new_normal_is_kept_with_its_line_day_and_reason(stepped_up):
    signal = accept(stepped_up)
    level = NewLevel.objects.get()
    assert (level.issue, level.dimension, level.since) == (stepped_up.charged, "", signal.started_on)
    assert level.accepted_by == stepped_up.cast.nils
    signal.refresh_from_db()
    assert (signal.state, signal.dismissal) == (SignalState.DISMISSED, "level")


def test_a_level_that_was_accepted_is_not_raised_again_and_what_exceeds_it_is(stepped_up):
    accept(stepped_up)
    # Long after, so that nothing of the first signal is left that could be updated.
    Signal.objects.update(last_seen_on=day_before(60))
    find_signals(by=stepped_up.cast.system, at=NOW)
    assert Signal.objects.count() == 1
    sow(stepped_up, stepped_up.charged, {(5, 0): 25.0}, seed=5)
    find_signals(by=stepped_up.cast.system, at=NOW, recount=True)
    assert Signal.objects.filter(state=SignalState.NEW).count() == 1


def test_without_it_the_same_level_is_raised_again(stepped_up):
    Signal.objects.update(state=SignalState.DISMISSED, last_seen_on=day_before(60))
    find_signals(by=stepped_up.cast.system, at=NOW)
    assert Signal.objects.count() == 2


def test_a_new_normal_must_say_why(stepped_up):
    with pytest.raises(Invalid, match="new normal"):
        accept(stepped_up, reason=" ")
    assert Signal.objects.get().state == SignalState.NEW
    assert not NewLevel.objects.exists()
    assert not Case.objects.exists()


def test_words_nobody_has_coded_can_not_become_the_new_normal(world):
    signal = Signal.objects.create(
        kind="emerging", dimension="words", value="beep", label="beep", sentence="", detector="words",
        started_on=TODAY, window_start=TODAY, window_end=TODAY, observed=9, expected=1, ratio=9, excess=8,
        first_seen_on=TODAY, last_seen_on=TODAY,
    )  # fmt: skip
    with pytest.raises(Invalid, match="counted"):
        dismiss_signal(signal=signal, dismissal="level", reason="So be it.", by=world.cast.nils, at=NOW)
