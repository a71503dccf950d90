import json
from datetime import timedelta

import pytest
from django.test import Client

from apps.intake.custom_fields.services import retire_field, save_field, take_up_field
from apps.response import services
from apps.response.models import TicketView
from apps.response.queries import slug_of
from apps.response.services import NotReady, fill_in
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import CustomField, Event, Ticket
from tests.factories import NOW, make_issue, make_ticket, make_token
from tests.response.pages import count_queries


@pytest.fixture
def field(cast):
    def make(key="order-id", label="Order number", kind="text", **more):
        return save_field(key=key, label=label, kind=kind, **more, by=cast.ada, at=NOW)

    return make


@pytest.fixture
def program(cast):
    client, token = Client(), make_token(cast.robot, "tickets:read", "tickets:write", "admin")

    def call(method, url, body=None):
        data = "" if body is None else json.dumps(body)
        headers = {"Authorization": f"Bearer {token}"}
        return client.generic(method, url, data, content_type="application/json", headers=headers)

    return call


# --- definitions ----------------------------------------------------------------------------------------


def test_a_field_is_defined_and_changed_and_its_past_is_kept(cast, field, sign_in):
    admin = sign_in(cast.ada)
    said = {"label": "Order", "key": "order-id", "kind": "text", "position": 5, "needed": "solve"}
    assert admin.post("/admin/fields/", said).status_code == 302
    assert admin.post("/admin/fields/order-id/", said | {"label": "Order number"}).status_code == 302
    row = CustomField.objects.get()
    assert (row.label, row.needed, row.position) == ("Order number", "solve", 5)
    page = admin.get("/admin/fields/order-id/").content.decode()
    assert "Label: Order → Order number" in page
    assert admin.post("/admin/fields/order-id/", said | {"is_public": "on", "needed": ""}).status_code == 302
    page = admin.get("/admin/fields/order-id/", headers={"Accept-Language": "de"}).content.decode()
    assert "Die Kundschaft sieht es" in page
    assert "nein → ja" in page


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"kind": "choice"}, "choices"), ({"issues": ["nowhere"]}, "issues"),
        ({"departments": ["nobody"]}, "departments"), ({"when_key": "nothing"}, "when_key"),
        ({"when_key": "colour", "when_values": ["green"]}, "when_values"), ({"label": " "}, "label"),
        ({"key": "colour"}, "key"),
    ],
)  # fmt: skip
def test_a_definition_that_can_not_work_is_refused(cast, field, wrong, pointer):
    field("colour", "Colour", "choice", choices=["red", "blue"])
    with pytest.raises(Invalid) as refused:
        field(**{"key": "order-id"} | wrong)
    assert refused.value.pointer == pointer
    assert CustomField.objects.count() == 1


def test_conditions_never_go_in_a_circle(cast, field):
    first = field("a", "A")
    second = field("b", "B", when_key="a")
    with pytest.raises(Invalid):
        field("a", "A", when_key="b", field=first)
    with pytest.raises(Invalid):
        retire_field(field=first, by=cast.ada, at=NOW)
    retire_field(field=second, by=cast.ada, at=NOW)
    retire_field(field=first, by=cast.ada, at=NOW)


def test_a_used_field_keeps_its_kind_and_every_field_its_key(cast, field):
    row = field()
    fill_in(ticket=make_ticket(cast), values={"order-id": "4711"}, by=cast.ana, at=NOW)
    with pytest.raises(Invalid):
        field(kind="number", field=row)
    with pytest.raises(Invalid):
        field("other", field=row)


def test_only_administrators_define_fields(cast, field, sign_in):
    with pytest.raises(NotAllowed):
        save_field(key="x", label="X", kind="text", by=cast.lena, at=NOW)
    assert sign_in(cast.lena).get("/admin/fields/").status_code == 403


def test_a_retired_field_is_asked_no_more_and_loses_nothing(cast, field, ana):
    row, ticket = field(needed="solve"), make_ticket(cast)
    fill_in(ticket=ticket, values={"order-id": "4711"}, by=cast.ana, at=NOW)
    retire_field(field=row, by=cast.ada, at=NOW)
    assert "4711" in ana.get(f"/t/{ticket.pk}/fields/panel/").content.decode()
    assert "Order number" not in ana.get(f"/t/{ticket.pk}/fields/").content.decode()
    services.solve(ticket=make_ticket(cast), by=cast.ana, at=NOW)
    take_up_field(field=row, by=cast.ada, at=NOW)
    with pytest.raises(NotReady):
        services.solve(ticket=make_ticket(cast), by=cast.ana, at=NOW)


# --- values ---------------------------------------------------------------------------------------------


