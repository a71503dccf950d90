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
from apps.analysis.queries.known_issues import known_like
from apps.intake.queries import request_page
from apps.response.services import solve
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event, Issue, Ticket
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
    case.evidence.get(ticket=ticket).exclude(by=world.cast.nils, at=NOW)
    assert told not in dict(request_page(ticket, at=NOW).fields)
    press(case, body="Twice in May, too")
    assert Ticket.objects.first().messages.get().body == "Twice in May, too"


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


# --- pressed twice ------------------------------------------------------------------------------------


def test_whoever_presses_twice_follows_once_and_is_told_so(case):
    first = press(case, body="Twice in May, too")["Location"]
    for body in ("", "Twice in May, too"):
        again = press(case, body=body)
        # Not to the ticket: anybody can type an address.
        assert again["Location"] == "/help/"
        assert "You follow this already" in again.client.get("/help/").content.decode()
    assert Ticket.objects.count() == 1
    assert first != "/help/"


def test_further_words_of_somebody_who_follows_are_not_lost(case):
    press(case)
    answer = press(case, body="And in June.", email="JO@x.test ")
    assert (answer.status_code, Ticket.objects.count()) == (422, 1)
    told = answer.content.decode()
    assert "And in June." in told
    assert "You follow this already" in told


def test_a_customer_who_is_signed_in_is_led_to_their_ticket(world, case, sign_in):
    client, address = sign_in(world.cast.zoe_account), f"/help/known/{case.notice.pk}/follow/"
    places = [client.post(address, {"body": "", "issue": ""})["Location"] for _ in range(2)]
    assert places[0] == places[1] + "?sent=1"
    assert "You follow this already" in client.get(places[1]).content.decode()


def test_others_follow_for_themselves_and_so_does_who_was_answered(world, case):
    press(case)
    press(case, email="kim@x.test")
    assert Ticket.objects.count() == 2
    for ticket in Ticket.objects.all():
        solve(ticket=ticket, by=world.cast.ana, at=NOW)
    press(case)
    assert Ticket.objects.count() == 3


# --- in several languages -----------------------------------------------------------------------------

GERMAN = {"title": "Manche Rechnungen kommen doppelt", "text": "Das Geld kommt zurück.", "meanwhile": ""}


@pytest.fixture
def translated(world, case):
    services.publish_case_notice(case=case, **WORDS, translations={"de": GERMAN}, by=world.cast.nils, at=NOW)
    return fresh(case)


def in_german(address, **sent):
    client = Client(headers={"accept-language": "de"})
    return (client.post(address, sent) if sent else client.get(address)).content.decode()


def test_customers_read_it_in_their_language_and_else_in_the_desks(translated):
    for address in ("/help/", f"{NEW}known/?issue=charged-twice"):
        german = in_german(address)
        assert GERMAN["text"] in german
        # Never half in each.
        assert not [word for word in (WORDS["title"], WORDS["meanwhile"]) if word in german]
        assert WORDS["text"] in page(address)
        french = Client(headers={"accept-language": "fr"}).get(address).content.decode()
        assert WORDS["text"] in french


def test_the_ticket_and_its_page_speak_the_language_it_was_pressed_in(translated):
    client = Client(headers={"accept-language": "de"})
    sent = {"email": "jo@x.test", "body": "", "issue": "", "website": ""}
    answer = client.post(f"/help/known/{translated.notice.pk}/follow/", sent)
    assert Ticket.objects.get().subject == GERMAN["title"]
    assert GERMAN["text"] in client.get(answer["Location"]).content.decode()
    assert WORDS["text"] in page(answer["Location"])


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"fr": GERMAN}, "translations"),
        ({"en": GERMAN}, "translations"),
        ({"de": GERMAN | {"text": " "}}, "text_de"),
        ({"de": {"meanwhile": "Warten."}}, "title_de"),
    ],
)
def test_a_translation_is_whole_and_in_a_language_of_our_pages(world, case, said, pointer):
    with nothing_happens(case), pytest.raises(Invalid) as refusal:
        services.publish_case_notice(case=case, **WORDS, translations=said, by=world.cast.nils, at=NOW)
    assert refusal.value.pointer == pointer


