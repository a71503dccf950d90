"""What proven fixes saved, day by day, while their proof held."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.analysis.proof import Holding, Saved, sum_up
from apps.analysis.proof.ledger import quarter_of

FIXED = Holding(700, 910, 1_000, start=date(2026, 4, 1))


def test_a_whole_quarter_saves_what_was_proven_for_a_quarter():
    assert FIXED.saved(date(2026, 4, 1), date(2026, 7, 1)) == Saved(700, 910, 1_000)


def test_a_relapse_ends_the_saving_on_the_day_it_began():
    gone = Holding(700, 910, 1_000, start=date(2026, 4, 1), until=date(2026, 4, 11))
    assert gone.saved(date(2026, 4, 1), date(2026, 7, 1)).likely == pytest.approx(100)
    assert gone.saved(date(2026, 7, 1), date(2026, 10, 1)).likely == 0


def test_nothing_counts_before_it_was_proven_to_work():
    assert FIXED.saved(date(2026, 1, 1), date(2026, 4, 1)) == Saved()


def test_errors_of_several_fixes_add_up_as_squares():
    total = sum_up([Saved(70, 100, 130), Saved(60, 100, 140)])
    assert total == Saved(150, 200, 250)
    assert sum_up([]) == Saved()


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), (date(2026, 1, 1), date(2026, 4, 1))),
        (date(2026, 5, 17), (date(2026, 4, 1), date(2026, 7, 1))),
        (date(2026, 12, 31), (date(2026, 10, 1), date(2027, 1, 1))),
    ],
)
def test_a_day_lies_in_its_quarter(day, quarter):
    assert quarter_of(day) == quarter


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 400), st.integers(0, 400))
def test_quarters_split_a_saving_without_losing_a_day(first, length, held):
    holding = Holding(1, 2, 3, start=date(2026, 1, 1), until=date(2026, 1, 1) + timedelta(days=held))
    stop = first + timedelta(days=length)
    days, day = 0, first
    while day < stop:
        end = min(quarter_of(day)[1], stop)
        days, day = days + holding.days_between(day, end), end
    assert days == holding.days_between(first, stop)
