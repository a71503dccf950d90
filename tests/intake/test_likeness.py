import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.intake.likeness import Letters, cosines, letter_groups, mixed, ranking

TEXTS = ["I was charged twice", "My parcel is late", "The hub shows error E-4711", "Charges came two times"]
texts = st.lists(st.text(alphabet="abcé 1-", max_size=20), min_size=1, max_size=6)


def test_groups_stay_within_a_word_and_short_words_are_whole():
    assert [*letter_groups("Lamp on")] == [" lam", "lamp", "amp ", " on "]
    assert [*letter_groups("A")] == [" a "]
    assert not letter_groups(" ... ")


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("charged two times", 3),
        ("my hub says E-4711", 2),
        ("parcels arrive too late", 1),
        ("chargd twise", 0),
    ],
)
def test_the_likest_text_stands_first_without_any_vector(asked, first):
    assert ranking([asked], TEXTS)[0, 0] == first


def test_a_vector_finds_what_no_letter_shares():
    asked, among = np.array([[1, 0]], np.float32), np.array([[0, 1], [1, 0], [0, 1], [0, 1]], np.float32)

    found = ranking(["xyz"], TEXTS, vectors_asked=asked, vectors_among=among)

    assert found[0, 0] == 1


def test_a_text_without_a_vector_is_judged_by_its_letters():
    rows = np.array([[0, 0], [1, 0]], np.float32)
    meaning = cosines(np.array([[1, 0]], np.float32), rows)

    assert np.isnan(meaning[0, 0])
    assert mixed(meaning, np.array([[0.5, 0.5]], np.float32))[0] == pytest.approx([0.5, 0.7 + 0.15])


def test_rare_letters_weigh_more_than_common_ones():
    among = ["the lamp is broken", "the hub is broken", "the cap is broken", "the lamp is here"]
    scores = Letters(among).likeness(["the lamp"])[0]

    assert scores[3] > scores[1]
    assert scores[0] > scores[1]


def test_more_texts_than_a_block_keep_their_order():
    many = [f"error {number:04} on the hub" for number in range(700)]
    assert ranking(many, many, top=1)[:, 0].tolist() == list(range(700))


@given(texts, texts)
@settings(deadline=None)
def test_likeness_lies_between_none_and_all_and_is_all_for_the_same_text(asked, among):
    scores = Letters(among).likeness(asked)

    assert scores.shape == (len(asked), len(among))
    assert ((scores >= 0) & (scores <= 1 + 1e-5)).all()
    own = np.diag(Letters(asked).likeness(asked))
    assert own == pytest.approx([1.0 if letter_groups(text) else 0.0 for text in asked], abs=1e-5)


def test_nothing_to_compare_gives_nothing():
    assert ranking([], TEXTS).shape == (0, 5)
    assert ranking(["a"], []).shape == (1, 0)
