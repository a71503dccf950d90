"""Chances, draws and weighted shares, without a database."""

import numpy as np
import pytest

from apps.control import sampling
from apps.control.sampling import Candidate


def candidates(shares, always=()):
    return [Candidate(number, share, number in always) for number, share in enumerate(shares)]


@pytest.mark.parametrize(
    ("given", "most", "found"),
    [
        (candidates([1, 0.5, 0.2]), None, [1, 0.5, 0.2]),
        (candidates([0.2, 0.2], {0}), None, [1, 0.2]),
        # Three would be sent and two may: all by two thirds.
        (candidates([1, 1, 1]), 2, [2 / 3, 2 / 3, 2 / 3]),
        # The certain one stays certain; the others share what is left.
        (candidates([1, 1, 0.5], {0}), 2, [1, 2 / 3, 1 / 3]),
        (candidates([0.1, 1, 1], {1, 2}), 1, [0, 0.5, 0.5]),
        (candidates([0.5, 0.5]), 0, [0, 0]),
        ([], 5, []),
    ],
)
def test_a_chance_is_known_before_anything_is_drawn(given, most, found):
    assert list(sampling.chances(given, most=most).values()) == pytest.approx(found)


def test_the_same_seed_draws_the_same():
    chance = dict.fromkeys(range(100), 0.3)
    assert sampling.draw(chance, seed=5) == sampling.draw(chance, seed=5)
    assert sampling.draw(chance, seed=5) != sampling.draw(chance, seed=6)


@pytest.mark.parametrize("seed", range(20))
def test_a_days_limit_holds_and_who_is_certain_is_drawn(seed):
    chance = sampling.chances(candidates([0.7] * 50, {3, 4}), most=10)
    drawn = sampling.draw(chance, seed=seed)
    assert len(drawn) in (9, 10)
    assert {3, 4} <= drawn


def test_everybody_is_drawn_with_certainty_and_nobody_without_a_chance():
    assert len(sampling.draw(dict.fromkeys(range(500), 1.0), seed=1)) == 500
    assert sampling.draw(dict.fromkeys(range(500), 0.0), seed=1) == frozenset()


def test_each_is_drawn_as_often_as_its_chance_says():
    chance = {0: 0.1, 1: 0.5, 2: 0.9, 3: 0.5}
    times = np.mean(
        [[number in sampling.draw(chance, seed=seed) for number in chance] for seed in range(4000)], 0
    )
    assert times == pytest.approx(list(chance.values()), abs=0.03)


def test_a_weighted_share_is_that_of_everybody():
    """One yes of a ticket asked about in any case, one no of a ticket that stands for four."""
    found = sampling.weighted_share([(True, 1.0), (False, 0.25)])
    assert (found.value, found.n) == (0.2, 2)
    assert found.effective == pytest.approx(25 / 17)


def test_no_answer_is_no_share():
    assert sampling.weighted_share([]).value is None


def test_weights_undo_a_draw_that_prefers_the_unhappy():
    random = np.random.default_rng(3)
    truth, plain, weighted, held = [], [], [], 0
    for seed in range(400):
        happy = random.random(400) < 0.7
        chance = {number: 0.3 if happy[number] else 0.9 for number in range(400)}
        drawn = sampling.draw(chance, seed=seed)
        answers = [(bool(happy[number]), chance[number]) for number in drawn]
        found = sampling.weighted_share(answers)
        truth.append(0.7)
        plain.append(np.mean([yes for yes, _ in answers]))
        weighted.append(found.value)
        held += found.low <= 0.7 <= found.high
    assert abs(np.mean(weighted) - 0.7) < 0.01
    assert abs(np.mean(plain) - 0.7) > 0.2
    assert held / 400 >= 0.85


def test_the_silent_could_move_it_that_far():
    assert sampling.bounds(0.8, 0.25) == pytest.approx((0.2, 0.95))
