"""Figures of a desk that knows little: nothing is made up."""

from datetime import timedelta

import pytest

from apps.analysis.figures import Asked
from apps.analysis.queries.figures import figures
from apps.analysis.queries.money import Cells, money_model
from helpdesk.models import Ticket, TicketIssue
from tests.analysis.assumptions import assume
from tests.analysis.kept_worlds import count_days
from tests.analysis.test_overview import page, rows
from tests.analysis.world import sow_quiet
from tests.factories import NOW, make_ticket

MONEY = Asked(by="money", place="region")


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


def test_without_numbers_nothing_is_known_and_nothing_is_made_up(world):
    sow_quiet(world, days=60)
    count_days(60)
    found = figures(MONEY, at=NOW)
    assert not found.in_money
    assert found.figures.damage is None
    assert found.figures.costs.repeat_cost is None
    assert found.figures.costs.word_of_mouth is None
    assert all(one.money is None for one in found.figures.issues)
    assert money_model(NOW).weigh(Cells.of_issues([None], [1.0])) is None


def test_repeats_are_the_same_customers_same_issue_again(world):
    when = NOW - timedelta(days=3)

    def contact(days, issue, **fields):
        ticket = make_ticket(world.cast, at=when - timedelta(days=days), **fields)
        if issue:
            TicketIssue.objects.create(
                ticket=ticket, issue=issue, release=issue.release, is_primary=True, source="person",
                coded_at=when, at=ticket.opened_at,
            )  # fmt: skip
            Ticket.objects.filter(pk=ticket.pk).update(primary_issue=issue)
        return Ticket.objects.get(pk=ticket.pk)

    first = contact(20, world.charged)
    contact(10, world.charged)  # again within a month
    contact(9, world.late)  # another issue
    contact(60, world.late)  # too long ago to be the same
    contact(5, None)  # nobody knows
    Ticket.objects.filter(pk=first.pk).update(reopened_count=1, attempts_before=2)
    contact(4, world.late).merge_into(contact(4, world.refund), by=world.cast.ana, at=NOW)
    assume(world, "contact_cost", 5, 5, 5)
    costs = figures(Asked(days=30), at=NOW).figures.costs
    # Six tickets in the month; two are no new problem; one reopening, two attempts before.
    assert (costs.contacts, costs.problems, costs.repeats) == (9, 4, 5)
    assert costs.repeat_cost.likely == 25
    charges = {one.department: one for one in costs.charges}
    assert charges["Billing"].contacts == 7
    assert charges["Shipping"].contacts == 1
    assert charges[None].contacts == 1
    assert charges["Shipping"].elsewhere == 1  # answered by Billing
    assert sum(one.cost.likely for one in costs.charges) == 45


def test_uncoded_is_a_bar_when_every_ticket_is_coded(world):
    sow_quiet(world, days=40)
    count_days(60)
    uncoded = rows()["Uncoded"]
    assert (uncoded.tickets, uncoded.share) == (0, 0)
    assert figures(Asked(), at=NOW).figures.coded == 1


@pytest.mark.parametrize(
    ("measure", "words"),
    [("cost", "Direct cost is not known yet"), ("customers", "Customers at risk is not known yet")],
)
def test_a_measure_that_is_not_known_is_told_and_the_order_is_by_tickets(world, sign_in, measure, words):
    sow_quiet(world, days=40)
    count_days(60)
    assert words in page(sign_in(world.cast.nils), by=measure)
    assert figures(Asked(by=measure), at=NOW).measure == "tickets"
