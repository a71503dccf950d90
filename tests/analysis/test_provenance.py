from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.analysis.figures import Asked
from apps.analysis.provenance import Address, Provenance, digest, plain
from apps.analysis.simulation import Range

AT = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)


def test_an_address_is_read_back_as_it_was_written():
    where = Provenance.of("analysis", {"by": "money", "days": "90"}, release=3, as_of=AT, figures={"a": 1})
    read = Address.read(where.address)
    assert (read.name, read.asked, read.as_of, read.release) == (
        "analysis",
        {"by": "money", "days": "90"},
        AT,
        3,
    )
    assert read.digest == where.digest == digest({"a": 1})


def test_an_address_may_be_as_short_as_a_name():
    assert Address.read("analysis") == Address("analysis", {}, None, None, "")


@pytest.mark.parametrize(
    "wrong", ["analysis?days", "analysis?as_of=yesterday", "analysis?as_of=2026-05-04T10:00"]
)
def test_what_is_no_address_is_refused(wrong):
    with pytest.raises(ValueError):
        Address.read(wrong)


def test_figures_are_spelled_in_one_way():
    figures = Range(Decimal("1.50"), Decimal(2), Decimal("30.00"))
    assert plain({"money": figures, "on": date(2026, 5, 4), "rows": (None, 0.1)}) == {
        "money": {"low": "1.50", "likely": "2", "high": "30.00"}, "on": "2026-05-04", "rows": [None, 0.1],
    }  # fmt: skip
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_the_digest_notices_the_last_digit(one, other):
    assert (digest([one]) == digest([other])) == (repr(one) == repr(other))


@pytest.mark.parametrize(
    "words",
    [{"days": "7"}, {"by": "mood"}, {"place": "moon"}, {"prevent": "101"}, {"days": "x"}, {"colour": "red"}],
)
def test_what_cannot_be_asked_is_refused(words):
    with pytest.raises(ValueError):
        Asked.read(words)


def test_what_is_asked_is_written_and_read_alike():
    asked = Asked.read({"days": "30", "by": "money", "place": "region", "solicit": "0"})
    assert Asked.read(asked.words) == asked
