"""A level that was accepted as the new normal: no signal any more, and the measure of the next one."""

import numpy as np
import pytest

from apps.analysis import drift, surge
from tests.analysis import planted

LENGTH = 700


def raised_line(begin, factor=3.0, seed=1):
    """Twenty lines, of which number 7 stands on a new level from day `begin` on."""
    mean = planted.usual(20, LENGTH)
    mean[7, begin:] *= factor
    return planted.counts(mean, seed=seed)


def accepted_from(begin):
    accepted = np.full(20, LENGTH)
    accepted[7] = begin
    return accepted


def surveyed(table, **options):
    return surge.survey(table, planted.days(LENGTH), **options)


def alarms(found):
    return {one.series for one in surge.find_surges(found) if one.is_alarm}


@pytest.mark.parametrize("begin", [LENGTH - 9, LENGTH - 25])
def test_an_accepted_level_is_no_surge_any_more(begin):
    table = raised_line(begin, 6.0)
    assert 7 in alarms(surveyed(table))
    assert 7 not in alarms(surveyed(table, accepted=accepted_from(begin)))


@pytest.mark.parametrize("begin", [LENGTH - 30, LENGTH - 200])
def test_what_rises_above_the_accepted_level_is_a_surge(begin):
    table = raised_line(begin)
    table[7, -6:] *= 3
    found = surveyed(table, accepted=accepted_from(begin))
    assert 7 in alarms(found)
    assert found.expected[7, -6:].sum() == pytest.approx(3 * planted.usual(20, LENGTH)[7, -6:].sum(), rel=0.3)


@pytest.mark.parametrize(("begin", "factor"), [(LENGTH - 20, 3.0), (LENGTH - 100, 2.0), (LENGTH - 350, 0.5)])
def test_the_size_of_the_step_is_learnt_from_the_line_itself(begin, factor):
    sizes = [
        surveyed(raised_line(begin, factor, seed), accepted=accepted_from(begin)).level[7]
        for seed in range(8)
    ]
    assert np.mean(sizes) == pytest.approx(factor, rel=0.15)


def test_a_young_level_is_less_sure_than_an_old_one():
    young = surveyed(raised_line(LENGTH - 5), accepted=accepted_from(LENGTH - 5)).log_variance[7, -1]
    old = surveyed(raised_line(LENGTH - 300), accepted=accepted_from(LENGTH - 300)).log_variance[7, -1]
    assert young > 2 * old


def test_the_other_lines_are_held_against_what_they_were():
    table = raised_line(LENGTH - 40)
    before, after = surveyed(table), surveyed(table, accepted=accepted_from(LENGTH - 40))
    others = np.arange(20) != 7
    np.testing.assert_array_equal(before.p[others], after.p[others])
    assert set(after.level[others]) == {1.0}


def test_an_accepted_rise_over_quarters_is_no_slow_burn_and_grows_no_second_one():
    mean = planted.usual(20, LENGTH)
    mean[7, -182:-91] *= 1.6
    mean[7, -91:] *= 2.2
    table = planted.counts(mean, seed=4)
    accepted = accepted_from(LENGTH - 91)
    level = surveyed(table, accepted=accepted).level
    weekly = drift.to_weeks(table)

    def rising(accepted, level):
        offset = drift.weekly_offset(None, accepted, level, LENGTH)
        return {one.series for one in drift.find_drifts(weekly, planted.weeks(100), offset=offset)}

    assert 7 in rising(None, np.ones(20))
    assert 7 not in rising(accepted, level)


def test_exposure_and_accepted_levels_multiply():
    days = np.log(np.linspace(1, 2, 21))
    plain = drift.weekly_offset(days, None, np.ones(2), 21)
    both = drift.weekly_offset(days, np.array([7, 21]), np.array([4.0, 1.0]), 21)
    np.testing.assert_allclose(both[1], plain[0])
    np.testing.assert_allclose(both[0] - plain[0], np.log([1, 4, 4]))
    assert drift.weekly_offset(None, None, np.ones(2), 21) is None
