"""Taking the coders' errors out, and withholding what they alone could have made."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.analysis.proof import Audit, correct
from apps.analysis.proof.coding import sentence
from tests.analysis.test_proof import finding

GOOD = Audit(true=200, found=180, others=400, mistaken=4)
BLIND = Audit(true=200, found=90, others=400, mistaken=4)


def test_coders_who_stay_the_same_leave_the_fall_and_widen_it():
    raw = finding(0.5)
    corrected = correct(raw, 2_000, before=GOOD, after=GOOD)
    assert corrected.ratio == pytest.approx(0.4, abs=0.1)  # false positives had hidden a part of the gain
    assert corrected.high - corrected.low > raw.high - raw.low
    assert not corrected.coders_alone_could
    assert corrected.drift == pytest.approx(1, abs=0.01)


def test_coders_who_overlook_half_of_it_account_for_the_fall():
    corrected = correct(finding(0.5), 2_000, before=GOOD, after=BLIND)
    assert corrected.coders_alone_could
    assert corrected.drift == pytest.approx(0.6, abs=0.05)
    assert str(sentence(corrected, finding(0.5))) == (
        "Corrected for coding errors it may be no fall at all: the coders alone account for 40% fewer, "
        "counted were 50% fewer."
    )


def test_coders_who_became_better_had_hidden_a_gain():
    worse_before = correct(finding(0.9), 500, before=BLIND, after=GOOD)
    assert worse_before.ratio < 0.6


@pytest.mark.parametrize(
    ("before", "after"),
    [(Audit(10, 9, 400, 4), GOOD), (GOOD, Audit(200, 180, 20, 0)), (GOOD, Audit(100, 2, 100, 50))],
)
def test_too_small_a_sample_or_a_code_that_says_nothing_corrects_nothing(before, after):
    assert correct(finding(0.5), 2_000, before=before, after=after) is None


def test_more_codes_than_tickets_are_refused():
    with pytest.raises(ValueError, match="at most"):
        Audit(true=10, found=11, others=5, mistaken=0)


def test_the_truth_lies_in_the_interval_nine_times_in_ten():
    chance, hits, tries = np.random.default_rng(4), 0, 150
    sensitivity, false_share, contacts, true_before = 0.8, 0.02, 2_000, 200
    for _ in range(tries):
        true_after = chance.poisson(0.6 * true_before)
        coded = chance.binomial(true_after, sensitivity) + chance.binomial(contacts - true_after, false_share)
        expected = sensitivity * true_before + false_share * (contacts - true_before)
        raw = finding(coded / expected, expected=expected, error=np.sqrt(1.3 / coded + 0.002))
        audits = [
            Audit(120, int(chance.binomial(120, sensitivity)), 600, int(chance.binomial(600, false_share)))
            for _ in range(2)
        ]
        corrected = correct(raw, contacts, before=audits[0], after=audits[1])
        hits += corrected.low <= 0.6 <= corrected.high
    assert hits / tries >= 0.85


def test_the_correction_is_the_same_every_time():
    assert correct(finding(0.5), 900, before=GOOD, after=BLIND) == correct(
        finding(0.5), 900, before=GOOD, after=BLIND
    )


@settings(deadline=None, max_examples=30)
@given(st.floats(0.05, 3), st.integers(30, 200), st.integers(0, 60))
def test_any_correction_has_an_interval_around_it(factor, true, mistaken):
    audit = Audit(true, true - true // 5, 200, mistaken)
    corrected = correct(finding(factor), 1_500, before=audit, after=audit)
    assert corrected is None or 0 < corrected.low <= corrected.ratio <= corrected.high
