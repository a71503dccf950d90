"""Erlang C against textbook values, and what must hold for every queue."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.staff.erlang import (
    Target,
    answered_within,
    average_wait,
    erlang_b,
    occupancy,
    people_needed,
    waits,
)

LOADS = st.floats(0.01, 300)
PEOPLE = st.integers(1, 400)


def exact_c(load, people):
    """The formula as it stands in the books, by logarithms."""
    terms = [n * math.log(load) - math.lgamma(n + 1) for n in range(people + 1)]
    top = math.exp(terms[people] - max(terms)) * people / (people - load)
    return top / (sum(math.exp(term - max(terms)) for term in terms[:people]) + top)


@pytest.mark.parametrize(
    ("load", "people", "blocked"),
    [(1, 1, 0.5), (1, 2, 0.2), (2, 2, 0.4), (10, 10, 0.21458), (10, 12, 0.11974), (100, 100, 0.07570)],
)
def test_the_loss_formula_gives_the_table(load, people, blocked):
    assert erlang_b(load, people) == pytest.approx(blocked, abs=5e-5)


@pytest.mark.parametrize(
    ("load", "people", "share"),
    [(1, 2, 1 / 3), (2, 3, 4 / 9), (10, 11, 0.6821), (10, 12, 0.4493), (10, 14, 0.1741), (20, 24, 0.2980)],
)
def test_the_share_that_waits_gives_the_table(load, people, share):
    assert waits(load, people) == pytest.approx(share, abs=5e-4)


def test_one_server_makes_as_many_wait_as_it_is_busy():
    rho = np.array([0.05, 0.3, 0.5, 0.9, 0.999])
    np.testing.assert_allclose(waits(rho, 1), rho)
    np.testing.assert_allclose(average_wait(rho, 1, handling=3.0), 3 * rho / (1 - rho))


def test_a_call_centre_of_the_books():
    """200 calls an hour of 3 minutes, 80 % in 20 seconds: 10 erlang, 14 people, wait 7.8 s, 71 % busy."""
    load = 200 / 60 * 3
    assert people_needed(load, handling=180, target=Target(0.8, 20, 0.99)) == 14
    assert answered_within(load, 13, handling=180, within=20) == pytest.approx(0.7956, abs=0.0001)
    assert answered_within(load, 14, handling=180, within=20) == pytest.approx(0.8883, abs=0.001)
    assert average_wait(load, 14, handling=180) == pytest.approx(7.8, abs=0.05)
    assert occupancy(load, 14) == pytest.approx(10 / 14)


@given(LOADS, PEOPLE)
def test_the_recursion_agrees_with_the_formula(load, people):
    if load < people * 0.999:
        assert float(waits(load, people)) == pytest.approx(exact_c(load, people), rel=1e-6, abs=1e-300)


@given(LOADS, PEOPLE)
def test_a_share_is_a_share_and_more_people_make_fewer_wait(load, people):
    share, fewer = float(waits(load, people)), float(waits(load, people + 1))
    assert 0 <= fewer <= share <= 1
    if share < 1 and share > 1e-250:
        assert fewer < share


@given(LOADS, st.floats(0.3, 0.99), st.floats(0, 600), st.floats(0.4, 0.98), st.floats(20, 3_000))
def test_the_fewest_people_that_keep_the_target(load, share, seconds, busiest, handling):
    target = Target(share, seconds, busiest)
    people = int(people_needed(load, handling=handling, target=target))

    def keeps(number):
        in_time = answered_within(load, number, handling=handling, within=seconds)
        return in_time >= share and load <= number * busiest

    assert keeps(people)
    assert people == 1 or not keeps(people - 1)


@settings(deadline=None)  # a busy machine is no slow engine
@given(st.lists(st.floats(0, 80), min_size=1, max_size=30))
def test_many_hours_at_once_are_each_as_alone_and_more_load_needs_no_fewer(loads):
    target = Target()
    together = people_needed(np.sort(loads), handling=300, target=target)
    assert together.tolist() == [
        int(people_needed(one, handling=300, target=target)) for one in np.sort(loads)
    ]
    assert (np.diff(together) >= 0).all()


def test_loads_of_thousands_neither_overflow_nor_lose_their_sense():
    people = int(people_needed(5_000.0, handling=300, target=Target(0.8, 20, 0.999)))
    assert 5_000 < people < 5_100


def test_no_load_needs_nobody():
    assert people_needed(np.zeros((2, 24)), handling=300, target=Target()).sum() == 0
    assert occupancy(0, 0) == 0


def test_too_few_people_are_never_in_time():
    assert waits(5, 5) == 1
    assert answered_within(5, 5, handling=60, within=20) == 0
    assert math.isinf(average_wait(6, 5, handling=60))


@pytest.mark.parametrize("load", [-1, math.nan, math.inf])
def test_a_load_that_is_none_is_refused(load):
    with pytest.raises(ValueError, match="finite"):
        waits(load, 3)


def test_a_load_beyond_any_team_is_refused():
    with pytest.raises(ValueError, match="people"):
        people_needed(1e6, handling=300, target=Target())


@pytest.mark.parametrize("terms", [(0, 20, 0.8), (1, 20, 0.8), (0.8, -1, 0.8), (0.8, 20, 1.0)])
def test_a_target_that_cannot_be_kept_is_refused(terms):
    with pytest.raises(ValueError, match="between"):
        Target(*terms)
