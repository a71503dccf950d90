from datetime import date

import numpy as np
import pytest

from apps.analysis.change_point import find_change, sentence, step_at

DAYS = 210


def drawn(seed, *, rate=2.0, step=1.0, at=170, days=DAYS, dispersion=1.0):
    dice = np.random.default_rng(seed)
    means = np.full(days, float(rate))
    means[at:] *= step
    if dispersion > 1:
        means = dice.gamma(means / (dispersion - 1), dispersion - 1)
    return dice.poisson(means).astype(float)


def test_the_day_of_a_clear_step_is_found_and_lies_in_a_narrow_interval():
    found = find_change(drawn(1, rate=6, step=3), np.ones(DAYS))
    assert found.p < 0.01
    assert found.low <= 170 <= found.high
    assert found.high - found.low <= 4
    assert found.ratio == pytest.approx(3, rel=0.2)
    assert found.ratio_low < 3 < found.ratio_high


def test_the_same_series_gives_the_same_answer():
    counts = drawn(2, step=1.6)
    assert find_change(counts, np.ones(DAYS)) == find_change(counts, np.ones(DAYS))


def test_what_the_shape_explains_is_no_step():
    """Twice the customers from day 100 on bring twice the contacts."""
    shape = np.where(np.arange(DAYS) < 100, 1.0, 2.0)
    counts = np.random.default_rng(3).poisson(3 * shape).astype(float)
    assert find_change(counts, np.ones(DAYS)).p < 0.01
    assert find_change(counts, shape).p > 0.05


def test_a_fall_is_no_rise():
    counts = drawn(4, rate=6, step=0.3)
    assert find_change(counts, np.ones(DAYS)).ratio < 0.5
    risen = find_change(counts, np.ones(DAYS), rises_only=True)
    assert risen is None or risen.p > 0.05


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        (np.ones(41), "too few days"),
        (np.zeros(DAYS), "no ticket"),
        (np.eye(1, DAYS)[0] * 19, "too few tickets"),
    ],
)
def test_too_little_gives_no_day(counts, why):
    assert find_change(counts, np.ones(len(counts))) is None, why


def test_a_shape_of_nothing_or_of_other_days_is_refused():
    with pytest.raises(ValueError, match="same days"):
        find_change(np.ones(DAYS), np.ones(DAYS - 1))
    with pytest.raises(ValueError, match="above nothing"):
        find_change(np.ones(DAYS), np.zeros(DAYS))


@pytest.mark.parametrize(("rate", "dispersion"), [(0.5, 1.0), (3.0, 2.0)])
def test_a_search_over_all_days_does_not_find_what_is_not_there(rate, dispersion):
    series = 150
    alarms = 0
    for seed in range(series):
        counts = drawn(seed, rate=rate, dispersion=dispersion)
        found = find_change(counts, np.ones(DAYS), rises_only=True, draws=99)
        alarms += found is not None and found.p <= 0.05
    assert alarms <= 0.1 * series  # 5 % are meant; 10 % is four standard errors above


def test_the_interval_holds_the_true_day_as_often_as_it_says():
    held = 0
    for seed in range(80):
        found = find_change(drawn(seed, step=2.5, dispersion=1.5), np.ones(DAYS), draws=199)
        held += found.low <= 170 <= found.high
    assert held >= 0.82 * 80


def test_what_happened_a_little_before_may_be_behind_it_and_what_came_later_may_not():
    found = find_change(drawn(1, rate=6, step=3), np.ones(DAYS))
    assert found.may_follow(found.low - 3, lag=3)
    assert not found.may_follow(found.low - 4, lag=3)
    assert not found.may_follow(found.high + 1, lag=3)


def test_a_named_day_is_weighed_without_a_search():
    ratio, low, high = step_at(drawn(5, rate=6), np.ones(DAYS), 170)
    assert low < 1 < high
    assert ratio == pytest.approx(1, abs=0.2)
    with pytest.raises(ValueError, match="inside"):
        step_at(np.ones(DAYS), np.ones(DAYS), DAYS)


def test_the_sentence_says_the_day_its_interval_and_its_chance():
    found = find_change(drawn(1, rate=6, step=3), np.ones(DAYS))
    said = str(sentence(found, date(2026, 5, 3), date(2026, 5, 2), date(2026, 5, 4)))
    assert "most likely on 3 May 2026 (90 % sure: 2 May to 4 May 2026; such a step by chance: 1 in" in said