def test_the_form_of_the_case_holds_every_language(world, case, sign_in):
    client, address = sign_in(world.cast.nils), f"/cases/{case.pk}/publish-notice/"
    own = {name: str(WORDS[name]) for name in ("title", "text")}
    half = client.post(address, own | {"title_de": GERMAN["title"]})
    assert half.status_code == 422
    assert GERMAN["title"] in half.content.decode()
    client.post(address, own | {f"{name}_de": said for name, said in GERMAN.items()})
    notice = CaseNotice.objects.get()
    assert notice.translations == {"de": GERMAN}
    assert GERMAN["title"] in client.get(f"/cases/{case.pk}/").content.decode()
    client.post(address, own)
    notice.refresh_from_db()
    assert notice.translations == {}


def test_programs_say_it_in_several_languages(world, case, caller):
    client, address = caller(world.cast.nils), f"/api/v1/cases/{case.pk}/notice/"
    sent = {"title": "Twice", "text": "We know.", "translations": {"de": GERMAN}}
    assert client.put(address, sent, format="json").json()["translations"] == {"de": GERMAN}
    assert client.put(address, sent | {"translations": {"xx": GERMAN}}, format="json").status_code == 422
    assert (
        client.put(address, sent | {"translations": {"de": {"text": "x"}}}, format="json").status_code == 422
    )
    act = {"title": "Twice", "text": "We know.", "title_de": "Doppelt", "text_de": "Wir wissen es."}
    assert client.post(f"/api/v1/cases/{case.pk}/publish-notice/", act, format="json").status_code == 200
    assert CaseNotice.objects.get().translations["de"]["title"] == "Doppelt"


# --- guessed from the words of a message --------------------------------------------------------------


def guessed(message, *, language="en") -> list[str]:
    return [one.title for one in known_like(message, language=language, at=NOW)]


@pytest.mark.parametrize(
    ("message", "language", "found"),
    [
        ("Hello, I got two bills, they come twice every month", "en", True),
        ("My card was charged twice yesterday", "en", True),  # the label of the issue
        (
            "You debited my account two times, a bill says so",
            "en",
            True,
        ),  # one of the title, and its examples
        ("Hello, where is my parcel? I wait for some weeks", "en", False),
        ("twice", "en", False),
        ("' & | ! <-> (", "en", False),
        ("Meine Rechnung kommt jeden Monat doppelt", "de", True),
        ("Meine Rechnung kommt jeden Monat doppelt", "en", False),
    ],
)
def test_it_is_guessed_from_the_words_of_a_message(
    world, translated, message, language, found, django_assert_num_queries
):
    Issue.objects.filter(pk=world.charged.pk).update(examples=["You debited my account two times"])
    with django_assert_num_queries(1):
        titles = guessed(message, language=language)
    assert bool(titles) == found


def test_two_at_most_the_likeliest_first(world, case):
    for number, issue in enumerate((world.refund, world.late, world.login)):
        row = services.open_case(issue=issue, by=world.cast.nils, at=NOW)
        words = WORDS | {"title": "Bills come twice on Fridays" if number == 1 else "Bills come twice"}
        services.publish_case_notice(case=row, **words, by=world.cast.nils, at=NOW)
    found = guessed("My bills come twice, but on Fridays only")
    assert found == ["Bills come twice on Fridays", "Bills come twice"]


def test_what_is_guessed_stands_below_the_message_and_is_followed_by_one_press(case):
    client, said = Client(), {"body": "Hello, my bills come twice every month"}
    found = client.post("/help/suggestions/", said).content.decode()
    assert "Is it this? We know about it: Some bills come twice" in found
    assert f'formaction="/help/known/{case.notice.pk}/follow/"' in found
    # It stands beside the issue already.
    chosen = client.post("/help/suggestions/", said | {"issue": "charged-twice"}).content.decode()
    assert "Some bills come twice" not in chosen
    for issue in ("refund-late", "nope", "\0"):
        assert (
            "Some bills come twice"
            in client.post("/help/suggestions/", said | {"issue": issue}).content.decode()
        )
    assert "Some bills" not in client.post("/help/suggestions/", {"body": "bills twice"}).content.decode()


def test_what_is_over_is_not_guessed(world, case):
    services.withdraw_case_notice(case=case, by=world.cast.nils, at=NOW)
    assert guessed("Hello, my bills come twice every month") == []
