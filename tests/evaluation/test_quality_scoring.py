"""What a form comes to, and what drawn reviews say of all answers."""

import numpy as np
import pytest

from apps.evaluation.quality.scoring import ENOUGH, Marked, Sums, added, estimate, result


def mark(code, value, *, scale="yes_no", weight=1, critical=False, about="agent"):
    return Marked(code, scale, weight, critical, about, value)


def test_points_are_averaged_by_weight():
    found = result(
        [mark("a", 1, weight=3), mark("b", 0), mark("c", 3, scale="four", weight=2)], pass_mark=0.65
    )
    assert found.score == pytest.approx((3 + 0 + 2 * 2 / 3) / 6)


def test_what_does_not_apply_counts_for_nothing():
    assert result([mark("a", 1), mark("b", None, weight=9)], pass_mark=0.65).score == 1


@pytest.mark.parametrize(("value", "missed"), [(1, True), (2, True), (3, False), (4, False)])
def test_three_of_four_is_good_enough_at_the_usual_mark(value, missed):
    found = result([mark("a", value, scale="four")], pass_mark=0.65)
    assert (found.missed == ("a",)) is missed


def test_a_mark_of_two_thirds_is_met_by_two_thirds():
    assert result([mark("a", 3, scale="four")], pass_mark=2 / 3).passed


def test_something_critical_fails_the_review_and_leaves_its_score():
    found = result([mark("a", 1, weight=9), mark("safety", 0, critical=True)], pass_mark=0.65)
    assert (found.score, found.passed, found.failed) == (0.9, False, ("safety",))


def test_what_the_system_got_wrong_counts_for_no_agent():
    found = result([mark("a", 1), mark("guidance", 0, weight=9, about="guidance")], pass_mark=0.65)
    assert (found.score, found.passed, found.missed) == (1, True, ())
    assert (found.system, found.missed_system) == (0, ("guidance",))


def test_where_nothing_applied_there_is_no_score():
    found = result([mark("a", None)], pass_mark=0.65)
    assert (found.score, found.system, found.passed) == (None, None, None)


def test_a_preference_for_unhappy_answers_falls_out_of_the_mean():
    # A tenth is in trouble and bad; drawn three times as often.
    found = estimate(Sums.of([0.0] * 25 + [1.0] * 75, [1 / 3] * 25 + [1.0] * 75))
    assert found.value == pytest.approx(0.9)
    assert found.effective < 100


def test_sums_of_months_are_the_sums_of_the_year():
    random = np.random.default_rng(1)
    x, w = random.random(30), 1 + random.random(30)
    whole = estimate(Sums.of(x, w))
    parts = estimate(added(Sums.of(x[i : i + 10], w[i : i + 10]) for i in (0, 10, 20)))
    assert parts.value == pytest.approx(whole.value)
    assert (parts.low, parts.high) == (pytest.approx(whole.low), pytest.approx(whole.high))


def test_ten_without_a_fault_are_no_proof_of_perfection():
    found = estimate(Sums.of([1.0] * 10, [1.0] * 10))
    assert found.high == 1
    assert 0.7 < found.low < 0.85


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_the_interval_holds_the_truth_about_nine_times_in_ten(share):
    random = np.random.default_rng(2)
    held = 0
    for _ in range(1000):
        trouble = random.random(30) < 3 * 0.15 / (3 * 0.15 + 0.85)
        good = random.random(30) < np.where(trouble, share - 0.2, share)
        found = estimate(Sums.of(good.astype(float), np.where(trouble, 1 / 3, 1.0)))
        held += found.low <= 0.85 * share + 0.15 * (share - 0.2) <= found.high
    assert 0.84 <= held / 1000 <= 0.98


@pytest.mark.parametrize(("n", "enough"), [(ENOUGH - 1, False), (ENOUGH, True)])
def test_of_too_few_nothing_is_said(n, enough):
    assert estimate(Sums.of([1.0] * n, [1.0] * n)).is_enough is enough


def test_of_nothing_nothing_is_known():
    assert estimate(Sums()).value is None


@pytest.mark.parametrize(("values", "weights"), [([2.0], [1.0]), ([0.5], [0.0]), ([0.5], [1.0, 1.0])])
def test_what_is_no_share_or_no_weight_is_refused(values, weights):
    with pytest.raises(ValueError, match="weight"):
        Sums.of(values, weights)
