import numpy as np
import pytest

from apps.analysis import drift
from tests.analysis import planted

WEEKS = 92


def steady(series, length=WEEKS, level=15.0, season=0.25):
    step = np.arange(length)
    phase = np.random.default_rng(series).uniform(0, 2 * np.pi, (series, 1))
    return level * np.exp(season * np.cos(2 * np.pi * step / 52.18 + phase))


def found_in(mean, *, seed=1, **options):
    return drift.find_drifts(
        planted.counts(mean, seed=seed, dispersion=1.5), planted.weeks(mean.shape[1]), **options
    )


def test_a_slow_burn_is_found_though_no_week_stands_out():
    mean = steady(30)
    mean[4, -26:] *= np.exp(0.03 * np.arange(1, 27))
    found = found_in(mean)
    assert [one.series for one in found] == [4]
    assert found[0].is_rising
    assert found[0].low < 1.8 < found[0].high


def test_a_level_that_stepped_up_and_stayed_is_a_plateau():
    mean = steady(30)
    mean[9, -26:] *= 1.8
    found = found_in(mean)
    assert [one.series for one in found] == [9]
    assert not found[0].is_rising


def test_a_season_is_not_a_drift():
    step = np.arange(WEEKS)
    towards_the_peak = np.exp(0.6 * np.cos(2 * np.pi * (step - WEEKS + 2) / 52.18))
    assert not found_in(12 * towards_the_peak * np.ones((40, 1)), seed=2)


def test_a_short_surge_is_not_a_drift():
    mean = steady(20)
    mean[3, -4:-1] *= 4
    assert not found_in(mean, seed=3)


def test_growth_of_the_customer_base_is_not_a_drift():
    customers = np.ones(WEEKS)
    customers[-26:] = np.linspace(1.1, 2.2, 26)
    mean = steady(20) * customers
    assert not found_in(mean, seed=4, offset=np.log(customers))
    assert len(found_in(mean, seed=4)) == 20


def test_nothing_drifts_where_nothing_does():
    assert len(found_in(steady(200), seed=5)) <= 1


def test_with_less_than_a_year_behind_it_a_season_is_not_ruled_out():
    mean = steady(10, length=60, season=0)
    mean[2, -26:] *= 2
    found = found_in(mean, seed=6)
    assert [one.series for one in found] == [2]
    assert not found[0].season_known
    assert "season is not ruled out" in str(drift.sentence(found[0], "Late delivery"))


def test_a_handful_of_tickets_is_no_drift():
    table = np.zeros((5, WEEKS))
    table[0, -20::4] = 1
    assert not drift.find_drifts(table, planted.weeks(WEEKS))


def test_two_quarters_of_history_are_refused():
    with pytest.raises(ValueError, match="three quarters"):
        drift.find_drifts(np.ones((1, 30)), planted.weeks(30))


def test_a_chronic_problem_is_found_though_it_never_changes():
    mean = np.full((20, 60), 5.0)
    mean[11] = 60
    found = drift.find_chronic(planted.counts(mean, seed=7))
    assert [one.series for one in found] == [11]
    assert found[0].times_fair > 3
    assert "times its fair share" in str(drift.chronic_sentence(found[0], "Invoice unclear"))


def test_a_problem_that_came_down_is_not_chronic():
    mean = np.full((20, 60), 5.0)
    mean[11] = 90
    mean[11, -13:] = 30
    assert not drift.find_chronic(planted.counts(mean, seed=8))


def test_too_few_weeks_for_chronic_are_refused():
    with pytest.raises(ValueError, match="weeks"):
        drift.find_chronic(np.ones((2, 20)))


def test_whole_weeks_end_with_the_last_day():
    weekly = drift.to_weeks(np.arange(16.0)[None])
    assert weekly.tolist() == [[sum(range(2, 9)), sum(range(9, 16))]]


def test_the_sentence_tells_how_much_and_how_sure():
    one = drift.Drift(0, True, 1.3, 1.8, 1.5, 2.1, 210.0, 117.0, 1e-6, 1e-4, True)
    assert str(drift.sentence(one, "Late delivery")) == (
        "Late delivery has been rising for two quarters: 30% above its earlier level, then 80% (9 in 10 sure it is "
        "between 50% and 110%); 210 tickets in 13 weeks instead of 117."
    )
