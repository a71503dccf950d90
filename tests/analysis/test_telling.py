import numpy as np

from apps.analysis.telling import telling

TEXTS = [
    "The hinge of the lid broke off",
    "The hinge of the lid broke off!",
    "My lid's hinge is broken",
    "Broken hinge on the lid since Monday",
    "By the way, where is my invoice?",
]


def test_those_in_the_middle_speak_for_all_and_the_newest_is_heard():
    chosen = telling(TEXTS, newest=4, most=2)
    assert chosen[-1] == 4
    assert set(chosen[:-1]) <= {0, 1, 2, 3}


def test_a_text_said_before_is_passed_over():
    chosen = telling(TEXTS, newest=0, most=3)
    assert not {0, 1} <= set(chosen)


def test_vectors_say_what_the_middle_is():
    vectors = np.array([[0, 1], [0, 1], [1, 0], [1, 0], [1, 0]], np.float64)
    assert set(telling(TEXTS, vectors, newest=2, most=3)) == {2, 3, 4}


def test_of_one_text_that_one_is_taken():
    assert telling(["ok"], newest=0) == (0,)
    assert telling(["", ""], newest=1) == (0, 1)
