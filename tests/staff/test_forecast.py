"""The forecast of contacts: exact where the past is, unmoved by wild days, honest about how sure it is."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from apps.staff.forecast import (
    Days,
    NotEnoughHistory,
    backtest,
    by_hour,
    look_ahead,
    profile,
    together,
)

MONDAY = date(2026, 1, 5)
WEEK = np.array([40.0, 30, 30, 25, 25, 10, 5])


def past(weeks=12, week=WEEK, growth=0.0, **fields):
    level = 1 + growth * np.repeat(np.arange(weeks), 7)
    return Days(MONDAY, np.tile(week, weeks) * level, **fields)


def noisy(seed, weeks=26, level=1.0, dispersion=1.3):
    mean = np.tile(WEEK, weeks) * level
    return Days(MONDAY, np.random.default_rng(seed).poisson(mean * dispersion) / dispersion)


def test_a_week_that_is_always_the_same_comes_again():
    ahead = look_ahead(past(), 14)
    assert ahead.first == MONDAY + timedelta(weeks=12)
    np.testing.assert_allclose(ahead.expected, np.tile(WEEK, 2), rtol=1e-6)


def test_weekdays_stand_where_they_are_when_the_past_ends_within_a_week():
    days = past()
    cut = look_ahead(days.without_last(3), 7)
    assert cut.first.weekday() == 4
    np.testing.assert_allclose(cut.expected, np.roll(WEEK, -4), rtol=1e-6)


def test_one_wild_day_moves_nothing_much():
    counts = np.tile(WEEK, 12)
    counts[-9] = 400
    wild, calm = look_ahead(Days(MONDAY, counts), 7), look_ahead(past(), 7)
    assert np.abs(wild.expected / calm.expected - 1).max() < 0.2


def test_a_rise_goes_on_and_dies_down():
    days = past(weeks=20, growth=0.03)
    ahead = look_ahead(days, 7 * 26).expected.reshape(26, 7).sum(1)
    assert ahead[1] > ahead[0] > days.counts[-7:].sum() * 0.95
    assert ahead[-1] < ahead[0] * 1.6
    assert (np.diff(ahead) > 0).all()
    assert (np.diff(ahead, 2) < 1e-9).all()


def test_a_fall_never_goes_below_nothing():
    counts = np.tile(WEEK, 12) * np.repeat(np.linspace(1, 0.02, 12), 7)
    ahead = look_ahead(Days(MONDAY, counts), 200)
    assert (ahead.expected >= 0).all()
    assert (ahead.low <= ahead.expected).all()


def test_holidays_have_their_own_volume():
    days = past(weeks=16)
    holidays = frozenset(MONDAY + timedelta(days=n) for n in (28, 49, 71, 112, 115))
    for n in (28, 49, 71):
        days.counts[n] = 4
    ahead = look_ahead(Days(MONDAY, days.counts, holidays), 7)
    assert ahead.expected[0] < 8
    assert ahead.expected[3] < 8
    np.testing.assert_allclose(ahead.expected[[1, 2, 4, 5, 6]], WEEK[[1, 2, 4, 5, 6]], rtol=1e-6)


def test_a_holiday_nobody_has_seen_is_like_the_quietest_weekday():
    ahead = look_ahead(past(holidays=frozenset({MONDAY + timedelta(weeks=12)})), 7)
    assert ahead.expected[0] == pytest.approx(5)


def test_the_further_the_less_sure():
    wander = np.exp(np.cumsum(np.random.default_rng(5).normal(0, 0.1, 26)))
    ahead = look_ahead(noisy(1, level=np.repeat(wander, 7)), 7 * 8)
    width = ((ahead.high - ahead.low) / ahead.expected).reshape(8, 7).mean(1)
    assert (np.diff(width) > 0).all()


def test_four_days_in_five_come_out_within():
    inside = np.mean([backtest(noisy(seed)).inside for seed in range(40)])
    assert 0.76 < inside < 0.9


def test_it_beats_the_same_day_of_last_week():
    found = [backtest(noisy(seed)) for seed in range(20)]
    assert np.mean([one.error for one in found]) < 0.85 * np.mean([one.naive_error for one in found])


def test_the_test_uses_nothing_of_the_days_it_tests():
    days = noisy(3)
    before = backtest(days).outlook.expected
    days.counts[-7:] = 1_000
    np.testing.assert_array_equal(backtest(days).outlook.expected, before)


def test_an_exact_past_has_no_error():
    found = backtest(past())
    assert found.error == pytest.approx(0, abs=1e-6)
    assert found.outlook.first == MONDAY + timedelta(weeks=8)


@pytest.mark.parametrize("weeks", [0, 1, 3])
def test_less_than_four_weeks_is_no_history(weeks):
    with pytest.raises(NotEnoughHistory):
        look_ahead(past(weeks=weeks), 7)


def test_days_before_the_first_contact_are_no_history():
    late = Days(MONDAY, np.concatenate([np.zeros(70), np.tile(WEEK, 4)]))
    assert late.begun().first == MONDAY + timedelta(weeks=10)
    assert look_ahead(late.begun(), 7).expected[0] == pytest.approx(40)
    assert Days(MONDAY, np.zeros(70)).begun().whole_weeks == 0


def test_a_test_needs_four_weeks_more():
    with pytest.raises(NotEnoughHistory):
        backtest(past(weeks=7))
    assert backtest(past(weeks=8)).error is not None


def test_nothing_that_came_is_an_error_of_nothing():
    counts = np.concatenate([np.tile(WEEK, 12), np.zeros(28)])
    assert backtest(Days(MONDAY, counts)).error is None


@given(arrays(np.int64, st.integers(28, 120), elements=st.integers(0, 200)))
def test_whatever_came_the_forecast_is_a_range_around_a_number(counts):
    counts[0] = max(counts[0], 1)
    ahead = look_ahead(Days(MONDAY, counts.astype(float)), 21)
    for numbers in (ahead.expected, ahead.low, ahead.high):
        assert np.isfinite(numbers).all()
        assert (numbers >= 0).all()
    assert (ahead.low <= ahead.expected).all()
    assert (ahead.expected <= ahead.high).all()


def test_parts_add_up_and_their_range_is_narrower_than_the_sum():
    one, other = look_ahead(noisy(1), 7), look_ahead(noisy(2), 7)
    both = together([one, other])
    np.testing.assert_allclose(both.expected, one.expected + other.expected)
    assert (both.high <= one.high + other.high + 1e-9).all()
    assert (both.low >= one.low + other.low - 1e-9).all()


def test_a_quiet_weekday_borrows_the_shape_of_the_others():
    hours = np.zeros((7, 24))
    hours[:4, 9:17] = 50
    shares = profile(hours)
    np.testing.assert_allclose(shares.sum(1), 1)
    assert shares[4, 9] == pytest.approx(1 / 8)
    assert shares[5, 9] == pytest.approx(1 / 8)
    hours[4, 20] = 1_000
    assert profile(hours)[4, 20] > 0.95


def test_without_any_hour_known_all_are_alike():
    np.testing.assert_allclose(profile(np.zeros((7, 24))), 1 / 24)


@given(arrays(np.float64, (7, 24), elements=st.floats(0, 1e4)), st.integers(0, 6))
def test_hours_add_up_to_their_day(hours, shift):
    days = np.arange(1.0, 15)
    first = MONDAY + timedelta(days=shift)
    np.testing.assert_allclose(by_hour(first, days, profile(hours)).sum(1), days)


def test_counts_that_are_none_are_refused():
    with pytest.raises(ValueError, match="finite"):
        Days(MONDAY, np.array([1.0, -1.0]))
