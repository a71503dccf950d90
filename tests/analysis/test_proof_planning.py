"""What is said before the work starts: what can be shown, and how sure each look must be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.analysis import proof
from apps.analysis.proof import plan, spending
from apps.analysis.proof.spending import Design
from tests.analysis.planted import days
from tests.analysis.test_proof import ACTION, DETECTED, LAG, LENGTH, story

WINDOWS = (28, 56, 84)


def outlooks(daily, **options):
    level = spending.levels(Design.ONE_DATE)[0]
    given_ = {"before_days": 182, "dispersion": 2.0, "wander": 0.01, "level": level} | options
    return [proof.outlook(daily, days=window, **given_) for window in WINDOWS]


# --- feasibility


def test_two_a_day_prove_a_half_in_eight_weeks_and_never_thirty_in_a_hundred():
    assert str(plan.outlook_sentence(2, outlooks(2))) == (
        "With 2 tickets a day you need 56 days to confirm 50% fewer; "
        "30% fewer could not be shown (power .59 in 84 days)."
    )


def test_thirty_in_a_hundred_has_about_an_even_chance_in_eight_weeks():
    # `statistics.md`: power .48 for a cut of 30 % at 2 a day in 56 days, simulated with weeks that wander.
    assert outlooks(2)[1].power(0.3) == pytest.approx(0.5, abs=0.05)


def test_an_unprovable_promise_is_answered_with_what_can_be_done():
    rows = outlooks(2)
    powers = [(row.days, row.power(0.3)) for row in rows]
    assert str(plan.advice(0.3, rows[1].power(0.3), rows[1], powers)) == (
        "30% fewer could not be shown in 56 days (power .50); in 84 days the power is .59; "
        "the smallest cut that 56 days can show is 43%."
    )
    assert plan.advice(0.5, rows[2].power(0.5), rows[2], powers) == ""


def test_a_handful_of_tickets_is_told_to_show_nothing():
    rows = outlooks(0.02)
    assert rows[2].smallest is None
    assert "could not be shown" in str(plan.outlook_sentence(0.02, rows))


@settings(deadline=None, max_examples=40)
@given(st.floats(0.2, 50), st.floats(1, 4), st.floats(0, 0.1))
def test_counting_longer_never_shows_less_and_wandering_rates_never_more(daily, dispersion, wander):
    rows = outlooks(daily, dispersion=dispersion, wander=wander)
    restless = outlooks(daily, dispersion=dispersion, wander=wander + 0.05)
    for cut in plan.CUTS:
        powers = [row.power(cut) for row in rows]
        assert powers == sorted(powers)
        assert all(worse.power(cut) <= row.power(cut) for worse, row in zip(restless, rows, strict=True))


# --- alpha spending


@pytest.mark.parametrize(
    ("looks", "published"),
    # East / gsDesign, one-sided 0.025, O'Brien-Fleming-like spending, equally spaced looks: critical values.
    [(1, [1.9600]), (2, [2.9626, 1.9686]), (3, [3.7103, 2.5114, 1.9930])],
)
def test_the_levels_are_the_published_ones(looks, published):
    from scipy.stats import norm

    found = norm.isf(spending.levels(Design.LOOKS, looks=looks, alpha=0.025))
    assert found == pytest.approx(published, abs=2e-3)


def test_one_date_spends_most_of_the_error_on_it():
    assert spending.levels(Design.ONE_DATE, looks=1) == (0.05,)
    first, *extensions = spending.levels(Design.ONE_DATE)
    assert first == pytest.approx(0.04)
    assert all(0.005 < level < 0.02 for level in extensions)


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 4), st.sampled_from(list(Design)), st.floats(0.01, 0.1))
def test_no_look_is_given_more_than_the_whole_error(looks, design, alpha):
    found = spending.levels(design, looks=looks, alpha=alpha)
    assert all(0 < level <= alpha + 1e-12 for level in found)
    # Shared between the looks, so that together they lie between the largest one and their sum.
    assert max(found) - 1e-12 <= alpha <= sum(found) + 1e-6


@pytest.mark.parametrize("design", list(Design))
def test_looks_at_a_random_walk_are_wrong_as_often_as_was_said(design):
    chance = np.random.default_rng(1)
    steps = chance.normal(size=(200_000, 3)).cumsum(1) / np.sqrt([1, 2, 3])
    from scipy.stats import norm

    passed = (norm.sf(steps) < spending.levels(design)).any(1)
    assert passed.mean() == pytest.approx(0.05, abs=0.002)
    assert (norm.sf(steps) < 0.05).any(1).mean() > 0.1  # looking thrice as if it were once


@pytest.mark.parametrize("design", list(Design))
def test_three_looks_at_a_fix_without_effect_stay_under_six_in_a_hundred(design):
    table = story(300, level=3.0, surge=2.5, wander=0.1, seed=21)
    levels, wrong = spending.levels(design), np.zeros(300, np.bool_)
    for number, level in enumerate(levels, start=1):
        end = min(ACTION + LAG + 19 * number, LENGTH)
        windows = proof.Windows(0, ACTION - DETECTED, ACTION + LAG, end)
        wander = proof.placebo_variance(table, days(LENGTH), windows)
        wrong |= proof.compare(table, days(LENGTH), windows, wander=wander).p_fewer < level
    assert wrong.mean() <= 0.06


@pytest.mark.parametrize(
    ("spent", "information"),
    [
        ([0.01, 0.01], [0.5, 1]),
        ([0.02, 0.05], [1, 0.5]),
        ([], []),
        ([0.01], [0.5, 1]),
        ([0.1, 0.6], [0.5, 1]),
    ],
)
def test_a_spending_that_makes_no_sense_is_refused(spent, information):
    with pytest.raises(ValueError, match="look"):
        spending.levels_of(spent, information)
