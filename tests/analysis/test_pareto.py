import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.analysis.pareto import pareto, rank_words, sentence

TICKETS = st.lists(st.integers(0, 500), min_size=1, max_size=20)


def ranked(tickets, **options):
    return pareto([f"issue {n}" for n in range(len(tickets))], tickets, seed=1, **options)


def test_the_vital_few_carry_four_fifths():
    result = ranked([10, 500, 300, 40, 150])
    assert [bar.key for bar in result.bars] == ["issue 1", "issue 2", "issue 4", "issue 3", "issue 0"]
    assert [bar.key for bar in result.vital] == ["issue 1", "issue 2"]
    assert result.bars[1].cumulative == pytest.approx(0.8)


def test_money_orders_differently_from_tickets():
    result = ranked([100, 10], unit_weight=[1.0, 50.0])
    assert [bar.key for bar in result.bars] == ["issue 1", "issue 0"]
    assert result.bars[0].weight == 500


def test_uncoded_tickets_are_a_bar_of_their_own_at_the_end():
    result = ranked([50, 30], uncoded=20)
    last = result.bars[-1]
    assert (last.key, last.share, last.rank, last.cumulative) == ("uncoded", pytest.approx(0.2), None, 1.0)
    assert result.coded_share == pytest.approx(0.8)
    assert rank_words(last) == "not ranked"


def test_a_rank_carries_its_uncertainty():
    result = ranked([100, 98, 5])
    assert (result.bars[0].rank_low, result.bars[0].rank_high) == (1, 2)
    assert rank_words(result.bars[0]) == "1 (1–2)"
    assert rank_words(result.bars[2]) == "3"


def test_nothing_to_rank_is_said_plainly():
    assert sentence(ranked([0, 0])) == "There is nothing to rank yet."
    assert pareto([], [], seed=1).bars == ()


def test_only_uncoded_tickets_still_make_a_chart():
    result = pareto([], [], seed=1, uncoded=12)
    assert result.bars[0].share == 1
    assert result.coded_share == 0


def test_names_and_numbers_must_match():
    with pytest.raises(ValueError, match="length"):
        pareto(["a"], [1, 2], seed=1)


def test_negative_tickets_are_refused():
    with pytest.raises(ValueError, match="negative"):
        ranked([-1])


@settings(deadline=None)
@given(TICKETS, st.integers(0, 100))
def test_shares_add_up_and_bars_fall(tickets, uncoded):
    result = ranked(tickets, uncoded=uncoded, draws=20)
    coded = [bar for bar in result.bars if bar.rank is not None]
    assert [bar.weight for bar in coded] == sorted((bar.weight for bar in coded), reverse=True)
    if result.total:
        assert sum(bar.share for bar in result.bars) == pytest.approx(1)
    assert sum(bar.count for bar in result.bars) == sum(tickets) + uncoded


def test_the_sentence_counts_the_few_and_the_uncoded():
    assert sentence(ranked([500, 300, 100, 50], uncoded=50)) == (
        "2 of 4 issues make 80% of the total; 5% of tickets carry no code."
    )


def test_no_uncoded_ticket_is_a_bar_of_nothing_where_it_is_asked_for():
    last = ranked([50, 30], uncoded=0).bars[-1]
    assert (last.key, last.weight, last.share, last.rank) == ("uncoded", 0, 0, None)


def test_the_weight_of_the_uncoded_may_be_known():
    result = ranked([10, 10], unit_weight=[3.0, 1.0], uncoded=5, uncoded_weight=60)
    assert result.bars[-1].share == pytest.approx(0.6)
    assert result.coded_share == pytest.approx(0.8)


def test_the_sentence_names_what_the_bars_are():
    said = sentence(ranked([500, 100], uncoded=0), noun="areas", coded=0.9)
    assert said == "1 of 2 areas make 83% of the total; 10% of tickets carry no code."