def test_values_are_filled_in_on_the_ticket_and_told(cast, field, ana):
    field()
    field("colour", "Colour", "choices", choices=["red", "blue"])
    ticket = make_ticket(cast, custom={"crm": 7})
    said = {"field-order-id": "4711", "field-colour": ["blue", "red"]}
    assert ana.post(f"/t/{ticket.pk}/fields/", said).status_code == 302
    assert Ticket.objects.get().custom == {"crm": 7, "order-id": "4711", "colour": ["red", "blue"]}
    told = Event.objects.get(kind="ticket.filled").data["fields"]
    assert told["order-id"] == {"from": None, "to": "4711"}
    assert "order-id nothing → 4711" in ana.get(f"/t/{ticket.pk}/history/").content.decode()
    ana.post(f"/t/{ticket.pk}/fields/", said)
    assert Event.objects.filter(kind="ticket.filled").count() == 1


def test_a_wrong_value_is_refused_at_its_field(cast, field, ana):
    field("weight", "Weight", "number")
    ticket = make_ticket(cast)
    answer = ana.post(f"/t/{ticket.pk}/fields/", {"field-weight": "a dozen"})
    assert answer.status_code == 422
    assert "Write a number in digits" in answer.content.decode()
    assert Ticket.objects.get().custom == {}


def test_strangers_see_no_fields(cast, field, sign_in):
    field()
    ticket, mallory = make_ticket(cast), sign_in(cast.mallory)
    for url in (f"/t/{ticket.pk}/fields/", f"/t/{ticket.pk}/fields/panel/"):
        assert mallory.get(url).status_code == 404


def test_the_box_of_fields_costs_the_same_for_one_field_and_for_twenty(cast, field, ana):
    # session and person, ticket, fields
    ticket = make_ticket(cast, custom={"f1": "x"})
    field("f1", "F")
    url = f"/t/{ticket.pk}/fields/panel/"
    one = count_queries(ana, url)
    for number in range(2, 21):
        field(f"f{number}", f"F {number}")
    assert count_queries(ana, url) == one <= 4


# --- solving --------------------------------------------------------------------------------------------


def test_no_door_solves_a_ticket_that_lacks_a_needed_field(cast, field, ana, program):
    field(needed="solve")
    ticket = make_ticket(cast)
    page = ana.post(f"/t/{ticket.pk}/solve/")
    assert page.status_code == 422
    assert "Order number" in page.content.decode()
    assert f"/t/{ticket.pk}/fields/?" in page.content.decode()
    page = ana.post(f"/t/{ticket.pk}/reply/", {"body": "Done.", "then": "solve"})
    assert page.status_code == 422
    assert "Done." in page.content.decode()
    answer = program("POST", f"/api/v1/tickets/{ticket.pk}/solve/", {})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/custom/order-id"
    assert Ticket.objects.get().status == "new"
    assert not Event.objects.filter(kind__in=["ticket.resolved", "message.written"]).exists()


def test_the_form_fills_in_and_solves_once_nothing_is_missing(cast, field, ana):
    field("broken", "Broken", "yes_no", needed="solve")
    field("part", "Which part", needed="solve", when_key="broken", when_values=["yes"])
    ticket = make_ticket(cast)
    url = f"/t/{ticket.pk}/fields/?then=solve"
    assert ana.post(url, {"field-broken": ""}).status_code == 422
    answer = ana.post(url, {"field-broken": "yes"})
    assert answer.status_code == 422
    assert "Which part" in answer.content.decode()
    assert Ticket.objects.get().status == "new"
    assert ana.post(url, {"field-broken": "yes", "field-part": "Door"}).status_code == 302
    assert Ticket.objects.get().status == "solved"
    assert Ticket.objects.get().custom == {"broken": True, "part": "Door"}


# --- doors ----------------------------------------------------------------------------------------------


def test_customers_are_asked_what_they_may_see_where_it_matters(cast, field):
    issue, other = make_issue("no-invoice"), make_issue("other")
    field(issues=["no-invoice"], is_public=True, needed="open")
    field("inner", "Inner", needed="open")
    browser = Client()
    assert "Order number" not in browser.get("/help/new/").content.decode()
    assert "Order number" in browser.get("/help/new/?about=no-invoice").content.decode()
    said = {"body": "Where is it?", "email": "zoe@customer.test", "issue": issue.code}
    page = browser.post("/help/new/", said)
    assert page.status_code == 422
    assert "Order number" in page.content.decode()
    said |= {"shown": "order-id", "field-order-id": "4711", "field-inner": "x"}
    answer = browser.post("/help/new/", said)
    ticket = Ticket.objects.get()
    assert ticket.custom == {"order-id": "4711"}
    assert "4711" in browser.get(answer.url).content.decode()
    browser.post("/help/new/", said | {"issue": other.code})
    assert Ticket.objects.latest("pk").custom == {}


def test_a_phone_note_asks_for_fields(cast, field, ana):
    field(needed="open")
    said = {
        "name": "Zoe",
        "body": "It broke.",
        "channel": "phone",
        "contact_type": "problem",
        "direction": "in",
        "outcome": "talked",
        "shown": "order-id",
    }
    assert ana.post("/intake/phone/", said).status_code == 422
    assert ana.post("/intake/phone/", said | {"field-order-id": "4711"}).status_code == 302
    assert Ticket.objects.get().custom == {"order-id": "4711"}


