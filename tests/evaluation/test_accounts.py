"""Whose contacts are these, what do they cost, and what was prevented."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.analysis.models import Assumption
from apps.evaluation import queries
from helpdesk.models import TaxonomyRelease
from tests.evaluation.verdicts import judge
from tests.factories import NOW, make_issue, make_ticket


@pytest.fixture
def accounts(cast):
    def read():
        window = queries.window(months=6, at=NOW)
        judged = queries.judged_cases(window)
        found = queries.accounts(window, departments=[cast.billing, cast.shipping], judged=judged)
        return {row.department: row for row in found.rows}

    return read


def assume(cast, cost, issue=None):
    Assumption.objects.create(
        parameter="contact_cost", issue=issue, low=cost, likely=cost, high=cost, source="time study",
        dated_on=NOW.date(), valid_from=NOW.date(), set_by=cast.nils, set_at=NOW,
    )  # fmt: skip


def contact(cast, issue, **fields):
    ticket = make_ticket(cast, at=NOW - timedelta(days=1), **fields)
    if issue:
        ticket.classify(issue, release=TaxonomyRelease.objects.get(), by=cast.ana, at=NOW)
    return ticket


def test_a_contact_is_charged_to_whoever_owns_its_issue(cast, accounts):
    parcel = make_issue("late-parcel", owner=cast.shipping)
    contact(cast, parcel)
    contact(cast, parcel, department=cast.shipping)
    rows = accounts()
    assert (rows[cast.shipping].contacts, rows[cast.shipping].elsewhere) == (2, 1)
    assert rows[cast.billing].contacts == 0


def test_contacts_nobody_owns_are_a_row_of_their_own(cast, accounts):
    contact(cast, None)
    contact(cast, make_issue("weather"))
    assert accounts()[None].contacts == 2


def test_a_merged_ticket_is_the_same_contact(cast, accounts):
    issue = make_issue(owner=cast.billing)
    contact(cast, issue).merge_into(contact(cast, issue), by=cast.ana, at=NOW)
    assert accounts()[cast.billing].contacts == 1


def test_cost_is_contacts_times_what_one_costs_and_an_issue_may_cost_more(cast, accounts):
    cheap, dear = make_issue("cheap", owner=cast.billing), make_issue("dear", owner=cast.billing)
    assume(cast, Decimal("5.20"))
    assume(cast, Decimal(40), dear)
    for issue in (cheap, cheap, dear):
        contact(cast, issue)
    assert accounts()[cast.billing].cost == Decimal("50.40")


def test_without_an_assumption_nobody_is_told_a_cost(cast, accounts):
    contact(cast, make_issue(owner=cast.billing))
    assert accounts()[cast.billing].cost is None


def test_a_department_is_credited_with_the_fixes_that_hold(cast, accounts, judged_case):
    judged_case(saved="1000")
    judged_case("partially effective", saved="250.50")
    judged_case("worse")
    judged_case(saved="9000").move("assess", due_on=None, by=cast.nils, at=NOW)
    row = accounts()[cast.billing]
    assert (row.proven, row.tried, row.came_back, row.saved) == (2, 4, 1, Decimal("1250.50"))
    assert accounts()[cast.shipping].saved is None


def test_a_case_counts_once_with_its_last_verdict(cast, accounts, judged_case):
    case = judged_case("ineffective")
    judge(case, "effective", at=NOW - timedelta(days=1), by=cast.nils, look=2)
    row = accounts()[cast.billing]
    assert (row.proven, row.tried) == (1, 1)
