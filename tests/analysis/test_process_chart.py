"""The engines behind the page of an issue: the control chart, the course of a fix, and who came back."""

from datetime import date

import numpy as np
import pytest

from apps.analysis.process_chart import process_chart
from apps.analysis.proof import Record, decide
from apps.analysis.proof.course import course
from apps.analysis.repeats import NEVER, returns
from apps.analysis.series import Calendar

FIRST = date(2025, 1, 6)


def chart(means, *, seed=1, steps=(), taught=None):
    counts = np.random.default_rng(seed).poisson(means).astype(np.float64)
    calendar = Calendar.of_days(FIRST, len(counts))
    return process_chart(counts, calendar, offset=np.zeros(len(counts)), steps=steps, taught=taught)


def test_quiet_weeks_seldom_signal():
    signals = [np.count_nonzero(chart(np.full(364, 3.0), seed=seed).signal) for seed in range(30)]
    assert sum(signals) / (30 * 52) < 0.015


def test_a_surge_that_teaches_nothing_stands_above_its_limits():
    means = np.full(364, 2.0)
    means[250:340] = 8.0
    taught = means < 8
    found = chart(means, taught=taught)
    assert found.expected[20] == pytest.approx(14, rel=0.3)
    assert (found.signal[37:47] == 1).all()


def test_after_a_step_the_new_level_has_limits_of_its_own():
    means = np.concatenate([np.full(200, 6.0), np.full(164, 2.0)])
    with_step, without = chart(means, steps=(200,)), chart(means)
    assert with_step.expected[-1] == pytest.approx(14, rel=0.3)
    assert not with_step.signal[-10:].any()
    assert np.count_nonzero(without.signal) > np.count_nonzero(with_step.signal)


def test_eight_weeks_on_one_side_signal():
    means = np.full(364, 4.0)
    means[280:] = 5.6
    found = chart(means, taught=np.arange(364) < 280)
    assert found.signal[-1] == 1


def test_less_than_a_week_is_no_chart():
    with pytest.raises(ValueError, match="a week"):
        chart(np.full(6, 1.0))


def record(after_mean):
    dice = np.random.default_rng(3)
    tickets = [*dice.poisson(3.0, 182), *dice.poisson(9.0, 30), *dice.poisson(after_mean, 84)]
    days = len(tickets)
    lines = tuple(tuple(map(int, dice.poisson(4.0, days))) for _ in range(12))
    return Record(
        first=FIRST, holidays=(), tickets=tuple(map(int, tickets)), neighbours=(0,) * days,
        others=tuple(map(int, dice.poisson(60.0, days))), everything=lines, offset=None, baseline_end=182,
        detected=(182, 212), after=(212, days), promised=0.5, alpha=0.05, level=0.05,
    )  # fmt: skip


def test_the_last_point_of_a_course_says_what_the_verdict_says():
    kept = record(1.0)
    points, after = course(kept), decide(kept).after
    assert len(points) == 12
    assert sum(point.observed for point in points) == after.observed
    assert points[-1].saved == pytest.approx(after.expected - after.observed)
    assert points[-1].saved_low == pytest.approx(after.expected * (1 - after.high))
    assert points[-1].saved_low > 100


def test_a_fix_without_effect_has_saved_nothing_for_sure():
    last = course(record(3.0))[-1]
    assert last.saved_low < 0 < last.saved_high


def test_in_the_first_week_there_is_no_course():
    kept = record(1.0)
    assert course(Record(**{**vars(kept), "after": (212, 217)})) == []


def test_who_writes_again_about_the_same_comes_back():
    found = returns(np.array([0, 3, 40, 3, 5]), np.array([1, 1, 1, 1, 2]), np.array([7, 7, 7, 8, 7]), days=50)
    assert found.gap.tolist() == [3, 37, NEVER, NEVER, NEVER]
    assert found.within(30).tolist() == [True, False, False, False, False]
    assert found.had_their_time(30).tolist() == [True, True, False, True, True]


def test_nobody_comes_back_from_nothing():
    nothing = np.zeros(0, np.int64)
    assert len(returns(nothing, nothing, nothing, days=10).gap) == 0
