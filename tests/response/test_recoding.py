"""Tickets that were coded wrongly get another issue together; who and why is known, and there is a way back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from apps.response import services as response
from apps.response.queries import history
from apps.response.recoding import services
from apps.response.recoding.models import UNDO_FOR, HandRecodedTicket, HandRecoding
from apps.response.recoding.queries import preview
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event, TicketIssue
from tests.factories import NOW, make_issue, make_ticket, make_token, make_user

QUERY = "issue:charged-twice"
WHY = "The word “double” means the new tariff"


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def charged(cast):
    return make_issue("charged-twice", owner=cast.billing)


@pytest.fixture
def tariff(cast):
    return make_issue("new-tariff", owner=cast.shipping)


@pytest.fixture
def coded(cast, charged):
    def code(issue=charged, **more):
        ticket = make_ticket(cast)
        response.classify(ticket=ticket, issue=issue, by=cast.ana, at=NOW, **more)
        return ticket

    return code


def begin(cast, target, **more):
    given = {"query": QUERY, "target": target, "reason": WHY, "by": cast.nils, "at": NOW} | more
    return services.recode_by_hand(**given)


def work(at=NOW):
    return services.work_on_hand_recodings(at=at)


def codes(ticket):
    rows = TicketIssue.objects.filter(ticket=ticket).order_by("pk")
    return [(row.issue.code, row.is_primary) for row in rows]


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_tickets_get_the_other_issue_and_each_says_who_and_why(cast, charged, tariff, coded):
    tickets = [coded() for _ in range(3)]
    row = begin(cast, tariff, expected=3)
    assert (row.total, row.state) == (3, "waiting")
    work()
    row = fresh(row)
    assert (row.state, row.seen, row.recoded) == ("done", 3, 3)
    for ticket in tickets:
        assert codes(ticket) == [("new-tariff", True)]
        assert fresh(ticket).primary_issue == tariff
    event = Event.objects.filter(ticket=tickets[0], kind="ticket.classified").latest("pk")
    assert (event.by, event.data["before"], event.owes) == (cast.nils, charged.pk, [])
    said = [moment.text for moment in history(tickets[0])]
    assert any(WHY in text for text in said)


def test_it_is_done_in_batches_and_a_second_worker_finds_nothing_to_do_twice(cast, tariff, coded):
    for _ in range(5):
        coded()
    row = begin(cast, tariff)
    services.recode_next_by_hand(at=NOW, size=2)
    assert (fresh(row).state, fresh(row).seen) == ("running", 2)
    work()
    work()
    assert Event.objects.filter(kind="ticket.classified", data__recoding=row.pk).count() == 5


def test_it_is_undone_with_all_that_stood_on_the_codes(cast, charged, tariff, coded):
    ticket = coded(suspected_cause="product")
    before = TicketIssue.objects.filter(ticket=ticket).values().get()
    row = begin(cast, tariff)
    work()
    row = services.undo_hand_recoding(recoding=fresh(row), reason="A mistake", by=cast.nils, at=NOW)
    assert row.state == "undoing"
    work(NOW + timedelta(hours=1))
    assert TicketIssue.objects.filter(ticket=ticket).values().get() == before
    assert (fresh(row).state, fresh(row).undone) == ("undone", 1)
    assert fresh(ticket).primary_issue == charged
    assert Event.objects.latest("pk").data["reason"] == "undone: A mistake"


def test_a_ticket_with_both_counts_once_and_parts_again(cast, charged, tariff, coded):
    ticket = coded()
    response.classify(ticket=ticket, issue=tariff, primary=False, by=cast.ana, at=NOW)
    for issue, amount in ((charged, 5), (tariff, 7)):
        response.give_remedy(
            ticket=ticket, remedy="refund", amount=Decimal(amount), issue=issue, by=cast.ada, at=NOW
        )
    row = begin(cast, tariff)
    work()
    assert codes(ticket) == [("new-tariff", True)]
    assert TicketIssue.objects.get(ticket=ticket).remedy_amount == 12
    services.undo_hand_recoding(recoding=fresh(row), by=cast.nils, at=NOW)
    work()
    assert sorted(codes(ticket)) == [("charged-twice", True), ("new-tariff", False)]
    amounts = TicketIssue.objects.filter(ticket=ticket).values_list("issue__code", "remedy_amount")
    assert dict(amounts) == {"charged-twice": 5, "new-tariff": 7}


def test_a_second_code_is_replaced_where_it_is_named(cast, charged, tariff, coded):
    other = make_issue("late-parcel")
    ticket = coded(other)
    response.classify(ticket=ticket, issue=charged, primary=False, by=cast.ana, at=NOW)
    begin(cast, tariff, instead_of=charged)
    work()
    assert sorted(codes(ticket)) == [("late-parcel", True), ("new-tariff", False)]
    assert fresh(ticket).primary_issue == other


def test_what_somebody_coded_meanwhile_stays_and_says_so(cast, charged, tariff, coded):
    before, after = coded(), coded()
    row, other = begin(cast, tariff), make_issue("late-parcel")
    response.classify(ticket=before, issue=other, by=cast.ana, at=NOW)
    work()
    assert str(HandRecodedTicket.objects.get(ticket=before).why) == "coded otherwise meanwhile"
    assert fresh(before).primary_issue == other
    response.classify(
        ticket=after, issue=tariff, suspected_cause="product", by=cast.ana, at=NOW + timedelta(hours=1)
    )
    services.undo_hand_recoding(recoding=fresh(row), by=cast.nils, at=NOW)
    work()
    assert fresh(after).primary_issue == tariff
    assert HandRecodedTicket.objects.get(ticket=after).state == "stays"
    assert (fresh(row).left, fresh(row).undone) == (1, 0)


def test_it_is_stopped_and_what_is_recoded_stays(cast, tariff, coded):
    for _ in range(3):
        coded()
    row = begin(cast, tariff)
    services.recode_next_by_hand(at=NOW, size=1)
    services.stop_hand_recoding(recoding=row, by=cast.nils, at=NOW)
    assert work() == 0
    assert (fresh(row).state, fresh(row).recoded) == ("stopped", 1)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"query": " "}, "which tickets"),
        ({"query": "issue:nothing"}, "not understood"),
        ({"query": "is:open is:uncoded"}, "Between 1 and"),
        ({"reason": " "}, "why"),
    ],
)
def test_what_is_not_said_clearly_is_refused(cast, tariff, coded, wrong, words):
    coded()
    with pytest.raises(Invalid, match=words):
        begin(cast, tariff, **wrong)
    assert not HandRecoding.objects.exists()


def test_an_issue_with_finer_ones_below_it_is_no_target(cast, tariff, coded):
    coded()
    make_issue("new-tariff-night", parent=tariff)
    with pytest.raises(response.UnusableIssue):
        begin(cast, tariff)


def test_other_tickets_than_were_shown_are_not_recoded(cast, tariff, coded):
    coded()
    with pytest.raises(services.SelectionChanged):
        begin(cast, tariff, expected=2)
    assert not HandRecoding.objects.exists()


def test_it_can_be_undone_for_thirty_days_and_once(cast, tariff, coded):
    coded()
    row = begin(cast, tariff)
    with pytest.raises(services.CantBeUndone):
        services.undo_hand_recoding(recoding=row, by=cast.nils, at=NOW)
    work()
    with pytest.raises(services.CantBeUndone):
        services.undo_hand_recoding(recoding=fresh(row), by=cast.nils, at=NOW + UNDO_FOR)
    services.undo_hand_recoding(recoding=fresh(row), by=cast.nils, at=NOW)
    with pytest.raises(services.CantBeUndone):
        services.undo_hand_recoding(recoding=fresh(row), by=cast.nils, at=NOW)


@pytest.mark.parametrize("name", ["ana", "lena", "omar"])
def test_only_analysts_and_administrators_recode(cast, tariff, coded, name):
    coded()
    with pytest.raises(NotAllowed):
        begin(cast, tariff, by=getattr(cast, name))
    assert not HandRecoding.objects.exists()


def test_a_program_of_one_department_recodes_its_tickets_alone(cast, tariff, coded):
    ticket, courier = coded(), make_user("courier", "api_client", cast.shipping)
    with pytest.raises(Invalid, match="Between 1 and"):
        begin(cast, tariff, by=courier)
    row = begin(cast, tariff)
    with pytest.raises(NotFound):
        services.stop_hand_recoding(recoding=row, by=courier, at=NOW)
    assert codes(ticket) == [("charged-twice", True)]


def test_the_effect_is_told_before_and_after(cast, charged, tariff, coded):
    coded(), coded(), coded(tariff), make_ticket(cast)
    found = preview("is:open", target=tariff, instead_of=None, user=cast.nils, at=NOW)
    assert (found.found, found.to_recode, found.same, found.without) == (4, 2, 1, 1)
    told = {change.issue.code: (change.now, change.then) for change in found.changes}
    assert told == {"charged-twice": (2, 0), "new-tariff": (1, 3)}
    assert found.owners == ("Billing",)
    assert len(found.samples) == 2
    assert not TicketIssue.objects.filter(ticket__in=[s.ticket for s in found.samples], issue=tariff).exists()


def test_the_effect_costs_the_same_for_one_ticket_and_for_twenty(cast, tariff, coded):
    def queries():
        with CaptureQueriesContext(connection) as made:
            preview(QUERY, target=tariff, instead_of=None, user=cast.nils, at=NOW)
        return len(made)

    coded()
    one = queries()
    for _ in range(19):
        coded()
    # Names, moving, issues, now, about, found, same, samples (3).
    assert queries() == one <= 10


# --- doors --------------------------------------------------------------------------------------------


def test_on_the_page_it_is_looked_at_begun_followed_and_undone(cast, charged, tariff, coded, sign_in):
    browser, ticket = sign_in(cast.nils), coded()
    asked = {"query": QUERY, "target": "new-tariff"}
    page = browser.get(reverse("recodings"), asked).content.decode()
    assert "Recode 1 ticket" in page
    assert "Please look at my invoice." in page
    refused = browser.post(reverse("recodings"), asked | {"reason": " ", "expected": "1"})
    assert refused.status_code == 422
    answer = browser.post(reverse("recodings"), asked | {"reason": WHY, "expected": "1"})
    row = HandRecoding.objects.get()
    assert answer.headers["Location"] == reverse("recoding", args=[row.pk])
    assert 'hx-trigger="every 2s"' in browser.get(answer.headers["Location"]).content.decode()
    work()
    page = browser.get(answer.headers["Location"]).content.decode()
    assert f"#{ticket.pk}" in page
    assert 'hx-trigger="every 2s"' not in page
    browser.post(reverse("undo_hand_recoding", args=[row.pk]), {"reason": "No"})
    work()
    assert codes(ticket) == [("charged-twice", True)]


def test_the_queue_leads_to_it(cast, coded, sign_in):
    coded()
    page = sign_in(cast.nils).get(reverse("queue"), {"q": QUERY}).content.decode()
    assert f"{reverse('recodings')}?q=issue%3Acharged-twice" in page
    assert reverse("recodings") not in sign_in(cast.ana).get(reverse("queue"), {"q": QUERY}).content.decode()


@pytest.mark.parametrize("name", ["ana", "lena", "omar"])
def test_the_pages_are_for_analysts_and_administrators(cast, tariff, coded, sign_in, name):
    coded()
    row, browser = begin(cast, tariff), sign_in(getattr(cast, name))
    assert browser.get(reverse("recodings")).status_code == 403
    assert browser.get(reverse("recoding", args=[row.pk])).status_code == 403


@pytest.fixture
def api(cast):
    client = APIClient()
    key = make_token(cast.robot, "taxonomy:read", "taxonomy:write")
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


def test_by_api_it_is_looked_at_begun_followed_and_undone(cast, charged, tariff, coded, api):
    ticket, asked = coded(), {"query": QUERY, "target": "new-tariff"}
    found = api.post("/api/v1/recodings/preview/", asked, format="json").json()
    assert (found["to_recode"], found["changes"][0]["issue"]) == (1, "charged-twice")
    answer = api.post("/api/v1/recodings/", asked | {"reason": WHY, "expected": 1}, format="json")
    assert answer.status_code == 202
    at = f"/api/v1/recodings/{answer.json()['id']}/"
    work()
    assert api.get(at).json()["recoded"] == 1
    (row,) = api.get(f"{at}tickets/", {"state": "recoded"}).json()["data"]
    assert (row["ticket"], row["issue_before"]) == (ticket.pk, "charged-twice")
    assert api.get("/api/v1/recodings/").json()["data"][0]["reason"] == WHY
    assert api.post(f"{at}undo/", {"reason": "No"}, format="json").json()["state"] == "undoing"
    work()
    assert codes(ticket) == [("charged-twice", True)]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"target": "nothing"}, 422),
        ({"expected": 9}, 409),
        ({"why": "x"}, 422),
        ({"query": "issue:nope"}, 422),
    ],
)
def test_by_api_what_is_wrong_is_refused(cast, tariff, coded, api, wrong, status):
    coded()
    given = {"query": QUERY, "target": "new-tariff", "reason": WHY} | wrong
    assert api.post("/api/v1/recodings/", given, format="json").status_code == status
    assert not HandRecoding.objects.exists()


def test_a_token_without_the_scope_recodes_nothing(cast, tariff, coded):
    coded()
    client = APIClient()
    client.credentials(
        HTTP_AUTHORIZATION=f"Bearer {make_token(cast.robot, 'tickets:write', 'taxonomy:read')}"
    )
    given = {"query": QUERY, "target": "new-tariff", "reason": WHY}
    assert client.post("/api/v1/recodings/", given, format="json").status_code == 403
    assert client.post("/api/v1/recodings/preview/", given | {}, format="json").status_code == 422
    assert not HandRecoding.objects.exists()
