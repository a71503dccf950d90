"""The customer's door: the form, the status page, and nothing of anybody else's."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.intake.models import InboundMail
from apps.intake.queries import request_key, request_page
from apps.intake.services import AlreadySolved, confirm_solved, restore_mail
from helpdesk.errors import NotAllowed
from helpdesk.models import Attachment, Event, Message, Note, Ticket
from tests.factories import NOW, make_issue, make_ticket

NEW = "/help/new/"
SAID = {"body": "My lamp arrived broken.", "email": "Jo@x.test", "issue": "", "website": ""}


@pytest.fixture(autouse=True)
def nobody_has_knocked():
    cache.clear()


@pytest.fixture
def browser():
    return Client()


def address(ticket):
    return reverse("request_status", kwargs={"key": request_key(ticket)})


# --- the form -----------------------------------------------------------------------------------------


def test_the_form_opens_a_ticket_and_leads_to_its_page(cast, browser):
    make_issue("broken", parent=make_issue("delivery"), owner=cast.shipping)
    answer = browser.post(NEW, SAID | {"issue": "broken"})
    ticket = Ticket.objects.get()
    assert answer["Location"] == address(ticket) + "?sent=1"
    assert (ticket.subject, ticket.channel, ticket.customer.email, ticket.department) == (
        "My lamp arrived broken.", "form", "jo@x.test", cast.shipping,
    )  # fmt: skip
    page = browser.get(answer["Location"])
    assert f"Its number is <strong>#{ticket.pk}</strong>" in page.content.decode()
    assert "noindex" in page["X-Robots-Tag"]


def test_files_come_along(cast, browser):
    files = [SimpleUploadedFile("a.png", b"a", "image/png"), SimpleUploadedFile("b.txt", b"b")]
    browser.post(NEW, SAID | {"files": files})
    assert list(Attachment.objects.values_list("name", flat=True)) == ["a.png", "b.txt"]


def test_a_link_may_say_what_it_is_about(cast, browser):
    make_issue("broken")
    assert '<option value="broken" selected>' in browser.get(f"{NEW}?about=broken").content.decode()


def test_somebody_signed_in_is_not_asked_for_an_address(cast, sign_in):
    customer = sign_in(cast.zoe_account)
    assert b'name="email"' not in customer.get(NEW).content
    customer.post(NEW, {"body": "Hello"})
    assert Ticket.objects.get().customer == cast.zoe
    assert Event.objects.get().by == cast.zoe_account


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"body": " "}, "Tell us what happened."),
        ({"email": "jo@"}, "Enter an e-mail address like"),
        ({"email": ""}, "Enter your e-mail address"),
        ({"issue": "nope"}, "Select a valid choice"),
        ({"body": "x" * 100_001}, "at most 100000"),
        ({"body": "a\0b"}, "Null characters"),
        ({"files": [SimpleUploadedFile("empty.txt", b"")]}, "empty"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(cast, browser, change, words):
    answer = browser.post(NEW, SAID | change)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "There is a problem" in page
    assert words in page
    assert not Ticket.objects.exists()


def test_too_large_a_file_is_said_at_its_field(cast, browser, settings):
    settings.ATTACHMENT_MAX_BYTES = 10
    answer = browser.post(NEW, SAID | {"files": [SimpleUploadedFile("big.bin", b"x" * 11)]})
    assert answer.status_code == 422
    assert b"big.bin is larger than" in answer.content
    assert not Ticket.objects.exists()


def test_a_program_that_fills_in_everything_is_held_back_and_can_be_restored(cast, browser):
    answer = browser.post(NEW, SAID | {"website": "http://spam.test"})
    assert answer["Location"] == "/help/"
    assert not Ticket.objects.exists()
    held = InboundMail.objects.get()
    assert (held.state, held.sender) == ("screened", "jo@x.test")
    restore_mail(mail=held, by=cast.lena, at=NOW)
    assert Ticket.objects.get().messages.get().body.strip() == SAID["body"]


def test_one_address_can_not_flood_the_desk(cast, browser, monkeypatch):
    monkeypatch.setattr("apps.intake.views.portal.REQUESTS_AN_HOUR", 2)
    statuses = [browser.post(NEW, SAID).status_code for _ in range(3)]
    assert statuses == [302, 302, 422]
    assert Ticket.objects.count() == 2


def test_the_front_page_offers_what_people_write_about(cast, browser):
    for code in ("late", "broken", "charged"):
        make_issue(code)
    page = browser.get("/help/").content.decode()
    assert f"{NEW}?about=broken" in page


# --- the status page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["x", "1.x", "1", "x.y.z", "%F0%9F%98%80", "1." + "A" * 43])
def test_a_link_nobody_signed_shows_nothing(cast, browser, key):
    make_ticket(cast)
    assert browser.get(f"/help/r/{key}/").status_code == 404
    assert browser.post(f"/help/r/{key}/", {"body": "x"}).status_code == 404


def test_the_page_shows_the_conversation_and_never_a_note(cast, browser):
    ticket = make_ticket(cast)
    Message.write(ticket=ticket, body="We look at it.", by=cast.ana, at=NOW, channel="email")
    Message.write(ticket=ticket, body="Oops.", by=cast.ana, at=NOW, channel="email").withdraw(
        by=cast.ana, at=NOW
    )
    Note.add(ticket=ticket, body="He is lying.", by=cast.ana, at=NOW)
    page = browser.get(address(ticket)).content.decode()
    assert "We look at it." in page
    assert "Oops" not in page
    assert "lying" not in page


def test_what_can_still_be_taken_back_is_not_shown_yet(cast):
    ticket = make_ticket(cast)
    Message.write(ticket=ticket, body="We look at it.", by=cast.ana, at=NOW, channel="email")
    assert len(request_page(ticket, at=NOW + timedelta(seconds=9)).conversation) == 1
    assert len(request_page(ticket, at=NOW + timedelta(seconds=11)).conversation) == 2


def test_words_are_shown_as_words(cast, browser):
    ticket = make_ticket(cast, subject="<script>alert(1)</script>", body="<img src=x onerror=alert(1)>")
    page = browser.get(address(ticket)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_the_page_costs_the_same_for_one_message_and_twenty(cast, browser):
    ticket = make_ticket(cast)

    def costs():
        with CaptureQueriesContext(connection) as queries:
            browser.get(address(ticket))
        # ticket with its people; messages; their files; what was promised; what is known of its case
        return len(queries)

    one = costs()
    for number in range(20):
        message = Message.receive(
            ticket=ticket, customer=cast.zoe, body="x", by=cast.system, at=NOW, channel="form"
        )
        Attachment.keep(name=f"{number}", content_type="a/b", content=b"x", message=message)
    assert costs() == one <= 5


def test_the_customer_answers_there(cast, browser):
    ticket = make_ticket(cast)
    answer = browser.post(address(ticket), {"body": "One more thing"})
    assert answer["Location"] == address(ticket)
    assert ticket.messages.last().body == "One more thing"
    assert Event.objects.filter(kind="message.received").count() == 2


def test_an_empty_answer_is_refused(cast, browser):
    ticket = make_ticket(cast)
    answer = browser.post(address(ticket), {"body": ""})
    assert answer.status_code == 422
    assert b"Write something before you send." in answer.content
    assert ticket.messages.count() == 1


def test_a_file_is_only_ever_a_download_and_only_of_this_request(cast, browser):
    mine, other = make_ticket(cast), make_ticket(cast)
    file = Attachment.keep(
        name="x.svg", content_type="image/svg+xml", content=b"<svg/>", message=mine.messages.get()
    )
    answer = browser.get(f"{address(mine)}files/{file.pk}/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="x.svg"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert browser.get(f"{address(other)}files/{file.pk}/").status_code == 404


def test_a_merged_request_shows_where_it_went_but_not_to_another_customer(cast, browser):
    first, second = make_ticket(cast), make_ticket(cast, subject="The other one")
    first.merge_into(second, by=cast.ana, at=NOW)
    assert b"The other one" in browser.get(address(first)).content
    from helpdesk.models import Customer

    jo = Customer.objects.known_by(email="jo@x.test", at=NOW)
    strange = make_ticket(cast, subject="Secret of Jo", customer=jo)
    second.merge_into(strange, by=cast.ana, at=NOW)
    assert b"Secret of Jo" not in browser.get(address(second)).content


def test_the_customer_says_that_it_is_solved(cast, browser):
    ticket = make_ticket(cast)
    answer = browser.post(address(ticket) + "solved/")
    assert answer["Location"] == address(ticket)
    ticket.refresh_from_db()
    assert ticket.status == "solved"
    assert b"Not solved after all?" in browser.get(address(ticket)).content


def test_a_look_at_the_link_solves_nothing(cast, browser):
    ticket = make_ticket(cast)
    assert browser.get(address(ticket) + "solved/").status_code == 405
    ticket.refresh_from_db()
    assert ticket.status == "new"


def test_what_is_solved_is_not_solved_again(cast):
    ticket = make_ticket(cast)
    confirm_solved(ticket=ticket, by=cast.system, at=NOW)
    count = Event.objects.count()
    with pytest.raises(AlreadySolved):
        confirm_solved(ticket=ticket, by=cast.system, at=NOW)
    assert Event.objects.count() == count


def test_an_agent_does_not_confirm_for_the_customer(cast):
    ticket = make_ticket(cast)
    with pytest.raises(NotAllowed):
        confirm_solved(ticket=ticket, by=cast.ana, at=NOW)
    ticket.refresh_from_db()
    assert ticket.status == "new"
