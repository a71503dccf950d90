"""Issue suggestion: with no coded ticket, with few, with many; stored and read back."""

import random

import numpy as np
import pytest

from apps.intake.suggestion import (
    IssueWords,
    NotEnoughIssues,
    Prediction,
    StaleModel,
    dump,
    load,
    store,
    train,
)

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
