from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.analysis import market

HANDLING_A = market.Handling(
    Decimal(".5"),
    Decimal(".40"),
    Decimal(".35"),
    Decimal(".25"),
    Decimal(".05"),
    Decimal(".25"),
    Decimal(".70"),
    Decimal(".45"),
)
CUSTOMERS, VALUE = Decimal(350_000), Decimal(1000)


def handling(*, complain=".5", smd=(".40", ".35", ".25"), silent=".45"):
    return market.Handling(
        Decimal(complain), *map(Decimal, smd), Decimal(".05"), Decimal(".25"), Decimal(".70"), Decimal(silent)
    )


def test_market_damage_is_the_published_example():
    damage = market.market_damage(CUSTOMERS, HANDLING_A, VALUE)
    groups = (damage.lost_satisfied, damage.lost_mollified, damage.lost_dissatisfied, damage.lost_silent)
    assert groups == (Decimal(3500), Decimal("15312.5"), Decimal(30625), Decimal(78750))
    assert damage.lost == Decimal("128187.5")
    assert damage.money == Decimal(128187500)
    assert [market.whole(lost) for lost in (*groups, damage.lost)] == [3500, 15313, 30625, 78750, 128188]


@pytest.mark.parametrize(
    ("customers", "after", "saved"),
    [
        (315_000, handling(), "12818.75"),
        (350_000, handling(complain=".6"), "5862.5"),
        (350_000, handling(smd=(".60", ".25", ".15")), "14875"),
        (350_000, handling(complain=".6", smd=(".60", ".25", ".15")), "23712.5"),
        (315_000, handling(complain=".6", smd=(".60", ".25", ".15")), "34160"),
        (350_000, handling(complain=".6", smd=(".1", ".2", ".7")), "-49262.5"),
    ],
    ids=[
        "prevent",
        "solicit",
        "handle better",
        "solicit and handle",
        "all three",
        "solicit and handle badly",
    ],
)
def test_the_payoff_of_each_lever_is_exact(customers, after, saved):
    before = market.market_damage(CUSTOMERS, HANDLING_A, VALUE)
    gain = market.payoff(before, market.market_damage(Decimal(customers), after, VALUE))
    assert gain.customers == Decimal(saved)
    assert gain.money == Decimal(saved) * 1000


def test_levers_interact_so_single_savings_do_not_add_up():
    assert Decimal("12818.75") + Decimal("5862.5") + Decimal(14875) != Decimal(34160)


def test_prevention_value_is_the_published_example():
    saved = market.prevention_value(
        base=Decimal(80_000),
        rate_before=Decimal(".0567"),
        rate_after=Decimal(".0171"),
        stay_without_problem=Decimal(".74"),
        stay_with_problem=Decimal(".45"),
        value=Decimal("290.41"),
    )
    assert saved.customers == Decimal("918.72")
    assert market.whole(saved.customers) == 919
    assert market.whole(saved.money) == 266_805


ISSUES = (
    ("A", Decimal(".20"), Decimal(".10")),
    ("B", Decimal(".05"), Decimal(".60")),
    ("C", Decimal(".12"), Decimal(".30")),
)


def test_market_at_risk_ranks_neither_by_frequency_nor_by_severity():
    risks = market.market_at_risk(
        base=Decimal(100_000), problem_share=Decimal(".5"), issues=ISSUES, value=Decimal(1)
    )
    assert [(risk.key, risk.customers) for risk in risks] == [("C", 1800), ("B", 1500), ("A", 1000)]


@settings(deadline=None)
@given(st.decimals("0.01", 1000, places=2), st.decimals("0.01", 1000, places=2))
def test_the_ranking_does_not_change_with_the_base_or_the_value(base, value):
    risks = market.market_at_risk(base=base, problem_share=Decimal(".5"), issues=ISSUES, value=value)
    assert [risk.key for risk in risks] == ["C", "B", "A"]


def test_waiting_costs_the_revenue_spread_over_the_months():
    risk = market.IssueRisk("A", Decimal(".01"), Decimal(1000), Decimal(12_000))
    assert risk.per_month(Decimal(12)) == 1000


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (market.multiplier(Decimal(".05")), 20),
        (market.multiplier_from_silent(49), 50),
        (market.multiplier_from_silent(26, 27), 27),
        (market.multiplier(Fraction(1)), 1),
    ],
)
def test_the_multiplier_counts_customers_for_each_who_told_us(found, expected):
    assert found == expected


def test_a_rate_of_zero_leaves_the_multiplier_unknown():
    assert market.multiplier(Decimal(0)) is None
    assert market.multiplier_interval(0, 40)[1] is None


def test_a_rate_above_one_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        market.multiplier(Decimal("1.1"))


@settings(deadline=None)
@given(st.integers(1, 50), st.integers(0, 200))
def test_the_multipliers_interval_holds_its_estimate(complained, quiet):
    low, high = market.multiplier_interval(complained, complained + quiet)
    assert 1 <= low <= (complained + quiet) / complained * 1.0001
    assert high is not None
    assert high >= (complained + quiet) / complained * 0.9999 or quiet == 0


def test_contacts_scale_up_to_the_share_of_customers_with_the_problem():
    assert market.problem_share_from_contacts(Decimal(500), Decimal(20), Decimal(100_000)) == Decimal(".1")
    assert market.problem_share_from_contacts(Decimal(50_000), Decimal(20), Decimal(100_000)) == 1


