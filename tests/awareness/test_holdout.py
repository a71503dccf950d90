"""Who is held back, and what telling prevented: the engine, without a database."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from apps.awareness.holdout import (
    LEVEL,
    Arm,
    Finding,
    compare,
    dispersion,
    is_held,
    needed_customers,
    visible_cut,
)


def arm(customers, contacts):
    return Arm(customers, contacts, contacts)


def test_the_lot_of_a_customer_is_the_same_whoever_computes_it():
    assert [number for number in range(40) if is_held("seed", number, 0.1)] == [
        number for number in range(40) if is_held("seed", number, 0.1)
    ]
    assert is_held("a", 7, 1.0)
    assert not is_held("a", 7, 0.0)


def test_about_the_share_is_held_back_and_another_seed_holds_back_others():
    held = {number for number in range(20_000) if is_held("one", number, 0.1)}
    others = {number for number in range(20_000) if is_held("two", number, 0.1)}
    assert 1_880 < len(held) < 2_120
    assert len(held & others) < 300


def test_who_is_held_back_at_a_small_share_is_held_back_at_a_larger_one():
    small = {number for number in range(2_000) if is_held("s", number, 0.05)}
    assert small <= {number for number in range(2_000) if is_held("s", number, 0.2)}


def test_the_limits_are_those_of_the_exact_conditional_test():
    found = compare(arm(900, 30), arm(100, 10))
    share = binomtest(30, 40).proportion_ci(LEVEL, "exact")
    assert found.low == pytest.approx(share.low / (1 - share.low) / 9)
    assert found.high == pytest.approx(share.high / (1 - share.high) / 9)
    assert found.ratio == pytest.approx((30 / 900) / (10 / 100))
    assert found.finding == Finding.PREVENTED


def test_what_did_not_come_is_the_difference_of_the_rates_times_those_told():
    low, likely, high = compare(arm(900, 30), arm(100, 10)).avoided
    assert likely == pytest.approx(60)
    assert low < 60 < high


@pytest.mark.parametrize(
    ("told", "held", "left", "finding"),
    [
        (arm(9_000, 300), arm(1_000, 100), 3, Finding.EARLY),
        (arm(9_000, 300), arm(1_000, 100), 0, Finding.PREVENTED),
        (arm(9_000, 900), arm(1_000, 60), 0, Finding.MORE),
        (arm(90_000, 9_000), arm(10_000, 1_000), 0, Finding.NONE),
        (arm(90, 3), arm(10, 1), 0, Finding.FEW),
        (arm(0, 0), arm(0, 0), 0, Finding.FEW),
        (arm(900, 0), arm(100, 0), 0, Finding.FEW),
    ],
)
def test_what_is_said_of_it(told, held, left, finding):
    assert compare(told, held, days_left=left).finding == finding


def test_one_customer_who_writes_ten_times_is_no_proof():
    once, again = compare(arm(900, 10), arm(100, 10)), compare(arm(900, 10), Arm(100, 10, 100))
    assert once.finding == Finding.PREVENTED
    assert again.finding == Finding.FEW
    assert dispersion(Arm(100, 10, 100)) == 10


def test_the_smallest_cut_that_would_show_is_found_four_times_in_five():
    dice, told, held, rate = np.random.default_rng(5), 9_000, 1_000, 0.05
    cut = visible_cut(told, held, rate)
    found = sum(
        compare(
            arm(told, int(dice.poisson(told * rate * (1 - cut)))), arm(held, int(dice.poisson(held * rate)))
        ).finding
        == Finding.PREVENTED
        for _ in range(400)
    )
    assert 0.72 <= found / 400 <= 0.88


def test_telling_that_changes_nothing_is_called_prevention_one_time_in_twenty_at_most():
    dice = np.random.default_rng(6)
    found = sum(
        compare(arm(9_000, int(dice.poisson(450))), arm(1_000, int(dice.poisson(50)))).finding
        == Finding.PREVENTED
        for _ in range(600)
    )
    assert found / 600 <= 0.07


def test_so_many_customers_as_it_takes_show_just_that_cut():
    customers = needed_customers(0.3, 0.05, 0.1)
    assert visible_cut(round(customers * 0.9), round(customers * 0.1), 0.05) == pytest.approx(0.3, abs=0.001)


def test_where_not_even_all_would_show_it_is_said():
    assert visible_cut(90, 10, 0.01) is None
    assert visible_cut(90, 0, 0.5) is None
    assert needed_customers(0.3, 0.0, 0.1) is None


COUNTS = st.integers(0, 400)
SIZES = st.integers(1, 5_000)


@given(told=SIZES, held=SIZES, a=COUNTS, b=COUNTS)
def test_the_ratio_and_what_was_avoided_lie_in_their_limits(told, held, a, b):
    found = compare(arm(told, a), arm(held, b))
    assert found.low >= 0
    if found.ratio is not None:
        assert found.low <= found.ratio * (1 + 1e-9)
        assert found.high is None or found.ratio <= found.high * (1 + 1e-9)
    low, likely, high = found.avoided
    assert low <= likely <= high


@given(told=SIZES, held=SIZES, a=COUNTS, b=COUNTS)
def test_more_contacts_of_the_told_never_make_it_look_better(told, held, a, b):
    less, more = compare(arm(told, a), arm(held, b)), compare(arm(told, a + 1), arm(held, b))
    assert more.low >= less.low
    assert more.avoided[1] < less.avoided[1]


@given(told=st.integers(10, 5_000), held=st.integers(10, 5_000), rate=st.floats(0.001, 2))
def test_more_customers_show_smaller_cuts(told, held, rate):
    some, more = visible_cut(told, held, rate), visible_cut(2 * told, 2 * held, rate)
    if some is not None:
        assert 0 < more < some <= 1
