import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.analysis.localise import localise_measures

SIZES = (8, 6, 5)


def world(seed, *, faults=(), noise=0.08):
    """Every combination as a leaf, with forecasts that err and faults ({attribute: value}, share missing)."""
    chance = np.random.default_rng(seed)
    leaves = np.stack([axis.ravel() for axis in np.indices(SIZES)], 1)
    forecast = chance.weibull(0.8, len(leaves)) * 100
    real = forecast * np.exp(chance.normal(0, noise, len(leaves)))
    for where, share in faults:
        inside = np.all([leaves[:, attribute] == value for attribute, value in where.items()], 0)
        real[inside] = forecast[inside] * (1 - share)
    return leaves, real, forecast


def places(found):
    return {frozenset(one.place) for one in found}


@pytest.mark.parametrize("share", [0.5, -0.6], ids=["less than forecast", "more than forecast"])
@pytest.mark.parametrize("where", [{0: 2}, {1: 3, 2: 1}, {0: 4, 1: 1}], ids=["one", "two", "another two"])
def test_a_planted_fault_is_found_and_nothing_else(where, share):
    found = localise_measures(*world(1, faults=[(where, share)]))
    assert places(found) == {frozenset(where.items())}
    assert np.sign(found[0].share) == np.sign(share)


def test_the_share_tells_how_much_is_missing():
    (found,) = localise_measures(*world(2, faults=[({0: 1}, 0.4)]))
    assert found.share == pytest.approx(0.4, abs=0.01)
    assert found.real == pytest.approx(0.6 * found.forecast)


def test_two_faults_of_one_attribute_are_not_taken_for_what_they_have_in_common():
    first, second = {0: 1, 1: 2}, {0: 5, 1: 2}
    found = localise_measures(*world(3, faults=[(first, 0.5), (second, 0.5)]))
    assert places(found) == {frozenset(first.items()), frozenset(second.items())}


def test_faults_that_overlap_are_told_apart():
    first, second = {0: 1}, {2: 3}
    found = localise_measures(*world(4, faults=[(first, 0.5), (second, 0.3)], noise=0.03))
    assert places(found) == {frozenset(first.items()), frozenset(second.items())}


def test_a_single_leaf_is_found_where_it_lies_far_out():
    where = {0: 3, 1: 4, 2: 2}
    assert places(localise_measures(*world(5, faults=[(where, 0.7)], noise=0.03))) == {
        frozenset(where.items())
    }


def test_ordinary_error_has_no_cause():
    assert sum(len(localise_measures(*world(seed, noise=0.2))) for seed in range(30)) <= 3


def test_a_leaf_without_amount_and_forecast_says_nothing():
    leaves, real, forecast = world(6, faults=[({1: 1}, 0.5)])
    empty = np.random.default_rng(0).random(len(leaves)) < 0.2
    real[empty], forecast[empty] = 0, 0
    assert places(localise_measures(leaves, real, forecast)) == {frozenset({(1, 1)})}


def test_nothing_at_all_has_no_cause():
    assert localise_measures(np.zeros((0, 2), int), [], []) == ()
    assert localise_measures(np.zeros((3, 2), int), [0, 0, 0], [0, 0, 0]) == ()


def test_nested_attributes_are_never_combined():
    found = localise_measures(*world(7, faults=[({0: 1, 1: 1}, 0.6)]), nested=[(0, 1)])
    assert all({0, 1} - {attribute for attribute, _ in one.place} for one in found)


def test_tables_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="same length"):
        localise_measures(np.zeros((2, 2), int), [1.0, 2.0], [1.0])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.permutations(range(3)))
def test_neither_the_order_of_rows_nor_of_attributes_matters(seed, order):
    leaves, real, forecast = world(seed, faults=[({0: 2, 2: 1}, 0.5)])
    shuffle = np.random.default_rng(seed).permutation(len(leaves))
    turned = localise_measures(leaves[shuffle][:, list(order)], real[shuffle], forecast[shuffle])
    back = {frozenset((order[attribute], value) for attribute, value in one.place) for one in turned}
    assert back == places(localise_measures(leaves, real, forecast))