def test_repeat_contacts_are_the_published_example():
    repeats = market.repeat_contacts(issues=200_000, contacts=338_000, cost_per_contact=Decimal(5))
    assert (repeats.extra, repeats.money) == (138_000, 690_000)


def test_fewer_contacts_than_issues_are_refused():
    with pytest.raises(ValueError, match="fewer contacts"):
        market.repeat_contacts(issues=2, contacts=1, cost_per_contact=Decimal(5))


def test_handling_time_and_refunds_make_the_direct_cost():
    cost = market.contact_cost(
        tickets=Decimal(90), minutes=Decimal(20), hourly_rate=Decimal(36), refunds=Decimal("45.50")
    )
    assert cost == Decimal("1125.50")


@pytest.mark.parametrize("field", ["complain", "loss_silent", "loss_satisfied"])
def test_a_probability_above_one_is_refused(field):
    with pytest.raises(ValueError, match="between 0 and 1"):
        market.Handling(**{**vars(HANDLING_A), field: Decimal("1.01")})


def test_outcomes_that_do_not_add_up_to_one_are_refused():
    with pytest.raises(ValueError, match="add up to 1"):
        handling(smd=(".4", ".4", ".4"))


def test_a_negative_number_of_customers_is_refused():
    with pytest.raises(ValueError, match="negative"):
        market.market_damage(Decimal(-1), HANDLING_A, VALUE)


PERCENT = st.integers(0, 100).map(lambda n: Decimal(n) / 100)


@st.composite
def handlings(draw):
    satisfied = draw(st.integers(0, 100))
    mollified = draw(st.integers(0, 100 - satisfied))
    outcome = (Decimal(n) / 100 for n in (satisfied, mollified, 100 - satisfied - mollified))
    return market.Handling(draw(PERCENT), *outcome, *(draw(PERCENT) for _ in range(4)))


@settings(deadline=None)
@given(handlings(), st.integers(0, 10**6))
def test_everybody_is_counted_once_and_nobody_is_lost_twice(how, customers):
    damage = market.market_damage(Decimal(customers), how, Decimal(10))
    assert damage.complainants + damage.silent == customers
    assert 0 <= damage.lost <= customers


@settings(deadline=None)
@given(handlings(), st.sampled_from(["satisfied", "mollified", "dissatisfied", "silent"]), PERCENT)
def test_a_higher_probability_of_leaving_never_lowers_the_damage(how, group, other):
    field = f"loss_{group}"
    worse = market.Handling(**{**vars(how), field: max(other, getattr(how, field))})
    before, after = (market.market_damage(Decimal(1000), one, Decimal(10)) for one in (how, worse))
    assert after.money >= before.money


@settings(deadline=None)
@given(handlings(), st.integers(0, 10**5), st.integers(0, 10**5))
def test_more_customers_with_the_problem_never_lower_the_damage(how, customers, more):
    few, many = (market.market_damage(Decimal(n), how, Decimal(10)) for n in (customers, customers + more))
    assert many.lost >= few.lost


@settings(deadline=None)
@given(handlings())
def test_soliciting_pays_exactly_when_complainants_leave_less(how):
    def lost(share):
        return market.market_damage(
            Decimal(1000), market.Handling(**{**vars(how), "complain": share}), Decimal(1)
        ).lost

    assert how.soliciting_pays == (lost(Decimal(1)) < lost(Decimal(0)))


def test_the_screen_says_when_soliciting_loses_customers():
    badly = handling(smd=(".1", ".2", ".7"))
    assert "pays" in market.soliciting_sentence(HANDLING_A)
    assert "loses customers" in market.soliciting_sentence(badly)


def test_newer_data_with_the_order_reversed_are_accepted():
    reversed_order = handling(silent=".10")
    assert not reversed_order.soliciting_pays


def test_the_presets_name_their_source():
    assert [preset.silent for preset in market.LOYALTY_PRESETS] == [Decimal("0.37"), Decimal("0.09")]
    assert all(preset.source for preset in market.LOYALTY_PRESETS)


@pytest.mark.parametrize(("amount", "shown"), [("0.005", "0.01"), ("2.675", "2.68"), ("-0.005", "-0.01")])
def test_money_is_shown_to_the_cent_with_halves_up(amount, shown):
    assert market.cents(Decimal(amount)) == Decimal(shown)


def test_what_comes_to_the_wrong_place_first_costs_each_hand_over():
    assert market.misroute_cost(moves=1200, cost_per_move=Decimal("3.50")) == Decimal(4200)
    with pytest.raises(ValueError, match="negative"):
        market.misroute_cost(moves=-1, cost_per_move=Decimal(1))


def test_word_of_mouth_stays_blank_until_its_conversion_is_set_by_hand():
    assert market.word_of_mouth(told=900, conversion=None, value=VALUE) == market.WordOfMouth(900, None, None)
    found = market.word_of_mouth(told=900, conversion=Decimal(".02"), value=VALUE)
    assert (found.lost, found.money) == (Decimal(18), Decimal(18_000))
    assert market.word_of_mouth(told=900, conversion=Decimal(".02"), value=None).money is None


def test_the_sentences_speak_in_customers_and_money():
    damage = market.market_damage(CUSTOMERS, HANDLING_A, VALUE)
    assert market.sentence(damage, "$") == (
        "About 128,188 customers are likely to be lost, worth $128,187,500.00; 61% of them never told us."
    )
    lost = market.payoff_sentence(market.Payoff(Decimal("-49262.5"), Decimal(-49262500)))
    assert lost == "The change loses about 49,263 customers, worth 49,262,500.00."
