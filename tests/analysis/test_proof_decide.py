"""From the record to the decision, and back from what was stored."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.analysis.proof import Audit, Record, Verdict, decide, q_value
from apps.analysis.proof.record import digest_of
from tests.analysis import planted

BEFORE, SURGE, LAG, AFTER = 182, 20, 7, 56
LENGTH = BEFORE + SURGE + LAG + AFTER
START = BEFORE + SURGE + LAG


def line(level, after, *, seed, surge=1.0, dispersion=1.3):
    mean = np.full((1, LENGTH), level, np.float64)
    mean[:, BEFORE : BEFORE + SURGE] *= surge
    mean[:, START:] *= after
    return tuple(map(int, planted.counts(mean, seed=seed, dispersion=dispersion)[0]))


def recorded(after=0.4, **fields):
    given_ = {
        "first": date(2026, 1, 5),
        "holidays": (date(2026, 4, 3),),
        "tickets": line(3, after, seed=1, surge=3),
        "neighbours": line(4, 1, seed=2),
        "others": line(90, 1, seed=3),
        "everything": tuple(line(3, 1, seed=10 + n) for n in range(12)),
        "offset": None,
        "baseline_end": BEFORE,
        "detected": (BEFORE, BEFORE + SURGE),
        "after": (START, LENGTH),
        "promised": 0.5,
        "alpha": 0.05,
        "level": 0.05,
        "contacts": 90 * AFTER,
    }
    return Record(**(given_ | fields))


def test_a_real_fix_is_effective():
    decision = decide(recorded())
    assert decision.judged.verdict == Verdict.EFFECTIVE
    assert "8 in 10 sure the drop is between" in str(decision.judged.reason)


def test_what_was_stored_gives_the_same_decision_to_the_last_digit():
    record = recorded(
        coded_before=Audit(100, 90, 200, 3),
        coded_after=Audit(80, 70, 200, 3),
        texts=line(5, 0.4, seed=30),
        decided=(0.01, 0.3),
        still_due=2,
        offset=tuple(float(x) for x in np.linspace(-0.1, 0.1, LENGTH)),
    )
    again = Record.unpack(record.pack())
    assert again == record
    assert decide(again) == decide(record)


def test_a_year_of_two_hundred_issues_is_stored_in_little_space():
    record = recorded(everything=tuple(line(1, 1, seed=n) for n in range(200)))
    assert len(record.pack()) < 60_000


def test_another_baseline_has_another_digest():
    one = (line(3, 1, seed=1), line(4, 1, seed=2))
    other = ((*one[0][:-1], one[0][-1] + 1), one[1])
    assert digest_of(one) == digest_of(tuple(one))
    assert digest_of(one) != digest_of(other)


def test_a_look_that_must_be_surer_is():
    record = recorded(0.72)
    p = decide(record).after.p_fewer
    assert p < 0.05
    assert decide(replace(record, level=p / 2)).judged.verdict == Verdict.INCONCLUSIVE


def test_a_quarter_of_many_decisions_asks_more_of_each():
    record = recorded(0.72)
    p = decide(record).p
    crowd = replace(record, still_due=int(0.05 / p) + 1)
    assert decide(record).judged.verdict.is_proven
    assert decide(crowd).judged.verdict == Verdict.INCONCLUSIVE
    assert decide(crowd).family == int(0.05 / p) + 2


def test_a_baseline_that_was_coded_up_afterwards_does_not_make_a_gain():
    honest = recorded(1.0)
    padded = list(honest.tickets)
    for n in range(BEFORE):
        padded[n] *= 2
    record = replace(honest, tickets=tuple(padded), frozen=honest.tickets[:BEFORE])
    assert decide(replace(record, frozen=None)).judged.verdict.is_proven  # what a frozen baseline is for
    decision = decide(record)
    assert not decision.judged.verdict.is_proven
    assert any("coded otherwise" in str(remark) for remark in decision.remarks)


def test_one_late_correction_of_a_code_changes_nothing():
    record = recorded()
    frozen = (record.tickets[0] + 1, *record.tickets[1:BEFORE])
    assert decide(replace(record, frozen=frozen)).after == decide(record).after


def test_a_dip_of_all_contacts_is_no_gain_even_where_the_exposure_is_known():
    # Orders stay, contacts of every kind fall by half: the season, or a form that is hard to find.
    record = recorded(0.5, others=line(90, 0.5, seed=3), offset=(0.0,) * LENGTH)
    decision = decide(record)
    assert not decision.judged.verdict.is_proven
    assert any("does not know the season" in str(remark) for remark in decision.remarks)


def test_a_short_baseline_without_anything_beside_it_says_so():
    decision = decide(recorded(others=(0,) * LENGTH))
    assert any("no other contacts" in str(remark) for remark in decision.remarks)


def test_coders_who_changed_withhold_a_proof():
    good, blind = Audit(200, 180, 400, 4), Audit(200, 80, 400, 4)
    decision = decide(recorded(0.5, coded_before=good, coded_after=blind))
    assert decision.judged.verdict == Verdict.CODING_CHANGED
    assert not decision.judged.verdict.is_proven
    assert decide(recorded(0.3, coded_before=good, coded_after=good)).judged.verdict.is_proven


@pytest.mark.parametrize(
    ("texts", "says"), [(line(5, 0.4, seed=30), "agree with"), (line(5, 1.0, seed=31), "contradict")]
)
def test_the_words_of_the_tickets_stand_beside_their_codes(texts, says):
    decision = decide(recorded(texts=texts))
    assert decision.judged.verdict.is_proven  # they do not decide
    assert any(says in str(remark) for remark in decision.remarks)


def test_several_actions_share_one_verdict_and_it_says_so():
    assert any("3 actions together" in str(remark) for remark in decide(recorded(actions=3)).remarks)


def test_a_complaint_that_moved_is_displaced():
    record = recorded(0.2, neighbours=line(4, 1.7, seed=2))
    assert decide(record).judged.verdict == Verdict.DISPLACED


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 6), min_size=LENGTH, max_size=LENGTH), st.integers(0, 5))
def test_any_record_gets_a_decision(counts, due):
    decision = decide(recorded(tickets=tuple(counts), still_due=due))
    assert str(decision.judged.reason).endswith(".")
    assert 0 <= decision.p <= 1
    assert decision.after.low <= decision.after.ratio <= decision.after.high


# --- the quarter


def test_what_is_still_due_counts_as_if_it_showed_nothing():
    assert q_value(0.01) == pytest.approx(0.01)
    assert q_value(0.01, still_due=4) == pytest.approx(0.05)
    assert q_value(0.01, decided=(0.001, 0.002), still_due=1) == pytest.approx(0.04 / 3)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(1e-6, 1), min_size=1, max_size=12))
def test_whatever_is_proven_early_would_be_proven_at_the_quarters_end(p_values):
    for number, p in enumerate(p_values):
        early = q_value(p, decided=p_values[:number], still_due=len(p_values) - number - 1)
        late = q_value(p, decided=p_values[:number] + p_values[number + 1 :])
        assert late <= early + 1e-12


@pytest.mark.parametrize(("gains", "most"), [(0, 0.06), (4, 0.06)])
def test_false_proofs_of_a_quarter_are_few_whatever_the_order(gains, most):
    chance, shares = np.random.default_rng(5), []
    for _ in range(400):
        p_values = np.r_[chance.uniform(size=10 - gains), chance.beta(0.2, 25, size=gains)]
        real = np.r_[np.zeros(10 - gains, bool), np.ones(gains, bool)]
        order = chance.permutation(10)
        p_values, real = p_values[order], real[order]
        proven = np.array(
            [q_value(p_values[n], decided=p_values[:n], still_due=9 - n) <= 0.05 for n in range(10)]
        )
        shares.append((proven & ~real).sum() / max(proven.sum(), 1))
    assert np.mean(shares) <= most


def test_fewer_than_none_still_due_is_refused():
    with pytest.raises(ValueError, match="fewer than none"):
        q_value(0.1, still_due=-1)
