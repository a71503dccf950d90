"""The framework's vectors and invariants, over draws; `test_market.py` has them exactly."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.analysis import market
from apps.analysis.damage import Situation, saved
from apps.analysis.simulation import Drawn, Estimate, Range, exact, lost_customers, shares, simulate_lost

SHARE = st.floats(0, 1)
EXACTLY = Drawn.exactly


def known(customers=350_000, complain=0.5, outcomes=(0.40, 0.35, 0.25)):
    """MDM-A, every number known exactly."""
    losses = (EXACTLY(0.05), EXACTLY(0.25), EXACTLY(0.70))
    return Situation(EXACTLY(customers), EXACTLY(complain), outcomes, losses, EXACTLY(0.45))


@st.composite
def estimates(draw, top=1.0):
    return Estimate(*sorted(draw(st.lists(st.floats(0, top), min_size=3, max_size=3))))


# --- the vectors


def test_market_damage_is_the_published_example():
    groups = [group.range().likely for group in known().groups]
    assert groups == [Decimal(3500), Decimal("15312.5"), Decimal(30625), Decimal(78750)]
    assert known().lost.range() == Range(*[Decimal("128187.5")] * 3)


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        (known().prevent(0.1), "12818.75"),
        (known().solicit(0.1), "5862.5"),
        (known(outcomes=(0.60, 0.25, 0.15)), "14875"),
        (known(complain=0.6, outcomes=(0.60, 0.25, 0.15)), "23712.5"),
        (known(customers=315_000, complain=0.6, outcomes=(0.60, 0.25, 0.15)), "34160"),
        (known(complain=0.6, outcomes=(0.1, 0.2, 0.7)), "-49262.5"),
    ],
    ids=["PAY-1", "PAY-2", "PAY-3", "PAY-4", "PAY-5", "PAY-6"],
)
def test_the_payoff_of_each_lever_is_the_frameworks(after, kept):
    found = saved(known(), after).range()
    assert (found.low, found.likely, found.high) == (Decimal(kept),) * 3


def test_satisfying_more_takes_the_dissatisfied_first():
    assert known().satisfy(0.30).outcomes == pytest.approx((0.70, 0.30, 0.0))
    assert known().satisfy(1.0).outcomes == pytest.approx((1.0, 0.0, 0.0))


def test_levers_pulled_together_are_not_their_sum():
    one_by_one = [known().prevent(0.1), known().solicit(0.1), known().satisfy(0.2)]
    together = saved(known(), known().prevent(0.1).solicit(0.1).satisfy(0.2)).likely
    assert sum(saved(known(), one).likely for one in one_by_one) != pytest.approx(together)


def test_customers_who_told_us_stand_for_those_who_did_not():
    found = Situation.of_contacts(
        1000, multiplier=EXACTLY(20), base=EXACTLY(15_000), outcomes=(1.0, 0.0, 0.0),
        losses=(EXACTLY(0),) * 3, silent=EXACTLY(0.5),
    )  # fmt: skip
    assert found.customers.likely == 15_000  # never more than there are
    assert found.lost.likely == pytest.approx(7000)


# --- invariants


@settings(deadline=None)
@given(st.floats(0, 1e6), st.floats(1, 50), SHARE, SHARE, st.floats(0, 1e6))
def test_everybody_is_counted_once_and_nobody_is_lost_twice(told, multiplier, heard, silent, base):
    lost = lost_customers(np.array(told), np.array(multiplier), np.array(heard), np.array(silent), base)
    affected = min(told * multiplier, base)
    assert -1e-9 <= lost <= affected * (1 + 1e-12)
    assert lost_customers(np.array(told), np.array(multiplier), np.array(1.0), np.array(1.0), base) == (
        pytest.approx(affected)
    )


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(10, 500), *[st.integers(0, 100)] * 5)
def test_the_fast_formula_is_the_exact_one(told, tenfold, first, second, third, silent, split):
    multiplier, outcomes = Decimal(tenfold) / 10, (Decimal(split) / 100, 1 - Decimal(split) / 100, Decimal(0))
    losses = [Decimal(part) / 100 for part in (first, second, third)]
    heard = sum(share * loss for share, loss in zip(outcomes, losses, strict=True))
    customers = told * multiplier
    # 1 / multiplier has no end as a decimal: the complainants are given as they are.
    slow = told * heard + (customers - told) * Decimal(silent) / 100
    fast = lost_customers(*map(np.array, (float(told), float(multiplier), float(heard), silent / 100)))
    assert float(fast) == pytest.approx(float(slow), rel=1e-12, abs=1e-9)
    handling = market.Handling(1 / multiplier, *outcomes, *losses, Decimal(silent) / 100)
    assert float(fast) == pytest.approx(
        float(market.market_damage(customers, handling, Decimal(1)).lost), rel=1e-9, abs=1e-9
    )


@settings(deadline=None, max_examples=60)
@given(estimates(), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_raising_any_of_the_three_values_raises_every_draw(one, low, likely, high):
    share = shares("any", seed=1, draws=200)
    first, second, third = one.low + low, one.likely + likely, one.high + high
    higher = Estimate(first, max(first, second), max(first, second, third))
    assert (higher.at(share) >= one.at(share) - 1e-12).all()


@settings(deadline=None, max_examples=40)
@given(
    estimates(), estimates(), estimates(), st.sampled_from(["multiplier", "heard", "silent"]), st.floats(0, 1)
)
def test_raising_any_assumption_never_lowers_low_likely_or_high(multiplier, heard, silent, raised, more):
    names = {"multiplier": multiplier, "heard": heard, "silent": silent}

    def figure(numbers):
        drawn = {name: Drawn.of(one, name, seed=3, draws=300) for name, one in numbers.items()}
        drawn["multiplier"] = drawn["multiplier"].times(10).plus(EXACTLY(1, draws=300))
        return simulate_lost(np.array(500.0), **drawn).range()

    one = names[raised]
    worse = Estimate(one.low, one.likely + more * (2 - one.likely), max(2.0, one.high))
    before, after = figure(names), figure(names | {raised: worse})
    assert after.low >= before.low
    assert after.likely >= before.likely
    assert after.high >= before.high


@settings(deadline=None, max_examples=60)
@given(estimates(top=100.0))
def test_low_likely_and_high_are_in_order_and_the_likely_is_the_formula(one):
    found = Drawn.of(one, "x", seed=1).times(7.0).range()
    assert found.low <= found.likely <= found.high
    assert found.likely == exact(one.likely * 7)
    assert exact(one.low * 7) <= found.low
    assert found.high <= exact(one.high * 7)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(0, 1000), min_size=2, max_size=8), st.floats(1, 1e5), st.floats(0.01, 1e4))
def test_the_ranking_does_not_change_with_the_base_or_the_value(told, base, value):
    alike = np.zeros(len(told), np.int64)
    two, heard, silent = (Drawn.side_by_side([EXACTLY(one)], alike) for one in (2, 0.1, 0.2))
    lost = simulate_lost(np.array(told), multiplier=two, heard=heard, silent=silent, base=EXACTLY(1e9))
    order = np.argsort(lost.likely, kind="stable")
    assert (np.diff((lost.likely * base * value)[order]) >= 0).all()


# --- the draws


def test_the_middle_of_many_draws_is_the_middle_of_the_law():
    draws = Estimate(2, 3, 7).at(shares("x", seed=1, draws=2000))
    assert draws.mean() == pytest.approx(4.0, abs=1e-3)
    assert np.quantile(draws, (0.1, 0.9)) == pytest.approx((2 + 0.5**0.5, 7 - 2**0.5), abs=5e-3)


def test_a_number_known_exactly_has_no_range():
    assert Drawn.of(Estimate(4, 4, 4), "x", seed=1).range() == Range(Decimal(4), Decimal(4), Decimal(4))


def test_the_same_assumption_is_drawn_alike_wherever_it_is_used():
    one, again = (Drawn.of(Estimate(1, 2, 4), "value||", seed=1) for _ in range(2))
    other, seeded = (
        Drawn.of(Estimate(1, 2, 4), "base||", seed=1),
        Drawn.of(Estimate(1, 2, 4), "value||", seed=2),
    )
    assert (one.draws == again.draws).all()
    assert abs(np.corrcoef(one.draws, other.draws)[0, 1]) < 0.1
    assert (one.draws != seeded.draws).any()


def test_cells_add_up_to_their_groups_draw_by_draw():
    numbers = [Drawn.of(Estimate(1, 2, 3), "a", seed=1), Drawn.of(Estimate(4, 5, 9), "b", seed=1)]
    cells = Drawn.side_by_side(numbers, np.array([0, 1, 0, 1])).times(np.array([1.0, 2, 3, 4]))
    found = cells.summed(np.array([1, 0, 0, 1]), 2)
    assert found.likely == pytest.approx([2 * 5 + 3 * 2, 1 * 2 + 4 * 5])
    assert found.draws[:, 1] == pytest.approx(numbers[0].draws + 4 * numbers[1].draws)


@pytest.mark.parametrize(
    ("value", "shown"), [(0.005, "0.01"), (2.675, "2.68"), (-0.005, "-0.01"), (-0.001, "0.00")]
)
def test_figures_are_rounded_half_up_to_the_cent(value, shown):
    assert f"{exact(value):f}" == shown


def test_an_estimate_out_of_order_is_refused():
    with pytest.raises(ValueError, match="order"):
        Estimate(3, 2, 4)


def test_soliciting_and_then_handling_badly_loses_customers_at_every_draw():
    badly = replace(known(), outcomes=(0.1, 0.2, 0.7))
    assert (saved(badly, badly.solicit(0.1)).draws < 0).all()
