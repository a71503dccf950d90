"""Sentence encoders: what their vectors say, and which one is taken."""

import threading

import numpy as np
import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.intake import encoders
from apps.intake.encoders.wordpiece import WordPiece

PIECES = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "the",
    "kettle",
    "kett",
    "##le",
    "##s",
    "!",
    ",",
    "cafe",
    "茶",
    "壺",
]
VOCABULARY = {piece: number for number, piece in enumerate(PIECES)}


@pytest.fixture(params=["minilm", "use"])
def encoder(request):
    return encoders.named(request.param)


def test_like_meanings_lie_closer_than_like_words(encoder):
    expired, renew, weather = encoder.encode(
        ["How do I replace my expired card?", "My card is out of date, send a new one", "Is it warm today?"]
    )

    assert expired @ renew > expired @ weather + 0.3


def test_rows_are_of_unit_length_and_a_text_without_a_word_is_zeros(encoder):
    vectors = encoder.encode(["My kettle leaks", "", " \n", "!"])

    assert vectors.shape == (4, encoder.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0, 0, 1], abs=1e-5)
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_a_text_has_the_same_vector_alone_and_among_others(encoder):
    texts = [
        "My kettle leaks",
        "Wrong " * 300,
        "Where is it?",
        "The invoice came twice, and so did the reminder.",
    ]

    alone = np.vstack([encoder.encode([text]) for text in texts])

    assert encoder.encode(texts) == pytest.approx(alone, abs=1e-5)


def test_threads_share_an_encoder(encoder):
    expected, found = encoder.encode(["My kettle leaks"]), []
    threads = [
        threading.Thread(target=lambda: found.append(encoder.encode(["My kettle leaks"]))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4
    assert all(np.array_equal(one, expected) for one in found)


def test_minilm_gives_the_numbers_of_its_makers():
    """From the model's own card: the first numbers of this sentence's vector."""
    vector = encoders.named("minilm").encode(["This is an example sentence"])[0]

    assert vector[:4] == pytest.approx([0.0677, 0.0635, 0.0487, 0.0793], abs=2e-3)


def test_other_languages_find_each_other():
    german, english, other = encoders.named("use").encode(
        ["Mein Wasserkocher ist undicht", "My kettle leaks", "I was charged twice"]
    )

    assert german @ english > german @ other + 0.2


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("The KETTLE", ["the", "kettle"]),
        ("kettles,the!", ["kett", "##le", "##s", ",", "the", "!"]),
        ("Café", ["cafe"]),
        ("茶壺", ["茶", "壺"]),
        ("the\x00\ttea", ["the", "[UNK]"]),
        ("x" * 200, ["[UNK]"]),
        ("", []),
    ],
)
def test_words_are_laid_out_in_pieces(text, pieces):
    vocabulary = {
        piece: number for piece, number in VOCABULARY.items() if piece != "kettle" or "KETTLE" in text
    }

    ids = WordPiece(vocabulary, longest=10)(text)

    assert ids == [VOCABULARY[piece] for piece in ("[CLS]", *pieces, "[SEP]")]


def test_a_long_text_is_cut():
    ids = WordPiece(VOCABULARY, longest=5)("the " * 50)

    assert ids == [VOCABULARY[piece] for piece in ("[CLS]", "the", "the", "the", "[SEP]")]


def test_none_is_an_answer(settings):
    settings.TEXT_ENCODER = "none"

    assert encoders.default() is None


def test_the_best_that_is_installed_is_taken(settings, monkeypatch):
    settings.TEXT_ENCODER = ""
    assert encoders.default() is encoders.named("minilm")

    monkeypatch.setitem(encoders.INSTALLED, "minilm", lambda: False)
    assert encoders.default() is encoders.named("use")

    monkeypatch.setitem(encoders.INSTALLED, "use", lambda: False)
    assert encoders.default() is None


@pytest.mark.parametrize(
    ("name", "why"), [("bert", "choose one of minilm, use, none"), ("use", "not installed")]
)
def test_an_encoder_that_is_not_there_is_named(name, why, settings, monkeypatch):
    settings.TEXT_ENCODER = name
    monkeypatch.setitem(encoders.INSTALLED, "use", lambda: False)

    with pytest.raises(ImproperlyConfigured, match=why):
        encoders.default()
