import numpy as np
import pytest

from apps.analysis import clusters

PHRASES = {
    "charged": (
        ["I was charged twice", "You billed me two times", "Double charge on my card"],
        ["for my order", "for the June invoice", "on my statement", "this month"],
    ),
    "late": (
        ["My parcel has not arrived", "The delivery is late", "Package still missing"],
        ["since last week", "after ten days", "although tracking says delivered"],
    ),
    "login": (
        ["I cannot log in", "The app refuses my password", "Login fails"],
        ["on my phone", "since the update", "on the website"],
    ),
    "label": (
        [
            "The QR code on the box does not open",
            "Scanning the QR code shows an empty page",
            "QR code is unreadable",
        ],
        ["with my camera", "on Android", "on the new box", "after unpacking"],
    ),
}
ENDINGS = ["", "please help", "thank you", "what now"]


def stream(*, rising=None, days=40, since=34, seed=1, usual=0.6, rise=3.0):
    """Texts, their days and their true subjects; `rising` appears only from day `since` on."""
    chance = np.random.default_rng(seed)
    texts, when, subjects = [], [], []
    for day in range(days):
        for subject, (starts, ends) in PHRASES.items():
            rate = (rise if day >= since else 0.0) if subject == rising else usual
            for _ in range(chance.poisson(rate)):
                texts.append(
                    f"{chance.choice(starts)} {chance.choice(ends)} {chance.choice(ENDINGS)}".strip()
                )
                when.append(day)
                subjects.append(subject)
    return texts, np.array(when), np.array(subjects)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_new_subject_is_found_pure_and_named(seed):
    texts, when, subjects = stream(rising="label", seed=seed)
    found = clusters.find_emerging(texts, when, today=39)
    assert found
    best = found[0]
    assert (subjects[list(best.members)] == "label").mean() >= 0.9
    assert "qr code" in best.terms
    assert "qr code" in best.name.lower()
    assert best.recent >= 5


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_nothing_emerges_where_nothing_grows(seed):
    texts, when, _ = stream(rising=None, seed=seed)
    assert clusters.find_emerging(texts, when, today=39) == ()


def test_the_same_text_many_times_counts_every_time():
    texts, when, _ = stream(seed=8)
    texts += ["The new cap leaks"] * 12
    when = np.concatenate([when, np.full(12, 38)])
    found = clusters.find_emerging(texts, when, today=39)
    assert [one.recent for one in found] == [12]


def test_what_was_announced_is_not_announced_again():
    texts, when, _ = stream(rising="label", seed=1)
    first = clusters.find_emerging(texts, when, today=39)
    again = clusters.find_emerging(texts, when, today=39, known=[one.members for one in first])
    assert again == ()


def test_what_lies_in_the_future_is_not_seen():
    texts, when, _ = stream(rising="label", seed=1)
    assert clusters.find_emerging(texts, when, today=33) == ()


def test_vectors_of_an_encoder_are_used_as_they_are():
    chance = np.random.default_rng(0)
    topics = np.eye(8)
    subject = np.concatenate([np.tile(np.arange(7), 12), np.full(10, 7)])
    vectors = topics[subject] + chance.normal(0, 0.05, (len(subject), 8))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    when = np.concatenate([np.repeat(np.arange(6, 39, 3)[:12], 7)[:77], np.full(7, 38), np.full(10, 39)])
    texts = [f"text {n} about subject{s}" for n, s in enumerate(subject)]
    found = clusters.find_emerging(texts, when, today=39, vectors=vectors, rules=clusters.BY_MEANING)
    assert [set(subject[list(one.members)]) for one in found] == [{7}]


def test_examples_are_different_texts_and_include_the_newest():
    texts, when, _ = stream(rising="label", seed=2)
    best = clusters.find_emerging(texts, when, today=39)[0]
    assert len({texts[i] for i in best.examples}) >= 2
    assert max(when[list(best.members)]) in when[list(best.examples)]


