import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.analysis.discovery import discoveries, q_values, sentence

CHANCES = st.lists(st.floats(0, 1), min_size=1, max_size=40)


def test_the_table_of_benjamini_and_hochberg_is_reproduced():
    # The fifteen p-values of their 1995 paper: four discoveries at 5 %.
    p = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
    ]  # fmt: skip
    assert discoveries(p, 0.05).sum() == 4


def test_what_was_not_tested_is_neither_counted_nor_discovered():
    q = q_values([0.01, np.nan, 0.04])
    assert np.isnan(q[1])
    assert q[0] == pytest.approx(0.02)
    assert discoveries([0.01, np.nan, 0.04]).tolist() == [True, False, True]


def test_any_dependence_costs_power():
    assert q_values([0.01, 0.02], any_dependence=True)[0] > q_values([0.01, 0.02])[0]


def test_no_tests_give_no_discoveries():
    assert q_values([]).size == 0


def test_a_p_value_above_one_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        q_values([1.2])


def test_a_rate_of_zero_is_refused():
    with pytest.raises(ValueError, match="rate"):
        discoveries([0.1], 0.0)


@settings(deadline=None)
@given(CHANCES)
def test_q_is_never_below_p_and_keeps_its_order(p):
    q = q_values(p)
    assert (q >= np.array(p) - 1e-12).all()
    order = np.argsort(p, kind="stable")
    assert (np.diff(q[order]) >= -1e-12).all()


@settings(deadline=None)
@given(CHANCES, st.permutations(range(5)))
def test_the_order_of_the_tests_does_not_matter(p, shuffle):
    p = (p * 5)[:5]
    assert q_values([p[i] for i in shuffle]).tolist() == pytest.approx(q_values(p)[list(shuffle)].tolist())


def test_false_discoveries_stay_below_the_rate():
    chance = np.random.default_rng(4)
    shares = []
    for _ in range(200):
        p = np.concatenate([chance.uniform(size=80), chance.beta(0.05, 5, size=20)])
        found = discoveries(p, 0.1)
        shares.append(found[:80].sum() / max(found.sum(), 1))
    assert np.mean(shares) < 0.1


@pytest.mark.parametrize(
    ("looked_at", "found", "words"),
    [(1200, 10, "1,200 lines; 10 stood out, of which about 1.0"), (1, 0, "1 line and none stands out")],
)
def test_the_sentence_says_how_many_may_be_chance(looked_at, found, words):
    assert words in sentence(looked_at, found, 0.1)
