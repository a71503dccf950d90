import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.analysis.terms import distinctive_terms

OUTSIDE = ["where is my parcel", "I was charged twice again", "the app fails after the update"] * 4


def test_terms_set_a_subject_apart():
    inside = ["the cap leaks", "cap leaks again", "my cap leaks every day"]
    assert distinctive_terms(inside, OUTSIDE)[0] == "cap leaks"


def test_a_word_of_a_stronger_pair_is_not_named_again():
    terms = distinctive_terms(["the QR code fails", "QR code is empty", "no QR code"], OUTSIDE)
    assert terms[0] == "qr code"
    assert not {"qr", "code"} & set(terms)


def test_a_common_word_does_not_win_by_its_number():
    inside = ["my parcel leaks", "a parcel leaks", "parcel is wet", "parcel is wet"]
    outside = ["my parcel is late", "where is the parcel", "parcel lost", "parcel missing"] * 10
    assert set(" ".join(distinctive_terms(inside, outside)).split()) >= {"leaks", "wet"}
    assert "parcel" not in distinctive_terms(inside, outside)


def test_who_repeats_a_word_does_not_count_for_more():
    inside = ["broken broken broken broken lid", "lid lost", "lid gone"]
    assert distinctive_terms(inside, OUTSIDE)[0] == "lid"


def test_what_only_one_text_says_is_no_term():
    assert "zebra" not in distinctive_terms(["zebra cap", "cap", "cap"], OUTSIDE)


@pytest.mark.parametrize(
    "inside",
    [
        ["I have it and you do not"] * 3,
        ["am 12.03. um 4711", "um 12.03. am 4711"],
        ["[e-mail] and [card number]", "[e-mail] or [card number]"],
        ["ich habe die und der", "der die das ist nicht"],
        ["", ""],
        [],
    ],
)
def test_function_words_numbers_and_masks_are_no_terms(inside):
    assert distinctive_terms(inside, OUTSIDE) == ()


def test_codes_and_words_of_other_languages_are():
    assert distinctive_terms(["error e-42 again", "shows E-42"], OUTSIDE)[0] == "e-42"
    assert "größe" in distinctive_terms(["falsche Größe", "die Größe stimmt nicht"], OUTSIDE)


@given(
    st.lists(st.text(alphabet="abcd xy", max_size=20), max_size=6), st.lists(st.text(max_size=20), max_size=6)
)
@settings(deadline=None)
def test_every_term_is_said_inside(inside, outside):
    terms = distinctive_terms(inside, outside)
    said = [word for text in inside for word in text.split()]
    assert all(word in said for term in terms for word in term.split())
    assert len(terms) == len(set(terms)) <= 6
