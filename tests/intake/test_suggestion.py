"""Issue suggestion: with no coded ticket, with few, with many; stored and read back."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.intake.suggestion import (
    IssueWords,
    NotEnoughIssues,
    Prediction,
    StaleModel,
    calibrate,
    dump,
    load,
    read,
    store,
    train,
)
from apps.intake.suggestion.sentences import parts_of

ISSUES = (
    IssueWords(
        "CARD",
        "Card did not arrive",
        "A new card was sent and not received.",
        ("where is my card", "no card in the post"),
    ),
    IssueWords(
        "FEE",
        "Unexpected fee",
        "The customer was charged and did not expect it.",
        ("why was I charged", "hidden costs"),
    ),
    IssueWords(
        "LOGIN", "Cannot log in", "Password or code refused.", ("my password does not work", "locked out")
    ),
)
PHRASES = {
    "CARD": [
        "card never came",
        "waiting for the card",
        "post lost my card",
        "card still missing",
        "delivery of the card",
    ],
    "FEE": [
        "charged a fee twice",
        "this fee is wrong",
        "refund the charge",
        "costs nobody told me",
        "fee on my account",
    ],
    "LOGIN": [
        "password refused",
        "cannot sign in",
        "code is not accepted",
        "login broken",
        "locked out again",
    ],
}


def coded(count: int, seed: int = 1) -> tuple[list[str], list[str]]:
    chance = random.Random(seed)
    labels = [chance.choice(sorted(PHRASES)) for _ in range(count)]
    fill = ["hello", "please", "since monday", "again", "thanks", "very angry", "for weeks", "order 12"]
    return [
        " ".join([chance.choice(fill), chance.choice(PHRASES[one]), chance.choice(fill)]) for one in labels
    ], labels


def test_the_taxonomy_alone_suggests_before_anything_is_coded():
    model = train([], [], ISSUES)
    best = [
        ranked.suggestions[0].code
        for ranked in model.predict(["The card has not arrived yet", "I was charged a fee", "password wrong"])
    ]
    assert best == ["CARD", "FEE", "LOGIN"]
    assert model.trained_on == 0


def test_suggestions_come_ranked_and_their_confidence_is_a_probability():
    ranked = train(*coded(90), ISSUES).predict(["fee charged for the card"], top=3)[0].suggestions
    assert len({one.code for one in ranked}) == 3
    assert [one.confidence for one in ranked] == sorted((one.confidence for one in ranked), reverse=True)
    assert sum(one.confidence for one in ranked) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(("count", "method"), [(45, "logistic"), (300, "svm")])
def test_coded_tickets_teach(count, method):
    model = train(*coded(count), ISSUES)
    texts, labels = coded(200, seed=2)
    right = np.mean(
        [
            ranked.suggestions[0].code == label
            for ranked, label in zip(model.predict(texts), labels, strict=True)
        ]
    )
    assert model.method == method
    assert right > 0.95


def test_confidence_is_calibrated_when_labels_are_noisy():
    texts, labels = coded(900)
    chance = random.Random(3)
    noisy = [chance.choice(sorted(PHRASES)) if chance.random() < 0.3 else one for one in labels]
    fresh, truth = coded(600, seed=4)
    truth = [chance.choice(sorted(PHRASES)) if chance.random() < 0.3 else one for one in truth]
    predicted = train(texts, noisy, ISSUES).predict(fresh)
    right = np.mean([ranked.suggestions[0].code == one for ranked, one in zip(predicted, truth, strict=True)])
    confidence = np.mean([ranked.suggestions[0].confidence for ranked in predicted])
    assert abs(right - confidence) < 0.1


def test_a_code_that_left_the_taxonomy_is_not_suggested():
    texts, labels = coded(60)
    model = train([*texts, "old words"], [*labels, "RETIRED"], ISSUES)
    assert "RETIRED" not in model.codes


def test_an_issue_without_coded_tickets_can_still_be_suggested():
    texts, labels = coded(300)
    model = train(
        texts, labels, [*ISSUES, IssueWords("NOISE", "Branch too loud", "", ("music in the branch",))]
    )
    assert model.predict(["the music in your branch is too loud"])[0].suggestions[0].code == "NOISE"


def test_a_text_without_a_known_word_gets_no_suggestion():
    assert train([], [], ISSUES).predict(["", "⚡⚡"]) == [Prediction(()), Prediction(())]
    assert train([], [], ISSUES).predict([]) == []


def test_the_same_seed_gives_the_same_model():
    first, second = (train(*coded(200), ISSUES, seed=5) for _ in range(2))
    assert np.array_equal(first.classifier.weights, second.classifier.weights)
    assert first.temperature == second.temperature


def test_a_stored_model_suggests_the_same():
    model = train(*coded(200), ISSUES)
    texts, _ = coded(50, seed=6)
    restored = load(dump(model))
    assert (restored.codes, restored.method, restored.trained_on) == (
        model.codes,
        model.method,
        model.trained_on,
    )
    for before, after in zip(model.predict(texts), restored.predict(texts), strict=True):
        assert [one.code for one in before.suggestions] == [one.code for one in after.suggestions]
        assert [one.confidence for one in before.suggestions] == pytest.approx(
            [one.confidence for one in after.suggestions], abs=0.01
        )


def test_a_model_of_another_format_is_stale(monkeypatch):
    data = dump(train([], [], ISSUES))
    monkeypatch.setattr(store, "FORMAT", 3)
    with pytest.raises(StaleModel, match="format 2"):
        load(data)


@pytest.mark.parametrize("data", [b"", b"garbage", b"PK\x03\x04 broken", b"\x80\x04cos\nsystem\n"])
def test_bytes_that_are_no_model_are_stale(data):
    with pytest.raises(StaleModel):
        load(data)


@pytest.mark.parametrize("issues", [(), ISSUES[:1]])
def test_one_issue_is_no_choice(issues):
    with pytest.raises(NotEnoughIssues):
        train([], [], issues)


def test_two_issues_are_a_choice():
    model = train([], [], ISSUES[:2])
    assert [ranked.suggestions[0].code for ranked in model.predict(["where is my card", "hidden costs"])] == [
        "CARD",
        "FEE",
    ]


def test_texts_and_labels_must_match():
    with pytest.raises(ValueError, match="2 texts"):
        train(["a", "b"], ["CARD"], ISSUES)


def test_importing_the_engine_does_not_load_scikit_learn():
    import subprocess
    import sys

    code = "import sys, apps.intake.suggestion; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- with an encoder ----------------------------------------------------------------------------------


class Letters:
    """An encoder for tests: how often each letter stands in a text."""

    name, dimensions = "letters", 26

    def __init__(self):
        self.seen = []

    def encode(self, texts):
        self.seen += texts
        counts = np.array(
            [[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts], np.float32
        )
        lengths = np.linalg.norm(counts, axis=1, keepdims=True)
        return (counts / np.where(lengths, lengths, 1)).reshape(len(texts), 26)


def test_what_the_encoder_says_counts_beside_the_words():
    texts, labels = coded(90)
    known, other = train(texts, labels, ISSUES, encoder=Letters()), train(texts, labels, ISSUES)
    assert known.encoder_name == "letters"
    assert other.encoder_name == ""
    assert known.predict(["crd delivry"]) != other.predict(["crd delivry"])


def test_only_so_many_texts_are_encoded():
    encoder = Letters()
    texts, labels = coded(90)
    train(texts, labels, ISSUES, encoder=encoder, encode_most=10)
    assert set(encoder.seen) & set(texts) <= set(texts[:10])
    assert train(texts, labels, ISSUES, encoder=encoder, encode_most=0).predict(["card never came"])


def test_a_stored_model_asks_for_its_encoder():
    data = dump(train(*coded(90), ISSUES, encoder=Letters()))
    assert load(data, Letters()).predict(["card never came"])[0].suggestions[0].code == "CARD"
    with pytest.raises(StaleModel, match="letters"):
        load(data)


def test_a_stored_model_of_words_alone_needs_no_encoder():
    data = dump(train(*coded(90), ISSUES))
    assert load(data, Letters()).encoder_name == ""


# --- what fits no code --------------------------------------------------------------------------------


@pytest.mark.parametrize("encoder", [None, Letters()])
def test_a_text_unlike_all_coded_ones_fits_no_code(encoder):
    model = load(dump(train(*coded(300), ISSUES, encoder=encoder)), encoder)
    assert model.predict(["zebra quiz jazz xylophone vuvuzela"])[0].fits_no_code
    fresh, _ = coded(200, seed=7)
    assert np.mean([said.fits_no_code for said in model.predict(fresh)]) < 0.4


def test_with_few_coded_tickets_nothing_is_said_about_fitting():
    said = train(*coded(20), ISSUES).predict(["zebra"])[0]
    assert said.novelty is None
    assert not said.fits_no_code


# --- how sure it may be -------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=300))
def test_above_the_threshold_nineteen_in_twenty_were_right(pairs):
    confidences, right = np.array([one for one, _ in pairs]), np.array([one for _, one in pairs])
    threshold = calibrate.sure_from(confidences, right)
    if threshold is not None:
        above = confidences >= threshold
        assert threshold >= 0.5
        assert not above.any() or above.sum() < 30 or right[above].mean() >= 0.9


@pytest.mark.parametrize(
    ("right", "wrong", "expected"), [(200, 0, 0.9), (10, 0, None), (100, 100, None), (0, 50, None)]
)
def test_the_threshold_needs_many_that_were_right(right, wrong, expected):
    confidences = np.full(right + wrong, 0.9)
    assert calibrate.sure_from(confidences, np.arange(right + wrong) < right) == expected


@given(st.integers(0, 5_000), st.integers(0, 3))
def test_each_coded_ticket_is_held_out_once_at_most(coded_tickets, seed):
    rounds = list(calibrate.held_out(coded_tickets, seed))
    times = sum((mask.astype(int) for mask in rounds), np.zeros(coded_tickets, int))
    assert times.max(initial=0) <= 1
    assert not rounds or times.sum() >= min(coded_tickets, 400)
    assert all(len(mask) == coded_tickets and not mask.all() for mask in rounds)


@pytest.mark.parametrize("true", [0.1, 0.5, 2])
def test_the_temperature_of_what_is_calibrated_already_is_found(true):
    chance = np.random.default_rng(1)
    margins = chance.normal(size=(4_000, 5))
    drawn = calibrate.softmax(margins / true).cumsum(axis=1) < chance.random((4_000, 1))
    assert calibrate.temperature(margins, drawn.sum(axis=1).clip(max=4)) == pytest.approx(true, rel=0.15)


# --- the uncoded teach --------------------------------------------------------------------------------


def test_uncoded_tickets_teach_words_that_no_coded_one_has():
    coded_texts, labels = (
        ["card never came", "fee charged twice", "password refused"],
        ["CARD", "FEE", "LOGIN"],
    )
    uncoded = [f"card never came, the envelope {n}" for n in range(20)] + [
        f"password refused by the gadget {n}" for n in range(20)
    ]
    model = train([*coded_texts, "envelope gadget"], [*labels, "FEE"], ISSUES, uncoded=uncoded)
    without = train([*coded_texts, "envelope gadget"], [*labels, "FEE"], ISSUES)
    said, said_without = (
        {one.code: one.confidence for one in each.predict(["the envelope"])[0].suggestions}
        for each in (model, without)
    )
    assert said["CARD"] > said_without["CARD"]


def test_no_uncoded_ticket_is_no_fault():
    assert train(*coded(30), ISSUES, uncoded=[]).trained_on == 30


# --- sentence by sentence -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("My card has not arrived yet.", []),
        (
            "My card has not arrived. And you charged me a fee twice!",
            ["My card has not arrived.", "And you charged me a fee twice!"],
        ),
        (
            "My card never came yet, also you charged me a fee",
            ["My card never came yet", "also you charged me a fee"],
        ),
        ("Hello,\nmy card never came yet\nthe fee was charged twice\nKind regards", 2),
        ("Thanks. Bye. Ok then.", []),
        ("One two three four. " * 30, []),  # said again, it is said once
        ("".join(f"One two three {n}. " for n in range(30)), 12),
    ],
)
def test_a_text_is_cut_into_parts(text, parts):
    found = parts_of(text)
    assert (len(found) if isinstance(parts, int) else found) == parts


@given(st.text(max_size=400))
def test_parts_are_of_the_text(text):
    assert all(part in text for part in parts_of(text))


def test_a_second_issue_is_found_in_its_sentence():
    model = train(*coded(300), ISSUES)
    first, second = (
        "The card never came, I am waiting for the card.",
        "Also the password was refused, locked out again.",
    )
    [reading] = read(model, [f"{first} {second}"])
    [further] = reading.further
    assert {reading.whole.suggestions[0].code, further.code} == {"CARD", "LOGIN"}
    assert further.said in (first, second)


def test_one_issue_said_twice_is_one():
    model = train(*coded(300), ISSUES)
    assert read(model, ["The card never came to me. I am waiting for the card."])[0].further == ()
    assert read(model, []) == []
