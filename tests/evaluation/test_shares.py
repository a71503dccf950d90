"""What is counted as good, and of how many."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.control import services as control
from apps.control.models import Clock
from apps.evaluation import queries
from apps.evaluation.tally import Tally
from helpdesk.models import IssueKind, TaxonomyRelease
from tests.factories import NOW, make_issue, make_ticket

LONG_AGO = NOW - timedelta(days=60)


@pytest.fixture
def issue(cast):
    return make_issue("charged-twice", owner=cast.billing)


@pytest.fixture
def contact(cast, issue):
    """Zoe writes about an issue, and it is solved the same day unless told otherwise."""

    def make(*, at=LONG_AGO, issue=issue, solved=True, **fields):
        ticket = make_ticket(cast, at=at, **fields)
        if issue is not None:
            ticket.classify(issue, release=TaxonomyRelease.objects.get(), by=cast.ana, at=at)
        if solved:
            ticket.resolve(by=cast.ana, at=at + timedelta(hours=2))
        return ticket

    return make


def test_promises_are_kept_when_met_in_time_and_broken_when_late_or_overdue(cast, measured):
    control.lay_out_defaults()
    states = [
        Clock.State.MET,
        Clock.State.MET,
        Clock.State.MET_LATE,
        Clock.State.BREACHED,
        Clock.State.RUNNING,
    ]
    for state in states:
        ticket = make_ticket(cast, at=LONG_AGO)
        control.start_clocks(ticket=ticket, at=LONG_AGO)
        Clock.objects.filter(ticket=ticket, kind="resolve").update(state=state)
    assert measured(cast.billing)["resolve"] == Tally(2, 4)


def test_satisfied_are_those_who_say_so_of_those_who_answered(cast, contact, measured):
    for outcome in ("satisfied", "mollified", "dissatisfied", "satisfied"):
        contact().answer_survey(
            outcome=outcome, would_buy_again=None, told_others=None, by=cast.system, at=NOW
        )
    contact()
    assert measured(cast.billing)["satisfied"] == Tally(2, 4)


def test_a_ticket_is_coded_when_its_reason_was_found(cast, contact, measured):
    no_code = make_issue("no-code", kind=IssueKind.NO_CODE)
    contact()
    contact(issue=None)
    contact(issue=no_code)
    assert measured(cast.billing)["coded"] == Tally(1, 3)


def test_a_contact_is_settled_when_nobody_comes_back(contact, measured, cast):
    contact()
    assert measured(cast.billing)["first_contact"] == Tally(1, 1)


def test_a_repeat_within_two_weeks_unsettles_the_first_and_is_no_first_contact_itself(
    contact, measured, cast
):
    contact()
    contact(at=LONG_AGO + timedelta(days=13))
    assert measured(cast.billing)["first_contact"] == Tally(0, 1)


def test_after_two_weeks_it_is_another_first_contact(contact, measured, cast):
    contact()
    contact(at=LONG_AGO + timedelta(days=15))
    assert measured(cast.billing)["first_contact"] == Tally(2, 2)


def test_another_issue_is_no_repeat(contact, measured, cast):
    contact()
    contact(at=LONG_AGO + timedelta(days=1), issue=make_issue("late-parcel"))
    assert measured(cast.billing)["first_contact"] == Tally(2, 2)


def test_a_reopened_or_unsolved_ticket_is_not_settled(contact, measured, cast):
    contact().reopen(reason="not solved", by=cast.ana, at=NOW)
    contact(issue=make_issue("late-parcel"), solved=False)
    assert measured(cast.billing)["first_contact"] == Tally(0, 2)


def test_contacts_too_fresh_to_be_repeated_are_not_counted_yet(contact, measured, cast):
    contact(at=NOW - timedelta(days=13))
    assert measured(cast.billing)["first_contact"] == Tally(0, 0)


def test_a_fix_holds_when_its_last_verdict_says_so_and_it_did_not_come_back(cast, judged_case, measured):
    judged_case()
    judged_case("ineffective")
    judged_case("inconclusive")
    back = judged_case()
    back.move("assess", due_on=None, by=cast.nils, at=NOW)
    assert measured(cast.billing)["prevented"] == Tally(1, 3)


def test_departments_are_counted_apart_and_the_company_as_a_whole(cast, contact, measured):
    contact()
    contact(department=cast.shipping, issue=None)
    assert measured(cast.billing)["coded"] == Tally(1, 1)
    assert measured(cast.shipping)["coded"] == Tally(0, 1)
    assert measured()["coded"] == Tally(1, 2)


def test_each_month_has_its_own_share(cast, contact):
    contact()
    contact(at=NOW - timedelta(days=20), issue=None)
    window = queries.window(months=6, at=NOW)
    company = queries.reports(window, departments=[], goals=[], judged=[])[0]
    coded = next(standard for standard in company.standards if standard.measure == "coded")
    assert [month.share for month in coded.months] == [None, None, None, 1.0, 0.0, None]


def test_a_window_begins_with_a_month_and_ends_now():
    window = queries.window(months=3, at=datetime(2026, 1, 15, 9, tzinfo=UTC))
    assert [str(month) for month in window.months] == ["2025-11-01", "2025-12-01", "2026-01-01"]
    assert window.since == datetime(2025, 11, 1, tzinfo=UTC)
