"""We know of this: said to customers where they ask for help, followed by one press, and over when the case is."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.analysis import services
from apps.analysis.models import CaseNotice
from apps.analysis.queries.history import history_of
from apps.intake.queries import request_page
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event, Ticket
from tests.analysis.stages import SAID, assessed, fresh, nothing_happens
from tests.evaluation.verdicts import judge
from tests.factories import NOW, make_issue

NEW = "/help/new/"
WORDS = {
    "title": "Some bills come twice",
    "text": "The money goes back by itself.",
    "meanwhile": "You need not do anything.",
    "news_on": (NOW + timedelta(days=9)).date(),
}


@pytest.fixture(autouse=True)
def nobody_has_knocked():
    cache.clear()


@pytest.fixture
def case(world):
    row = assessed(world)
    services.publish_case_notice(case=row, **WORDS, by=world.cast.nils, at=NOW)
    return fresh(row)


def page(address):
    return Client().get(address).content.decode()


def press(case, **typed):
    address = f"/help/known/{case.notice.pk}/follow/"
    return Client().post(address, {"email": "jo@x.test", "body": "", "issue": "", "website": ""} | typed)


def is_read():
    return [WORDS["title"] in page(address) for address in ("/help/", NEW)]


def test_it_stands_where_customers_ask_for_help_and_never_the_statement(world, case):
    make_issue("twice-abroad", parent=world.charged)
    assert is_read() == [True, True]
    for address in (f"{NEW}known/?issue=charged-twice", f"{NEW}known/?issue=twice-abroad"):
        assert all(str(WORDS[word]) in page(address) for word in ("title", "text", "meanwhile"))
    chosen = page(f"{NEW}?about=twice-abroad")
    assert "We know about this" in chosen
    assert SAID["statement"] not in chosen + page("/help/")
    for code in ("refund-late", "invoice", "nope", "", "%00"):
        assert "We know about this" not in page(f"{NEW}known/?issue={code}")


def test_one_press_opens_a_ticket_that_waits_with_the_case(world, case):
    answer = press(case)
    ticket = Ticket.objects.get()
    assert answer["Location"].startswith("/help/r/")
    assert (ticket.subject, ticket.status, ticket.channel) == (WORDS["title"], "waiting_owner", "form")
    assert (ticket.primary_issue, ticket.customer.email) == (world.charged, "jo@x.test")
    assert [row.ticket for row in case.evidence.all()] == [ticket]
    told = "We know about this and work on it"
    assert told in dict(request_page(ticket, at=NOW).fields)
    assert WORDS["text"] in page(answer["Location"])
    press(case, body="Twice in May, too")
    assert Ticket.objects.first().messages.get().body == "Twice in May, too"
    case.evidence.get(ticket=ticket).exclude(by=world.cast.nils, at=NOW)
    assert told not in dict(request_page(ticket, at=NOW).fields)


@pytest.mark.parametrize("typed", [{"email": ""}, {"email": "jo@"}, {"issue": "nope"}])
def test_without_an_address_nothing_is_opened_and_what_was_typed_stays(case, typed):
    answer = press(case, body="Since Monday.", **typed)
    assert answer.status_code == 422
    assert "Since Monday." in answer.content.decode()
    assert not Ticket.objects.exists()


def test_a_program_that_fills_in_everything_is_held_back(case):
    assert press(case, website="http://spam.test")["Location"] == "/help/"
    assert not Ticket.objects.exists()


def test_withdrawn_it_is_read_no_longer_and_followed_by_nobody(world, case):
    services.withdraw_case_notice(case=case, by=world.cast.nils, at=NOW)
    assert is_read() == [False, False]
    answer = press(case, body="Since Monday.")
    assert (answer.status_code, "Since Monday." in answer.content.decode()) == (422, True)
    assert not Ticket.objects.exists()
    with nothing_happens(case), pytest.raises(services.NothingSaid):
        services.withdraw_case_notice(case=case, by=world.cast.nils, at=NOW)
    said = [entry.text for entry in history_of(case.ref)]
    assert sum("what all customers read" in text for text in said) == 2


def test_it_ends_with_the_case_and_does_not_come_back_with_it(world, case):
    services.close_case(case=case, outcome="no_cause", note="Nothing", by=world.cast.nils, at=NOW)
    assert not CaseNotice.objects.standing().exists()
    row = fresh(case)
    row.reopen(due_on=NOW.date(), why="expired", note="", by=world.cast.system, at=NOW)
    assert not CaseNotice.objects.standing().exists()


def test_it_ends_with_the_proof_until_it_is_said_again(world, case):
    judge(case, "effective", at=NOW + timedelta(hours=1), by=world.cast.system)
    assert is_read() == [False, False]
    later = NOW + timedelta(hours=2)
    services.publish_case_notice(case=case, **WORDS, by=world.cast.nils, at=later)
    assert is_read() == [True, True]
    assert CaseNotice.objects.get().said_at == later


def test_what_cannot_be_said_is_refused(world, case):
    told = {"case": case, "by": world.cast.nils, "at": NOW}
    for change, error in (
        ({"title": " "}, Invalid),
        ({"text": ""}, Invalid),
        ({"news_on": (NOW - timedelta(days=1)).date()}, Invalid),
        ({"by": world.cast.omar}, NotAllowed),
        ({"by": world.cast.ana}, NotAllowed),
    ):
        with nothing_happens(case), pytest.raises(error):
            services.publish_case_notice(**told | WORDS | change)
    services.close_case(case=case, outcome="no_cause", note="Nothing", by=world.cast.nils, at=NOW)
    with nothing_happens(fresh(case)), pytest.raises(services.WrongState):
        services.publish_case_notice(**told | WORDS)


def test_the_page_of_the_case_says_it_and_takes_it_back(world, sign_in):
    row, client = assessed(world), sign_in(world.cast.nils)
    assert "withdraw-notice" not in client.get(f"/cases/{row.pk}/").content.decode()
    words = {"title": WORDS["title"], "text": WORDS["text"]}
    assert client.post(f"/cases/{row.pk}/publish-notice/", words).status_code == 302
    shown = client.get(f"/cases/{row.pk}/").content.decode()
    assert "All customers read" in shown
    assert f'value="{WORDS["title"]}"' in shown
    assert client.post(f"/cases/{row.pk}/withdraw-notice/").status_code == 302
    assert is_read() == [False, False]
    assert sign_in(world.cast.omar).post(f"/cases/{row.pk}/publish-notice/", words).status_code in (403, 404)


def test_programs_say_it_and_take_it_back(world, caller):
    row = assessed(world)
    client, address = caller(world.cast.nils), f"/api/v1/cases/{row.pk}/notice/"
    answer = client.put(address, {"title": "Twice", "text": "We know."}, format="json")
    assert (answer.status_code, answer.json()["meanwhile"]) == (200, "")
    assert client.get(f"/api/v1/cases/{row.pk}/").json()["notice"]["title"] == "Twice"
    assert client.put(address, {"title": "Twice", "note": "?"}, format="json").status_code == 422
    assert caller(world.cast.omar).put(address, {"title": "x", "text": "y"}, format="json").status_code == 403
    assert [client.delete(address).status_code for _ in range(2)] == [204, 409]
    assert Event.objects.filter(about=row.ref, data__changed__has_key="customer_notice").count() == 2


def test_the_pages_cost_the_same_for_one_notice_and_for_many(world, case):
    def costs(address):
        with CaptureQueriesContext(connection) as queries:
            page(address)
        return len(queries)

    places = ("/help/", NEW, f"{NEW}known/?issue=charged-twice")
    before = [costs(place) for place in places]
    for issue in (world.refund, world.late, world.login):
        row = services.open_case(issue=issue, by=world.cast.nils, at=NOW)
        services.publish_case_notice(case=row, **WORDS, by=world.cast.nils, at=NOW)
    assert [costs(place) for place in places] == before
