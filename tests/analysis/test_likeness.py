"""A likeness is worth what coded tickets say it is."""

import numpy as np
import pytest

from apps.analysis.likeness import LEAST_OTHERS, LEAST_OWN, left_out, middle, scale


def drawn(mean, spread, size, seed):
    return np.random.default_rng(seed).normal(mean, spread, size)


def test_the_chance_is_the_share_that_was_seen():
    """Two normal distributions of the same spread: the true chance is logistic."""
    own, others = drawn(0.7, 0.1, 4_000, 1), drawn(0.5, 0.1, 4_000, 2)
    found = scale(own, others, share=0.2)
    for likeness in (0.5, 0.6, 0.7, 0.8):
        odds = 0.25 * np.exp(((likeness - 0.5) ** 2 - (likeness - 0.7) ** 2) / 0.02)
        assert found.chance(likeness) == pytest.approx(odds / (1 + odds), abs=0.03)


def test_a_rarer_case_asks_for_more_likeness():
    own, others = drawn(0.7, 0.1, 300, 1), drawn(0.5, 0.1, 300, 2)
    assert scale(own, others, share=0.02).chance(0.65) < scale(own, others, share=0.3).chance(0.65)


def test_nothing_is_sure_because_it_was_never_seen():
    found = scale(np.full(8, 0.9), np.full(40, 0.1), share=0.2)
    assert 0.5 < found.chance(0.9) < 0.99
    assert found.chance(0.1) < 0.1


@pytest.mark.parametrize("own", [0.3, 0.5])
def test_where_its_own_are_no_liker_than_others_likeness_says_nothing(own):
    found = scale(drawn(own, 0.05, 50, 1), drawn(0.5, 0.05, 400, 2), share=0.1)
    assert found.chance(0.9) == pytest.approx(0.1, abs=0.15)
    assert not found.is_proposed(0.5)


@pytest.mark.parametrize(
    ("own", "others", "share"),
    [(LEAST_OWN - 1, 100, 0.2), (20, LEAST_OTHERS - 1, 0.2), (20, 100, 0.0), (20, 100, 1.0)],
)
def test_of_too_few_nothing_is_measured(own, others, share):
    assert scale(np.ones(own), np.zeros(others), share=share) is None


def test_a_ticket_is_not_compared_with_itself():
    rows = np.eye(3)
    assert left_out(rows) == pytest.approx([0, 0, 0])
    assert middle(rows) @ rows[0] == pytest.approx(3**-0.5)