def test_texts_without_words_do_no_harm():
    texts = ["", "!!!", "...", "?", "", "ok"] * 4
    assert clusters.find_emerging(texts, np.full(24, 39), today=39) == ()


def test_no_texts_give_no_clusters():
    assert clusters.find_emerging([], [], today=1) == ()
    assert clusters.vectors_of([]).shape[0] == 0


def test_texts_and_days_must_match():
    with pytest.raises(ValueError, match="length"):
        clusters.find_emerging(["a"], [1, 2], today=2)


def test_an_unknown_subject_fits_no_code_and_known_ones_do():
    texts, _, subjects = stream(days=60, seed=9, rising="label", since=30)
    space = clusters.vectors_of(texts)
    known = subjects != "label"
    coded = np.flatnonzero(known)[:80]
    rest = np.setdiff1d(np.arange(len(texts)), coded)
    strange = clusters.fits_no_code(space[rest], space[coded])
    assert strange[subjects[rest] == "label"].mean() > 0.8
    assert strange[subjects[rest] != "label"].mean() < 0.5


def test_without_a_taxonomy_in_use_nothing_fits_yet():
    assert clusters.fits_no_code(np.eye(3), np.eye(3)).all()


def test_texts_that_were_not_drawn_join_the_cluster_they_lie_in(monkeypatch):
    texts, when, subjects = stream(rising="label", seed=1)
    texts = [f"{text} {number}" for number, text in enumerate(texts)]  # all different
    monkeypatch.setattr(clusters, "MOST_TEXTS", len(texts) // 2)
    best = clusters.find_emerging(texts, when, today=39)[0]
    assert (subjects[list(best.members)] == "label").sum() > 0.8 * (subjects == "label").sum()
    assert (subjects[list(best.members)] == "label").mean() >= 0.9


def narrow(subjects, seed=0):
    """Vectors as an encoder makes them: a direction for each subject, and one that all have in common."""
    chance = np.random.default_rng(seed)
    apart = np.eye(9)[subjects] + chance.normal(0, 0.05, (len(subjects), 9))
    common = np.zeros(9)
    common[8] = 1.5
    vectors = apart + common
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_what_all_vectors_have_in_common_is_taken_off():
    subjects = np.concatenate([np.tile(np.arange(7), 5), np.full(10, 7)])
    when = np.concatenate([np.repeat([8, 14, 20, 26, 32], 7), np.full(10, 38)])
    texts = [f"text {n}" for n in range(len(subjects))]
    vectors = narrow(subjects)
    around = vectors[:35].mean(0)
    found = clusters.find_emerging(
        texts, when, today=39, vectors=vectors, around=around, rules=clusters.BY_MEANING
    )
    assert [set(subjects[list(one.members)]) for one in found] == [{7}]

    centre = vectors[list(found[0].members)].mean(0)
    again = clusters.find_emerging(
        texts,
        when,
        today=39,
        vectors=vectors,
        around=around,
        rules=clusters.BY_MEANING,
        known_centres=[centre],
    )
    assert again == ()


def test_a_text_without_a_vector_is_in_no_cluster():
    vectors = np.zeros((12, 4))
    texts = [f"text {n}" for n in range(12)]
    assert (
        clusters.find_emerging(texts, np.full(12, 39), today=39, vectors=vectors, rules=clusters.BY_MEANING)
        == ()
    )


def test_a_name_says_no_word_twice():
    assert clusters.proposed_name(["cap", "cap leaks", "leaks", "bottle"]) == "Cap leaks, bottle"
    assert clusters.proposed_name([]) == ""


def test_the_sentence_says_how_many_and_about_what():
    texts, when, _ = stream(rising="label", seed=1)
    text = str(clusters.sentence(clusters.find_emerging(texts, when, today=39)[0]))
    assert "fit no code speak of" in text
    assert "“" in text
