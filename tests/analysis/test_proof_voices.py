"""What customers answer holds back a proof they contradict, and never makes one."""

from dataclasses import replace

import pytest

from apps.analysis.proof import Record, Verdict, Voices, decide
from tests.analysis.test_proof_decide import recorded


def decided(record, gone, still):
    return decide(replace(record, voices=Voices(100, gone, still))).judged


@pytest.mark.parametrize(
    ("gone", "still", "held_back"),
    [
        (0, 0, False),
        (0, 9, False),
        (0, 10, True),
        (5, 25, True),
        (12, 18, False),
        (30, 10, False),
        (40, 0, False),
    ],
)
def test_a_proof_is_held_back_by_clearly_more_than_the_promise_leaves(gone, still, held_back):
    judged = decided(recorded(0.4), gone, still)
    assert judged.verdict == (Verdict.INCONCLUSIVE if held_back else Verdict.EFFECTIVE)
    assert ("still have it" in str(judged.reason)) == held_back


@pytest.mark.parametrize("after", [1.0, 1.6])
def test_no_number_of_happy_customers_makes_a_proof(after):
    assert decided(recorded(after), 100, 0) == decide(recorded(after)).judged


def test_a_partial_proof_is_measured_by_what_was_counted_and_not_by_the_promise():
    partly = recorded(0.72)
    ratio = decide(partly).after.ratio
    assert decide(partly).judged.verdict == Verdict.PARTIALLY_EFFECTIVE
    still = round(100 * ratio)
    assert decided(partly, 100 - still, still).verdict == Verdict.PARTIALLY_EFFECTIVE
    assert decided(partly, 2, 98).verdict == Verdict.INCONCLUSIVE


def test_the_figures_of_the_count_stay_what_they_are():
    with_voices, without = decided(recorded(0.4), 0, 30), decide(recorded(0.4)).judged
    assert replace(with_voices, verdict=without.verdict, reason=without.reason) == without


def test_voices_are_stored_and_read_back_and_older_records_have_none():
    record = recorded(voices=Voices(40, 20, 5))
    again = Record.unpack(record.pack())
    assert again == record
    assert decide(again) == decide(record)
    assert "5 still have it" in str(decide(again).remarks[-1])
    assert Record.unpack(recorded().pack()).voices is None


@pytest.mark.parametrize(
    ("voices", "words"),
    [
        (Voices(1, 0, 0), "Of 1 customer who was asked none has answered yet whether it is gone."),
        (
            Voices(40, 20, 5),
            "Of 40 customers who were asked 25 answered: 5 still have it (20%, 9 in 10 sure: 10% to 36%).",
        ),
    ],
)
def test_they_are_told_in_one_sentence(voices, words):
    assert str(voices.sentence) == words


@pytest.mark.parametrize("counts", [(1, 1, 1), (5, -1, 0)])
def test_more_answers_than_were_asked_are_no_voices(counts):
    with pytest.raises(ValueError, match="at most so many"):
        Voices(*counts)
