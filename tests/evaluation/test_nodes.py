import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.evaluation.nodes import FEWEST, LOOSE, alike_in_words, closeness, mixed_up

WORDS = {
    "refund": "refund money back bank account waiting returned payment transfer days",
    "parcel": "parcel courier delivered door neighbour tracking street late driver package",
    "login": "password login code sign account reset screen email phone locked",
    "heating": "radiator valve cold warm room thermostat temperature evening battery sensor",
}
TOPICS = {topic: words.split() for topic, words in WORDS.items()}


def letters(topic, n, *, seed):
    random = np.random.default_rng(seed)
    return [" ".join(random.choice(TOPICS[topic], 6)) for _ in range(n)]


def test_two_issues_the_model_takes_for_each_other_are_found():
    (pair,) = mixed_up([100, 50, 80], [[0, 30, 1], [20, 0, 0], [1, 0, 0]])
    assert (pair.one, pair.other, pair.tickets) == (0, 1, 150)
    assert pair.share == pytest.approx((0.3 + 0.4) / 2)


def test_a_rare_issue_that_loses_one_way_only_is_no_duplicate():
    assert mixed_up([1000, 30], [[0, 5], [20, 0]]) == []


def test_few_tickets_prove_no_duplicate():
    assert mixed_up([FEWEST - 1, 100], [[0, 10], [50, 0]]) == []


def test_no_issue_gives_no_pair():
    assert mixed_up([], np.zeros((0, 0))) == []


def test_the_table_fits_the_issues():
    with pytest.raises(ValueError, match="row and a column"):
        mixed_up([1, 2], [[0, 1]])


@given(st.lists(st.integers(0, 200), min_size=2, max_size=6), st.integers(0, 9))
def test_a_pair_is_found_whichever_comes_first(tickets, seed):
    taken = np.random.default_rng(seed).integers(0, 100, (len(tickets), len(tickets)))
    found = {(pair.one, pair.other): pair.share for pair in mixed_up(tickets, taken)}
    turned = mixed_up(tickets[::-1], taken[::-1, ::-1])
    last = len(tickets) - 1
    assert found == {(last - pair.other, last - pair.one): pytest.approx(pair.share) for pair in turned}


def test_definitions_that_say_the_same_are_found():
    texts = [
        "Charged twice. The customer was charged two times for one order.",
        "Double booking. The customer was charged two times for one single order.",
        "Parcel lost. The courier says it was delivered and nobody has it.",
        "Login code. The code to sign in never arrives by mail.",
        *(" ".join(words) for words in TOPICS.values()),
    ]
    ((one, other, cosine),) = alike_in_words(texts)
    assert (one, other) == (0, 1)
    assert 0.5 <= cosine <= 1


def test_nothing_written_is_alike_to_nothing():
    assert alike_in_words(["", "", "a parcel"]) == []


def test_an_issue_thrown_together_from_two_is_loose():
    texts = {place: letters(topic, 40, seed=place) for place, topic in enumerate(TOPICS)}
    texts[9] = letters("refund", 20, seed=7) + letters("heating", 20, seed=8)
    found = closeness(texts)
    assert found[9] < LOOSE
    assert all(found[place] > LOOSE for place in range(len(TOPICS)))


def test_few_letters_say_nothing_of_an_issue():
    assert closeness({1: letters("refund", FEWEST - 1, seed=1)}) == {}
    assert closeness({}) == {}
