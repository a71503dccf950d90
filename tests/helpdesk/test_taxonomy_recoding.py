"""After a merge tickets are recoded: no count of tickets changes, what was stays known, and it can be taken back."""

from decimal import Decimal

import pytest

from helpdesk.models import Event, Recoding, Ticket, TicketIssue, original_codes
from helpdesk.services import (
    BuiltUpon,
    MergeIssues,
    publish_taxonomy,
    recode_next_batch,
    recode_waiting,
    stop_recoding,
    undo_release,
)
from tests.factories import NOW, make_issue, make_ticket


@pytest.fixture
def issues(cast):
    return {code: make_issue(code) for code in ("twice", "wrong", "late")}


@pytest.fixture
def coded(cast, issues):
    def make(*codes):
        ticket = make_ticket(cast)
        for code in codes:
            ticket.classify(
                issues[code], release=issues[code].release, by=cast.ana, at=NOW, primary=code == codes[0]
            )
        return ticket

    return make


@pytest.fixture
def merge(cast):
    return lambda *codes, into: publish_taxonomy(
        changes=[MergeIssues(codes, into=into)], note="", by=cast.ada, at=NOW
    )


def carried(ticket):
    return {row.issue.code: row.is_primary for row in ticket.issues.select_related("issue")}


def everything():
    """Every coding and what lists read from the tickets."""
    codes = TicketIssue.objects.order_by("ticket", "issue").values_list(
        "ticket",
        "issue",
        "is_primary",
        "source",
        "coded_by",
        "coded_at",
        "suspected_cause",
        "remedy",
        "remedy_amount",
    )
    return list(codes), list(Ticket.objects.order_by("pk").values_list("pk", "primary_issue"))


def test_tickets_of_a_merged_issue_carry_the_one_that_stays(coded, merge):
    ticket = coded("wrong")
    release = merge("wrong", into="twice")
    assert recode_waiting(at=NOW) == 2  # the batch, and the look that finds nothing left
    ticket.refresh_from_db()
    row = ticket.issues.get()
    assert (ticket.primary_issue.code, row.issue.code, row.release) == ("twice", "twice", release)
    assert Recoding.objects.get().state == "done"


def test_a_ticket_with_both_counts_once_and_keeps_its_primary(coded, merge):
    ticket = coded("wrong", "twice", "late")
    merge("wrong", into="twice")
    recode_waiting(at=NOW)
    assert carried(ticket) == {"twice": True, "late": False}
    ticket.refresh_from_db()
    assert ticket.primary_issue.code == "twice"
    assert Recoding.objects.get().collapsed == 1


def test_a_second_issue_does_not_become_primary_by_a_merge(coded, merge):
    ticket = coded("late", "wrong", "twice")
    merge("wrong", into="twice")
    recode_waiting(at=NOW)
    assert carried(ticket) == {"late": True, "twice": False}


def test_three_merged_issues_on_one_ticket_become_one(coded, merge):
    ticket = coded("wrong", "late", "twice")
    merge("wrong", "late", into="twice")
    recode_waiting(at=NOW)
    assert carried(ticket) == {"twice": True}


def test_no_money_is_lost_where_two_codes_become_one(coded, merge):
    ticket = coded("wrong", "twice")
    ticket.issues.filter(issue__code="wrong").update(remedy="refund", remedy_amount=Decimal("12.50"))
    ticket.issues.filter(issue__code="twice").update(remedy="credit", remedy_amount=Decimal(5))
    merge("wrong", into="twice")
    recode_waiting(at=NOW)
    row = ticket.issues.get()
    assert (row.remedy, row.remedy_amount) == ("credit", Decimal("17.50"))


def test_the_original_code_and_its_edition_stay_known(coded, merge):
    ticket = coded("wrong")
    merge("wrong", into="twice")
    recode_waiting(at=NOW)
    [before] = original_codes(ticket.pk)
    assert (before.issue_before.code, before.release_before.number) == ("wrong", 1)
    event = Event.objects.get(kind="ticket.recoded")
    assert (event.ticket, event.owes) == (ticket, [])


def test_batches_go_on_where_the_last_one_ended(coded, merge):
    for _ in range(5):
        coded("wrong")
    merge("wrong", into="twice")
    seen = []
    while recode_next_batch(at=NOW, size=2):
        seen.append(Recoding.objects.get().seen)
    assert seen == [2, 4, 5, 5]
    assert not TicketIssue.objects.filter(issue__code="wrong").exists()


def test_a_target_that_was_merged_itself_meanwhile_is_followed(coded, merge):
    ticket = coded("wrong")
    merge("wrong", into="twice")
    merge("twice", into="late")
    recode_waiting(at=NOW)
    assert carried(ticket) == {"late": True}


def test_an_undo_gives_every_ticket_its_own_code_back(cast, coded, merge):
    for codes in (["wrong"], ["twice"], ["wrong", "twice"], ["late", "wrong", "twice"], ["twice", "wrong"]):
        coded(*codes)
    before = everything()
    release = merge("wrong", into="twice")
    recode_waiting(at=NOW)
    undo_release(release=release, by=cast.ada, at=NOW)
    recode_waiting(at=NOW)
    assert everything() == before


def test_an_undo_parts_what_two_merges_brought_together(cast, coded, merge):
    for codes in (
        ["wrong", "late"],
        ["late", "wrong"],
        ["late", "wrong", "twice"],
        ["twice", "late"],
        ["wrong"],
    ):
        coded(*codes)
    before = everything()
    release = merge("wrong", "late", into="twice")
    recode_waiting(at=NOW)
    undo_release(release=release, by=cast.ada, at=NOW)
    recode_waiting(at=NOW)
    assert everything() == before


def test_a_merge_whose_target_was_merged_is_not_undone_before_that(cast, coded, merge):
    coded("wrong")
    before = everything()
    first, second = merge("wrong", into="twice"), merge("twice", into="late")
    recode_waiting(at=NOW)
    with pytest.raises(BuiltUpon):
        undo_release(release=first, by=cast.ada, at=NOW)
    for release in (second, first):
        undo_release(release=release, by=cast.ada, at=NOW)
        recode_waiting(at=NOW)
    assert everything() == before


def test_an_undo_leaves_what_somebody_has_coded_since(cast, issues, coded, merge):
    ticket = coded("wrong")
    release = merge("wrong", into="twice")
    recode_waiting(at=NOW)
    ticket.refresh_from_db()
    ticket.classify(issues["late"], release=release, by=cast.ana, at=NOW)
    ticket.issues.filter(issue=issues["twice"]).delete()
    undo_release(release=release, by=cast.ada, at=NOW)
    recode_waiting(at=NOW)
    assert carried(ticket) == {"late": True}


def test_an_undo_halfway_leaves_the_others_as_they_are(cast, coded, merge):
    for _ in range(3):
        coded("wrong")
    before = everything()
    release = merge("wrong", into="twice")
    recode_next_batch(at=NOW, size=2)
    undo_release(release=release, by=cast.ada, at=NOW)
    recode_waiting(at=NOW)
    assert everything() == before


def test_a_stopped_recoding_goes_no_further(cast, coded, merge):
    coded("wrong")
    merge("wrong", into="twice")
    stop_recoding(recoding=Recoding.objects.get(), by=cast.ada, at=NOW)
    assert recode_next_batch(at=NOW) is None
    assert TicketIssue.objects.filter(issue__code="wrong").exists()
