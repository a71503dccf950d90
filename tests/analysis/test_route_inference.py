"""Whose it is likely to be: the engine, on tables of past cases."""

import pytest

from apps.analysis.acceptance import Accepted, likely_owners

BILLING, SHIPPING, WEB = 1, 2, 3


def many(number, department, path, product=""):
    return [Accepted(department, path, product)] * number


def test_of_too_few_cases_nothing_is_said():
    assert likely_owners(many(2, BILLING, "invoice"), path="invoice") == []


@pytest.mark.parametrize(
    ("history", "path", "product", "likeliest"),
    [
        (many(8, BILLING, "invoice/twice") + many(1, SHIPPING, "invoice/twice"), "invoice/twice", "", BILLING),
        # The issue itself says more than its branch, and the product more than the issue.
        (many(9, BILLING, "invoice/late") + many(4, WEB, "invoice/twice"), "invoice/twice", "", WEB),
        (
            many(9, BILLING, "invoice/twice") + many(4, WEB, "invoice/twice", "lamp"),
            "invoice/twice",
            "lamp",
            WEB,
        ),
        (many(9, BILLING, "invoice/twice") + many(4, WEB, "invoice/twice", "lamp"), "invoice/twice", "", BILLING),
        # Of an issue nobody has accepted yet its branch speaks.
        (many(5, SHIPPING, "delivery/late") + many(9, BILLING, "invoice"), "delivery/lost", "", SHIPPING),
        # A path is not a part of a longer word.
        (many(5, SHIPPING, "invoices") + many(4, BILLING, "invoice/x"), "invoice/y", "", BILLING),
        (many(5, SHIPPING, "delivery") + many(9, BILLING, "invoice"), "", "", BILLING),
    ],
)  # fmt: skip
def test_the_narrowest_place_that_is_known_speaks_loudest(history, path, product, likeliest):
    assert likely_owners(history, path=path, product=product)[0].department == likeliest


def test_shares_leave_room_for_somebody_else_and_the_lower_end_lies_below():
    found = likely_owners(
        many(8, BILLING, "invoice/twice") + many(2, SHIPPING, "delivery"), path="invoice/twice"
    )
    assert 0.9 < sum(row.share for row in found) < 1
    assert all(0 < row.at_least < row.share for row in found)
    assert (found[0].own, found[0].cases, found[0].place) == (8, 8, "invoice/twice")


def test_more_of_the_same_makes_it_surer():
    lower = [
        likely_owners(many(n, BILLING, "invoice") + many(1, WEB, "web"), path="invoice")[0].at_least
        for n in (2, 5, 20, 80)
    ]
    assert lower == sorted(lower)
    assert lower[-1] > 0.95


def test_one_acceptance_of_the_very_issue_does_not_outweigh_a_branch():
    history = many(20, BILLING, "invoice/late") + many(1, WEB, "invoice/twice")
    found = likely_owners(history, path="invoice/twice")
    assert found[0].department == BILLING
    assert 0.3 < found[1].share < 0.5


def test_three_cases_of_one_department_make_nothing_certain():
    [found] = likely_owners(many(3, BILLING, "invoice"), path="invoice")
    assert 0.8 < found.share < 1
    assert found.at_least < 0.8
