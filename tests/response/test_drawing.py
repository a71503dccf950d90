import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.response.drawing import chances, disagreement, doubt, draw

SUSPICIONS = st.lists(st.floats(0, 1), min_size=1, max_size=60)


def test_a_doubted_ticket_is_drawn_more_often():
    chance = chances([0.0] * 9 + [1.0], 2)
    assert chance[-1] == pytest.approx(5 * chance[0])


def test_a_small_week_is_read_whole():
    drawn = draw([0.1, 0.9, 0.4], 16, seed=1)
    assert sorted(drawn.places) == [0, 1, 2]
    assert (drawn.chances == 1).all()


def test_an_empty_week_gives_nothing():
    assert not len(draw([], 16, seed=1).places)


def test_the_same_seed_draws_the_same():
    suspicion = np.linspace(0, 1, 200)
    assert (draw(suspicion, 16, seed=4).places == draw(suspicion, 16, seed=4).places).all()
    assert set(draw(suspicion, 16, seed=4).places) != set(draw(suspicion, 16, seed=5).places)


def test_every_ticket_comes_with_just_its_chance():
    suspicion = np.array([0, 0, 0.2, 0.5, 1, 1, 0.1, 0.7])
    times = np.zeros(len(suspicion))
    for seed in range(4000):
        times[draw(suspicion, 3, seed=seed).places] += 1
    assert times / 4000 == pytest.approx(chances(suspicion, 3), abs=0.03)


def test_weighting_by_chance_undoes_the_preference():
    """Half of the doubted tickets are wrong and a twentieth of the others: the sample must not say half."""
    random = np.random.default_rng(2)
    suspicion = (random.random(4000) < 0.1).astype(float)
    wrong = random.random(4000) < np.where(suspicion, 0.5, 0.05)
    estimates = []
    for seed in range(200):
        drawn = draw(suspicion, 200, seed=seed)
        estimates.append(np.average(wrong[drawn.places], weights=1 / drawn.chances))
    assert np.mean(estimates) == pytest.approx(wrong.mean(), abs=0.005)


@given(SUSPICIONS, st.integers(1, 70), st.integers(0, 99))
@settings(deadline=None)
def test_as_many_as_asked_for_are_drawn_and_none_twice(suspicion, size, seed):
    drawn = draw(suspicion, size, seed=seed)
    assert len(set(drawn.places.tolist())) == len(drawn.places) == min(size, len(suspicion))
    assert ((drawn.chances > 0) & (drawn.chances <= 1)).all()
    assert chances(suspicion, size).sum() == pytest.approx(min(size, len(suspicion)))


def test_suspicion_is_a_share():
    with pytest.raises(ValueError, match="between 0 and 1"):
        chances([1.5], 1)


@pytest.mark.parametrize(
    ("suggested", "expected"),
    [
        ({}, 0.0),  # no opinion
        ({1: 0.9, 2: 0.1}, 0.1),
        ({2: 0.5, 1: 0.5}, 0.5),  # a tie
        ({2: 0.6, 3: 0.2}, 1.0),  # our code is not among its guesses
        ({1: 0.7}, 0.0),
    ],
)
def test_the_suggestion_doubts_a_code(suggested, expected):
    assert doubt(1, suggested) == pytest.approx(expected)


def test_few_readings_say_little_about_a_code():
    assert disagreement(0, 0) == pytest.approx(0.2)
    assert disagreement(1, 1) < 0.3 < disagreement(90, 40)


def test_more_cannot_differ_than_were_read():
    with pytest.raises(ValueError, match="at most"):
        disagreement(1, 2)