def test_programs_open_and_change_tickets_with_fields(cast, field, program):
    field("weight", "Weight", "number", needed="open")
    body = {"subject": "Heavy", "body": "Too heavy.", "customer": {"email": "zoe@customer.test"}}
    answer = program("POST", "/api/v1/tickets/", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/custom/weight"
    assert program("POST", "/api/v1/tickets/", body | {"custom": {"weight": "x"}}).status_code == 422
    answer = program("POST", "/api/v1/tickets/", body | {"custom": {"weight": 4, "crm": [1]}})
    assert answer.json()["custom"] == {"weight": 4, "crm": [1]}
    url = answer.json()["url"]
    assert program("PATCH", url, {"custom": {"weight": None}}).json()["custom"] == {"crm": [1]}
    assert program("PATCH", url, {"custom": {"weight": "x"}, "severity": "high"}).status_code == 422
    assert program("GET", url).json()["severity"] == "normal"


def test_programs_define_fields(cast, program):
    url = "/api/v1/ticket-fields/"
    assert program("POST", url, {"key": "size", "label": "Size", "kind": "choice"}).status_code == 422
    assert program("POST", url, {"key": "size", "label": "Size", "kind": "text", "x": 1}).status_code == 422
    body = {"key": "size", "label": "Size", "kind": "choice", "choices": ["S", "M"]}
    assert program("POST", url, body).status_code == 201
    assert program("PATCH", f"{url}size/", {"needed": "solve"}).json()["choices"] == ["S", "M"]
    assert program("POST", f"{url}size/retire/").json()["retired_at"]
    assert program("DELETE", f"{url}size/retire/").json()["retired_at"] is None
    assert [one["key"] for one in program("GET", url).json()["data"]] == ["size"]


# --- the queue ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("field.order-id:4711", "a"), ("field.weight:2.5", "a"), ("field.colours:red", "a"),
        ("field.colours:red,blue", "ab"), ("field.broken:yes", "a"), ("field.broken:no", "b"),
        ("-field.order-id:4711", "b"), ("field.order-id:none", "b"), ('field.order-id:"47 11"', ""),
        ("field.weight:>2", "a"), ("field.weight:>2.5", ""), ("field.weight:<=2.5", "a"), ("-field.weight:>2", "b"),
        ("field.weight:1..2.5", "a"), ("field.weight:..2", ""), ("field.weight:*", "a"), ("field.broken:>0", ""),
        ("field.order-id:47*", "a"), ("field.order-id:*71*", "a"), ("field.order-id:*[1]", ""),
        ("field.colours:BL*", "b"), ("field.bought:>2026-05-01", "a"), ("field.bought:<=2026-05-30", ""),
        ("field.bought:2026-05-01..2026-05-31", "a"), ("field.bought:2026-05*", "a"), ("field.order-id:>yesterday", ""),
    ],
)  # fmt: skip
def test_the_queue_finds_values(cast, field, ana, asked, found):
    for key, kind in (("order-id", "text"), ("weight", "number"), ("broken", "yes_no"), ("bought", "date")):
        field(key, key.title(), kind)
    field("colours", "Colours", "choices", choices=["red", "blue"])
    one = {"order-id": "4711", "weight": 2.5, "colours": ["red"], "broken": True, "bought": "2026-05-31"}
    make_ticket(cast, subject="a", custom=one)
    make_ticket(cast, subject="b", custom={"colours": ["blue"], "broken": False})
    page = ana.get("/queue/", {"q": asked}).context["page"]
    assert sorted(row.ticket.subject for row in page.rows) == list(found)
    assert page.wrong == ()


def test_a_field_there_is_none_of_is_told(cast, ana):
    page = ana.get("/queue/", {"q": "field.nothing:1 field:2"}).context["page"]
    assert len(page.wrong) == 2


def test_values_stand_in_columns(cast, field, ana):
    field()
    make_ticket(cast, custom={"order-id": "4711"})
    columns = ["subject", "field.order-id"]
    services.save_view(name="Orders", query="is:open", columns=columns, by=cast.ana, at=NOW)
    with pytest.raises(Invalid):
        services.save_view(name="No", query="is:open", columns=["field.x"], by=cast.ana, at=NOW)
    assert "Order number" in ana.get("/queue/views/").content.decode()
    view = TicketView.objects.get()
    page = ana.get(f"/queue/?view={slug_of(view)}")
    assert "4711" in page.content.decode()


def test_the_search_box_offers_fields_and_their_values(cast, field, ana):
    field("colour", "Colour", "choice", choices=["red", "blue"])
    assert "field.colour:" in ana.get("/queue/complete/", {"q": "field.c", "at": 7}).content.decode()
    assert (
        "field.colour:red" in ana.get("/queue/complete/", {"q": "field.colour:r", "at": 14}).content.decode()
    )


def test_values_of_many_tickets_are_found_by_the_index(cast, field):
    from django.db import connection

    from apps.response.queries import find
    from apps.response.query import read

    field()
    make_ticket(cast, custom={"order-id": "4711"})
    found, _ = find(read("field.order-id:4711", at=NOW + timedelta(days=1)), user=cast.ada)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "ticket_custom" in found.order_by().explain()
