import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.analysis.localise import MISSING, Rules, localise, sentence

SIZES = (12, 6, 8, 4)


def world(seed, *, causes=(), growth=1.0, tickets=6000):
    """Leaves with tickets before and now; each cause is ({attribute: value}, factor)."""
    chance = np.random.default_rng(seed)
    columns = [chance.choice(size, tickets, p=_uneven(size)) for size in SIZES]
    leaves, inverse = np.unique(np.stack(columns, 1), axis=0, return_inverse=True)
    before = np.bincount(inverse.ravel(), minlength=len(leaves)).astype(float)
    mean = before / 4 * growth
    for where, factor in causes:
        inside = np.all([leaves[:, attribute] == value for attribute, value in where.items()], 0)
        mean[inside] *= factor
    # The history is four times the window and noisy as well.
    return leaves, chance.poisson(mean).astype(float), chance.poisson(before).astype(float)


def _uneven(size):
    weight = 1 / np.arange(1, size + 1) ** 0.8
    return weight / weight.sum()


def places(found):
    return {frozenset(cause.place) for cause in found.causes}


@pytest.mark.parametrize(
    "where", [{0: 2}, {1: 3}, {0: 1, 3: 2}, {1: 1, 2: 0, 3: 0}], ids=["one", "another", "two", "three"]
)
def test_a_planted_cause_is_found_and_nothing_else(where):
    found = localise(*world(1, causes=[(where, 3.5)]))
    assert places(found) == {frozenset(where.items())}
    assert found.causes[0].now > 2 * found.causes[0].expected


def test_two_causes_are_told_apart():
    first, second = {0: 0, 1: 1}, {2: 3}
    found = localise(*world(2, causes=[(first, 3.0), (second, 2.5)]))
    assert places(found) == {frozenset(first.items()), frozenset(second.items())}


def test_growth_everywhere_is_nobodys_fault():
    found = localise(*world(3, growth=1.8))
    assert found.causes == ()
    assert found.growth == pytest.approx(0.45, rel=0.1)


def test_a_cause_is_seen_through_general_growth():
    found = localise(*world(4, growth=1.4, causes=[({1: 2}, 2.5)]))
    assert places(found) == {frozenset({(1, 2)})}


def test_an_attribute_that_was_not_recorded_is_a_value_like_any_other():
    leaves, now, before = world(5, causes=[({0: 3}, 4.0)])
    leaves = leaves.copy()
    leaves[leaves[:, 0] == 3, 0] = MISSING
    assert places(localise(leaves, now, before)) == {frozenset({(0, MISSING)})}


def with_gaps(leaves, now, before, attribute, share):
    """The same tickets when nobody wrote down the attribute of a share of them."""
    lost = leaves.copy()
    lost[:, attribute] = MISSING
    gone = np.random.default_rng(0).binomial(np.array([now, before]).astype(int), share)
    return np.concatenate([leaves, lost]), *(
        np.concatenate([t - g, g]) for t, g in zip((now, before), gone, strict=True)
    )


@pytest.mark.parametrize("where", [{1: 3}, {0: 1, 1: 1}], ids=["one", "two"])
def test_a_gap_that_only_hides_a_cause_is_no_cause_of_its_own(where):
    leaves, now, before = world(10, causes=[(where, 4.0)], tickets=40_000)
    found = localise(*with_gaps(leaves, now, before, 1, 0.1))
    assert places(found) == {frozenset(where.items())}


def test_a_gap_that_grows_by_itself_is_found():
    leaves, now, before = world(11)
    leaves, now, before = with_gaps(leaves, now, before, 1, 0.05)
    now[leaves[:, 1] == MISSING] *= 4
    assert places(localise(leaves, now, before)) == {frozenset({(1, MISSING)})}


def test_a_version_tells_its_product_where_that_was_not_recorded():
    leaves, now, before = world(12, causes=[({1: 2}, 4.0)], tickets=20_000)
    versioned = np.column_stack([leaves, leaves[:, 1] * 8 + leaves[:, 2]])
    found = localise(*with_gaps(versioned, now, before, 1, 0.2), nested=[(1, 4)])
    assert places(found) == {frozenset({(1, 2)})}


def test_a_large_cause_is_not_taken_for_growth():
    found = localise(*world(13, causes=[({1: 0}, 4.0)], tickets=20_000))
    assert found.growth == pytest.approx(0.25, rel=0.05)
    assert found.causes[0].now / found.causes[0].expected == pytest.approx(4, rel=0.1)


def test_where_causes_overlap_each_is_given_its_own_share():
    first, second = {1: 0}, {3: 1}
    leaves, now, before = world(14, tickets=40_000)
    for where in (first, second):
        ((attribute, value),) = where.items()
        now = now + np.where(leaves[:, attribute] == value, before / 4 * 2.0, 0.0)
    found = localise(leaves, now, before)
    assert places(found) == {frozenset(first.items()), frozenset(second.items())}
    for cause in found.causes:
        inside = np.all([leaves[:, attribute] == value for attribute, value in cause.place], 0)
        assert cause.excess == pytest.approx(before[inside].sum() / 4 * 2.0, rel=0.1)


def test_places_that_cannot_be_told_apart_are_all_named():
    leaves, now, before = world(6, causes=[({0: 4}, 4.0)])
    twin = np.where(leaves[:, 0] == 4, 7, leaves[:, 3])
    found = localise(np.column_stack([leaves, twin]), now, before)
    cause = found.causes[0]
    assert {cause.place, *cause.also} >= {((0, 4),), ((4, 7),)}


def test_nested_attributes_are_never_combined():
    leaves, now, before = world(7, causes=[({0: 1, 1: 1}, 5.0)])
    found = localise(leaves, now, before, nested=[(0, 1)])
    assert all({0, 1} - {attribute for attribute, _ in cause.place} for cause in found.causes)


def test_what_is_new_since_the_history_is_found():
    leaves, now, before = world(8)
    new = leaves[:, 2] == 5
    before[new], now[new] = 0, now[new] + 1
    assert frozenset({(2, 5)}) in places(localise(leaves, now, before))


def test_no_tickets_have_no_causes():
    empty = localise(np.zeros((0, 3), int), [], [])
    assert empty.causes == ()


def test_tables_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="same length"):
        localise(np.zeros((2, 2), int), [1, 2], [1])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_the_causes_never_explain_more_than_there_is(seed):
    leaves, now, before = world(seed, causes=[({1: 0}, 2.0)], tickets=800)
    found = localise(leaves, now, before)
    assert len(found.causes) <= Rules().most_causes
    assert all(0 < cause.excess <= cause.now for cause in found.causes)
    assert found.now == now.sum()


def test_the_order_of_the_rows_does_not_matter():
    leaves, now, before = world(9, causes=[({0: 2}, 3.0)])
    shuffle = np.random.default_rng(0).permutation(len(leaves))
    assert places(localise(leaves, now, before)) == places(
        localise(leaves[shuffle], now[shuffle], before[shuffle])
    )


def test_false_causes_are_rare_where_nothing_happened():
    assert sum(len(localise(*world(seed)).causes) for seed in range(100, 120)) <= 3


def test_the_sentence_names_the_place_and_what_would_be_left():
    found = localise(*world(1, causes=[({1: 3}, 3.5)]))
    text = str(sentence(found, ["version 4.2 on Android"]))
    assert text.startswith("The rise is explained by one place: version 4.2 on Android: ")
    assert text.endswith("which is normal.")
    assert "no single place" in str(sentence(localise(*world(3)), []))
