"""Two readers: figures from the literature, what must always hold, and whether intervals hold what they promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.analysis.agreement import (
    alpha,
    confusion,
    error_rates,
    kappa,
    kappa_by_code,
    kappa_of_counts,
    share_interval,
)

# Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (2003), table 18.1: two raters, 100 patients.
DIAGNOSES = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
NAMES = ["psychotic", "neurotic", "organic"]
# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): examples A, B and C.
BINARY = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
NOMINAL = [list("aabbdcccedda"), list("babbbccceddd")]
GAPS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
PAIRS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=1, max_size=60)


def readings(table, names=NAMES):
    pairs = [(names[i], names[j]) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    return [one for one, _ in pairs], [other for _, other in pairs]


def readers(n, *, seed, codes=12, right=0.85):
    """Two readers who each see the truth with chance `right` and guess otherwise; rare codes and common ones."""
    random = np.random.default_rng(seed)
    shares = 1 / np.arange(1, codes + 1)
    truth = random.choice(codes, n, p=shares / shares.sum())
    read = [
        np.where(random.random(n) < right, truth, random.choice(codes, n, p=shares / shares.sum()))
        for _ in "ab"
    ]
    return read[0], read[1]


def test_cohens_kappa_as_in_fleiss():
    found = kappa(*readings(DIAGNOSES))
    assert (found.observed, found.expected) == (pytest.approx(0.89), pytest.approx(0.66))
    assert found.value == pytest.approx(0.676, abs=5e-4)
    assert found.n == 100
    # Fleiss's large-sample standard error is .088: nine in ten within 1.645 of them.
    assert (found.low, found.high) == (
        pytest.approx(0.676 - 1.645 * 0.088, abs=0.05),
        pytest.approx(0.82, abs=0.05),
    )


@pytest.mark.parametrize(
    ("code", "expected"), [("psychotic", 0.6875), ("neurotic", 0.5), ("organic", 0.7727)]
)
def test_kappa_of_one_code_is_that_of_the_table_folded_to_two(code, expected):
    """By hand, neurotic: both 4, first 10, second 5 of 100; observed .93, expected .86; (.93 - .86) / .14 = .5."""
    assert kappa_by_code(*readings(DIAGNOSES))[code].value == pytest.approx(expected, abs=5e-5)


def test_half_of_what_chance_leaves():
    assert kappa_of_counts([[20, 5], [10, 15]]).value == pytest.approx(0.4)


def test_worse_than_chance_is_below_zero():
    """Cohen 1960: .29 observed, .35 expected."""
    found = kappa_of_counts([[25, 13, 12], [12, 2, 16], [3, 15, 2]])
    assert found.value == pytest.approx(-0.06 / 0.65, abs=0.005)


@pytest.mark.parametrize(("rows", "expected"), [(BINARY, 0.095), (NOMINAL, 0.692), (GAPS, 0.743)])
def test_krippendorffs_alpha_as_in_krippendorff(rows, expected):
    found = alpha(rows)
    assert found.value == pytest.approx(expected, abs=5e-4)
    assert found.low < found.value <= found.high


def test_a_ticket_read_once_tells_nothing():
    assert alpha(GAPS).n == 11


def test_two_readers_who_always_agree_may_have_been_lucky():
    first = ["a"] * 10 + ["b"] * 10
    for found in (kappa(first, first), alpha([first, first]), kappa_by_code(first, first)["a"]):
        assert found.value == found.high == pytest.approx(1)
        assert 0.5 < found.low < 1


def test_one_code_alone_tells_nothing_apart():
    assert kappa(["a"] * 9, ["a"] * 9).value is None
    assert alpha([["a"] * 9] * 2).value is None
    assert kappa_by_code(["a"] * 9, ["a"] * 9)["a"].value is None


def test_nothing_read_is_no_agreement():
    assert kappa([], []).value is None
    assert alpha([[], []]).value is None
    assert kappa_by_code([], []) == {}


def test_who_took_what_for_what():
    found = confusion(["a", "a", "b"], ["a", "b", "b"], weights=[1, 2, 3])
    assert found.codes == ("a", "b")
    assert found.matrix.tolist() == [[1, 2], [0, 3]]


def test_error_rates_of_a_code():
    first = ["x"] * 8 + ["y"] * 2 + ["x"] * 3 + ["y"] * 27
    truth = ["x"] * 10 + ["y"] * 30
    found = error_rates(first, truth, "x")
    assert (found.true, found.found, found.others, found.mistaken) == (10, 8, 30, 3)
    assert (found.sensitivity, found.false_positive) == (pytest.approx(0.8), pytest.approx(0.1))


def test_error_rates_of_a_code_nobody_has():
    found = error_rates(["a"], ["a"], "z")
    assert (found.true, found.sensitivity, found.false_positive) == (0, None, 0.0)


def test_weights_undo_an_uneven_sample():
    """Tickets with x were drawn three times as often: weighted back, x is as rare as it is."""
    first, truth = ["x", "x", "x", "y"], ["x", "x", "y", "y"]
    found = error_rates(first, truth, "x", weights=[1, 1, 1, 3])
    assert found.false_positive == pytest.approx(1 / 4)
    assert found.others == round(16 / 10)


def test_uneven_weights_widen_the_interval():
    first, second = readers(200, seed=1)
    even, uneven = kappa(first, second), kappa(first, second, weights=np.where(np.arange(200) % 2, 9.0, 1.0))
    assert uneven.effective < even.effective == 200
    assert uneven.high - uneven.low > even.high - even.low


@pytest.mark.parametrize(
    "wrong", [{"first": ["a"], "second": []}, {"first": ["a"], "second": ["a"], "weights": [0.0]}]
)
def test_readings_that_do_not_fit_together_are_refused(wrong):
    with pytest.raises(ValueError, match=r"readers|weight"):
        kappa(**wrong)


def test_a_table_is_square():
    with pytest.raises(ValueError, match="square"):
        kappa_of_counts([[1, 2]])


def test_every_reader_has_a_place_for_every_ticket():
    with pytest.raises(ValueError, match="place"):
        alpha([["a"], ["a", "b"]])


@given(PAIRS)
@settings(deadline=None)
def test_kappa_does_not_care_who_read_first_or_what_codes_are_called(pairs):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    renamed = {code: f"code {ord(code)}" for code in "abcd"}
    found, turned = kappa(first, second), kappa(second, first)
    again = kappa([renamed[a] for a in first], [renamed[b] for b in second])
    assert found.value == pytest.approx(turned.value) == pytest.approx(again.value)
    if found.value is not None:
        assert -1 <= found.low <= found.value <= found.high <= 1


@given(PAIRS)
@settings(deadline=None)
def test_a_code_is_weighed_as_a_table_of_two(pairs):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    for code, found in kappa_by_code(first, second).items():
        folded = kappa([a == code for a in first], [b == code for b in second])
        assert found.value == pytest.approx(folded.value)
        if found.value is not None:
            assert found.low <= found.value <= found.high


@given(PAIRS)
@settings(deadline=None)
def test_alpha_nears_kappa_of_pooled_shares(pairs):
    """With two readers and no gaps both take the same observed agreement; only chance is reckoned otherwise."""
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    found = alpha([first, second], draws=20)
    assert found.observed == pytest.approx(kappa(first, second).observed)
    shares = np.array([(first + second).count(code) for code in "abcd"]) / (2 * len(pairs))
    n = 2 * len(pairs)
    assert found.expected == pytest.approx((n * float((shares**2).sum()) - 1) / (n - 1))


@given(PAIRS, st.sampled_from("abcd"))
def test_error_rates_count_every_ticket_once(pairs, code):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    found = error_rates(first, second, code)
    assert found.true + found.others == len(pairs)
    assert 0 <= found.found <= found.true
    assert 0 <= found.mistaken <= found.others


@given(st.integers(0, 50), st.integers(1, 50))
def test_an_interval_holds_its_share(good, n):
    share = min(good, n) / n
    low, high = share_interval(share, n)
    assert 0 <= low <= share <= high <= 1


def test_intervals_hold_the_truth_as_often_as_they_promise():
    first, second = readers(400_000, seed=9)
    truth = kappa(first, second).value
    of_code = {code: found.value for code, found in kappa_by_code(first, second).items()}
    held, held_code, n = 0, 0, 400
    for seed in range(n):
        one, other = readers(120, seed=seed)
        found, code = kappa(one, other), kappa_by_code(one, other)[1]
        held += found.low <= truth <= found.high
        held_code += code.low <= of_code[1] <= code.high
    assert 0.86 <= held / n <= 0.94
    assert 0.86 <= held_code / n <= 0.94
