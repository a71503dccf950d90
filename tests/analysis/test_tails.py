import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from apps.analysis.tails import at_least, at_most_mid, log_likelihood_ratio, usual_range


@pytest.mark.parametrize(("count", "mean"), [(0, 3.0), (1, 3.0), (7, 3.0), (40, 18.0)])
def test_without_overdispersion_the_tail_is_poisson(count, mean):
    assert at_least(count, mean, 1.0) == pytest.approx(poisson.sf(count - 1, mean))


@pytest.mark.parametrize(("count", "mean", "dispersion"), [(5, 2.0, 1.5), (60, 20.0, 4.0)])
def test_with_overdispersion_the_tail_is_negative_binomial(count, mean, dispersion):
    expected = nbinom.sf(count - 1, mean / (dispersion - 1), 1 / dispersion)
    assert at_least(count, mean, dispersion) == pytest.approx(expected)


@settings(deadline=None)
@given(st.integers(0, 200), st.floats(0.01, 100), st.floats(1, 6))
def test_a_higher_count_is_never_less_surprising(count, mean, dispersion):
    assert at_least(count + 1, mean, dispersion) <= at_least(count, mean, dispersion) + 1e-12


@settings(deadline=None)
@given(st.floats(0.5, 50), st.floats(1, 4))
def test_the_usual_range_holds_the_mean_within_one(mean, dispersion):
    low, high = usual_range(mean, dispersion)
    assert low <= mean + 1
    assert high >= mean - max(2.0, mean / 2)


def test_the_mid_p_of_the_median_is_near_one_half():
    assert at_most_mid(100, 100.0, 1.0) == pytest.approx(0.5, abs=0.03)


def test_the_likelihood_ratio_has_expectation_one_under_the_null():
    n = np.arange(2000.0)
    for dispersion in (1.0, 2.5):
        law = poisson(4) if dispersion == 1 else nbinom(4 / (dispersion - 1), 1 / dispersion)
        logs = log_likelihood_ratio(n, np.array(4.0), np.array(dispersion), 1.5)
        assert np.exp(law.logpmf(n) + logs).sum() == pytest.approx(1.0, abs=1e-6)
