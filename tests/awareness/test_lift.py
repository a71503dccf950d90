"""The lift of contacts without a mark, and the share of customers who tell us: engines, without a database."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.awareness.complaint_rate import ComplaintRate
from apps.awareness.lift import dispersion, lift, lift_against

DAYS = st.lists(st.integers(0, 60).map(float), min_size=14, max_size=80)


def test_as_many_contacts_as_before_are_no_lift():
    found = lift([10.0] * 56, [10.0] * 14)
    assert found.ratio == pytest.approx(1, abs=0.01)
    assert found.low < 1 < found.high
    assert not found.is_seen


def test_a_lift_of_a_half_is_seen_with_an_interval_that_holds_it():
    found = lift([10.0] * 56, [15.0] * 14)
    assert found.low < 1.5 < found.high
    assert found.is_seen


def test_too_few_contacts_say_nothing():
    assert lift([0.1] * 56, [10.0] * 14) is None
    assert lift([10.0] * 56, [0.0] * 14) is None


def test_what_rises_for_everybody_is_not_the_campaign():
    found = lift_against([10.0] * 56, [20.0] * 14, [30.0] * 56, [60.0] * 14)
    assert found.ratio == pytest.approx(1, abs=0.02)


def test_weeks_that_scatter_widen_the_interval():
    calm, wild = [10.0] * 56, [4.0] * 7 + [16.0] * 7
    assert dispersion(wild * 4) > 10
    narrow, wide = lift(calm, [12.0] * 14), lift(wild * 4, [12.0] * 14)
    assert wide.high / wide.low > 2 * (narrow.high / narrow.low)


def test_the_interval_holds_the_truth_nine_times_in_ten():
    dice = np.random.default_rng(3)
    held = 0
    for _ in range(400):
        found = lift(dice.poisson(6.0, 56).tolist(), dice.poisson(6.0 * 1.3, 14).tolist())
        held += found.low <= 1.3 <= found.high
    assert 0.86 <= held / 400 <= 0.98


@given(before=DAYS, during=DAYS)
def test_the_ratio_lies_in_its_interval_and_turns_over_with_its_sides(before, during):
    found = lift(before, during)
    if found is not None:
        assert 0 < found.low <= found.ratio <= found.high
        assert lift(during, before).ratio == pytest.approx(1 / found.ratio)


def test_one_in_twenty_who_tells_makes_a_multiplier_of_twenty():
    low, likely, high = ComplaintRate(had=200, told_before=10, told_after=60).multiplier
    assert likely == 20
    assert 12 < low < 20 < high < 40


def test_when_nobody_told_us_the_multiplier_is_unknown_and_not_infinite():
    rate = ComplaintRate(had=50, told_before=0, told_after=0)
    assert rate.multiplier is None
    assert not rate.can_be_proposed
    assert rate.before.low == 0 < rate.before.high < 0.1


def test_of_nobody_there_is_no_share():
    assert ComplaintRate(0, 0, 0).before is None


@given(had=st.integers(1, 500), told=st.integers(0, 500))
def test_a_share_lies_in_its_range(had, told):
    share = ComplaintRate(had, min(told, had), had).before
    assert 0 <= share.low <= share.value <= share.high <= 1
