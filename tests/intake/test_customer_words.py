"""What a desk calls its issues, fields and states, as customers of another language read it."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from apps.intake.custom_fields.services import save_field
from apps.intake.customer_words.queries import said_to_customers, texts_and_words
from apps.intake.customer_words.services import say_to_customers
from apps.intake.models import CustomerWords
from apps.intake.queries import request_key, state_said
from apps.response import services as response
from apps.response.statuses.services import save_status
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event, TicketStatus
from tests.factories import NOW, make_issue, make_ticket, make_token

GERMAN = {
    "Charged twice": "Doppelt abgebucht", "Order number": "Bestellnummer", "Top left.": "Oben links.",
    "Colour": "Farbe", "Red": "Rot",
}  # fmt: skip


@pytest.fixture
def desk(cast):
    make_issue()
    act = {"is_public": True, "by": cast.ada, "at": NOW}
    save_field(key="order-id", label="Order number", kind="text", hint="Top left.", **act)
    save_field(key="colour", label="Colour", kind="choice", choices=["Red", "Blue"], **act)
    say_to_customers(language="de", words=GERMAN, by=cast.ada, at=NOW)
    return cast


def test_the_portal_speaks_of_everything_in_the_visitors_language(desk):
    german = Client(headers={"accept-language": "de"})
    assert "Doppelt abgebucht" in german.get("/help/").content.decode()
    page = german.get("/help/new/?about=charged-twice").content.decode()
    for words in GERMAN.values():
        assert words in page
    assert '<option value="Red">Rot</option>' in page
    english = Client(headers={"accept-language": "en"}).get("/help/new/").content.decode()
    assert "Charged twice" in english
    assert "Bestellnummer" not in english


def test_the_page_of_a_request_says_fields_and_states_in_it_too(desk):
    save_status(
        status=None,
        label="At the supplier",
        category="open",
        customer_label="We ordered a part",
        by=desk.ada,
    )
    say_to_customers(language="de", words={"We ordered a part": "Ein Teil ist bestellt"}, by=desk.ada, at=NOW)
    ticket = make_ticket(desk)
    response.fill_in(ticket=ticket, values={"colour": "Red"}, by=desk.ana, at=NOW)
    ticket.refresh_from_db()
    ticket.own_status = TicketStatus.objects.get(customer_label="We ordered a part")
    ticket.status = "open"
    ticket.save(update_fields=["own_status", "status"])
    page = Client(headers={"accept-language": "de"}).get(f"/help/r/{request_key(ticket)}/").content.decode()
    assert "Ein Teil ist bestellt" in page
    assert "Farbe" in page
    assert "Rot" in page
    assert state_said(ticket, said_to_customers("de")) == "Ein Teil ist bestellt"
    assert state_said(ticket, said_to_customers("en")) == "We ordered a part"


def test_an_administrator_fills_in_what_is_missing_and_takes_it_away(desk, sign_in):
    client = sign_in(desk.ada)
    page = client.get("/admin/words/de/")
    names = {one.label: one.html_name for one in page.context["form"]}
    assert next(iter(names)) == "Blue"  # what is missing comes first
    sent = client.post(
        "/admin/words/de/", {names["Blue"]: " Blau ", names["Red"]: "", names["Colour"]: "Farbe"}
    )
    assert sent["Location"] == "/admin/words/de/"
    words = {one.text: one.words for one in texts_and_words("de")}
    assert (words["Blue"], words["Red"], words["Charged twice"]) == ("Blau", "", "Doppelt abgebucht")
    assert Event.objects.filter(kind="customer_words.saved").latest("pk").data == {
        "changed": [{"text": "Blue", "from": "", "to": "Blau"}, {"text": "Red", "from": "Rot", "to": ""}]
    }
    assert client.post("/admin/words/de/", {names["Blue"]: "x" * 201}).status_code == 422
    assert client.get("/admin/words/xx/").status_code == 404
    assert sign_in(desk.ana).get("/admin/words/").status_code == 403


def test_only_what_customers_read_is_taken_and_nothing_is_written_for_others(desk):
    for words, language in (({"Nobody reads this": "x"}, "de"), ({}, "xx"), ({"Red": "x" * 201}, "de")):
        with pytest.raises(Invalid):
            say_to_customers(language=language, words=words, by=desk.ada, at=NOW)
    with pytest.raises(NotAllowed):
        say_to_customers(language="de", words={"Red": "Purpur"}, by=desk.ana, at=NOW)
    assert CustomerWords.objects.get(text="Red").words == "Rot"


def test_programs_read_and_write_them(desk):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(desk.robot)}")
    place = "/api/v1/customer-words/de/"
    assert {"text": "Red", "words": "Rot"} in client.get(place).data["data"]
    sent = client.patch(place, {"words": {"Blue": "Blau"}}, format="json")
    assert {"text": "Blue", "words": "Blau"} in sent.data["data"]
    assert client.get("/api/v1/customer-words/xx/").status_code == 404
