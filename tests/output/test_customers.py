"""Customers: found by any of what is known of them, shown on one page, corrected with their history."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.awareness.models import OptOut
from apps.output.customers import queries, services
from apps.output.customers.models import CustomerNote
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Customer, CustomerChange, Event
from tests.factories import NOW, make_ticket, make_token


@pytest.fixture
def zoe(cast) -> Customer:
    make_ticket(cast)
    Customer.objects.filter(pk=cast.zoe.pk).update(
        name="Zoe Miller", phone="+436601234567", organisation="Acme Rentals"
    )
    cast.zoe.refresh_from_db()
    return cast.zoe


@pytest.fixture
def api(cast):
    client = APIClient()
    client.credentials(
        HTTP_AUTHORIZATION=f"Bearer {make_token(cast.robot, 'customers:read', 'customers:write')}"
    )
    return client


def found(text, user) -> list[Customer]:
    return [row.customer for row in queries.customers_found(text, user=user).rows]


def change(customer, by, **values):
    return services.change_customer(customer=customer, values=values, by=by, at=NOW)


# --- found --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["Miller", "zoe miler", "zoe@cust", "zoe@customer.test", "0660 1234567", "+43 660 123", "acme", ""],
)
def test_somebody_is_found_by_any_of_what_is_known(cast, zoe, text):
    assert found(text, cast.ana) == [zoe]


@pytest.mark.parametrize("text", ["zebra", "zoe@elsewhere", "0660 999", "%", "\0"])
def test_nobody_else_is(cast, zoe, text):
    assert found(text, cast.ana) in ([], [zoe] if not text.strip("\0") else [])


def test_who_fits_best_stands_first(cast, zoe):
    other = Customer.objects.create(name="Zoey Millerson", created_at=NOW)
    make_ticket(cast, customer=other)
    assert found("zoe miller", cast.ana) == [zoe, other]


def test_without_a_word_who_wrote_last_stands_first(cast, zoe):
    other = Customer.objects.create(name="Noor", created_at=NOW)
    make_ticket(cast, customer=other)
    assert found("", cast.ana) == [other, zoe]


def test_an_agent_of_another_department_finds_nobody_and_sees_no_page(cast, zoe, sign_in):
    assert found("miller", cast.mallory) == found("", cast.mallory) == []
    browser = sign_in(cast.mallory)
    for path in ("", "edit/", "note/", "letters/"):
        method = browser.post if path == "note/" else browser.get
        assert method(f"/customers/{zoe.pk}/{path}").status_code == 404
    with pytest.raises(NotFound):
        change(zoe, cast.mallory, name="x")
    assert not CustomerChange.objects.exists()


def test_the_list_and_the_page_cost_the_same_for_one_and_for_many(cast, zoe, sign_in):
    browser, prices = sign_in(cast.ana), []
    for _ in range(2):
        prices.append([])
        for path in (
            "/customers/",
            "/customers/?q=zoe",
            f"/customers/{zoe.pk}/",
            f"/customers/{zoe.pk}/letters/",
        ):
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(path).status_code == 200
            prices[-1].append(len(captured))
        for number in range(6):
            make_ticket(cast, customer=Customer.objects.create(name=f"Zoe {number}", created_at=NOW))
            make_ticket(cast)
            services.note_customer(customer=zoe, body="Calls late", by=cast.ana, at=NOW)
            change(zoe, cast.ana, region=f"north {number}")
    # Session and person, and: tickets, customers, counts / known, named, alike where few are named, put in order,
    # counts / merged into, row, counts, addresses,
    # numbers, tickets, ratings, notes, history, sessions / row, refusal, told, waves.
    # With many of the very word nobody asks for other spellings.
    assert prices == [[5, 7, 12, 6], [5, 6, 12, 6]]


# --- shown and changed --------------------------------------------------------------------------------


def test_the_page_shows_all_and_what_is_changed_leaves_its_trace(cast, zoe, sign_in):
    browser = sign_in(cast.ana)
    form = {"name": "Zoe Mayer", "phone": "0660 12 34", "organisation": "", "segment": "home", "region": "north",
            "language": "de", "value": "120.50", "joined_on": "2025-01-02", "left_on": "",
            "external_id": "C-7"}  # fmt: skip
    version = queries.version_of(zoe)
    assert browser.post(f"/customers/{zoe.pk}/edit/", form | {"version": version}).status_code == 302
    zoe.refresh_from_db()
    assert (zoe.name, zoe.phone, str(zoe.value), zoe.external_id) == (
        "Zoe Mayer",
        "06601234",
        "120.50",
        "C-7",
    )
    page = browser.get(f"/customers/{zoe.pk}/").content.decode()
    assert "Zoe Miller" in page
    assert "Charged twice" in page
    assert Event.objects.about("customer", zoe.pk).get().data["fields"] == [
        "name", "phone", "organisation", "language", "value", "joined_on", "external_id",
    ]  # fmt: skip


def test_what_a_colleague_changed_meanwhile_is_not_written_over(cast, zoe, sign_in):
    browser = sign_in(cast.ana)
    version = queries.version_of(zoe)
    change(zoe, cast.lena, name="Zoe Mayer")
    answer = browser.post(f"/customers/{zoe.pk}/edit/", {"name": "Old", "version": version})
    assert answer.status_code == 422
    assert "meanwhile" in answer.content.decode()
    assert Customer.objects.get(pk=zoe.pk).name == "Zoe Mayer"


def test_a_value_that_can_not_be_is_refused(cast, zoe):
    for wrong in (
        {"value": 10**10},
        {"email": "x@y.test"},
        {"joined_on": NOW.date(), "left_on": NOW.date().replace(year=2000)},
    ):
        with pytest.raises(Invalid):
            change(zoe, cast.ana, **wrong)
    assert not CustomerChange.objects.exists()


def test_an_owner_reads_and_changes_nothing(cast, zoe, sign_in):
    assert sign_in(cast.omar).get(f"/customers/{zoe.pk}/").status_code == 200
    assert sign_in(cast.omar).get(f"/customers/{zoe.pk}/edit/").status_code == 403
    with pytest.raises(NotAllowed):
        change(zoe, cast.omar, name="x")


def test_an_erased_customer_is_not_written_about(cast, zoe):
    Customer.objects.filter(pk=zoe.pk).update(anonymised_at=NOW)
    with pytest.raises(services.IsErased):
        change(zoe, cast.ana, name="x")
    with pytest.raises(services.IsErased):
        services.note_customer(customer=zoe, body="x", by=cast.ana, at=NOW)


def test_a_note_is_read_by_colleagues(cast, zoe, sign_in):
    browser = sign_in(cast.ana)
    assert browser.post(f"/customers/{zoe.pk}/note/", {"body": " "}).status_code == 422
    assert browser.post(f"/customers/{zoe.pk}/note/", {"body": "<b>Calls late</b>"}).status_code == 302
    assert "&lt;b&gt;Calls late" in browser.get(f"/customers/{zoe.pk}/").content.decode()
    # The log can't be made to forget: it knows that there is a note, and none of its words.
    assert Event.objects.about("customer", zoe.pk).get().data == {"note": CustomerNote.objects.get().pk}


def test_they_say_whether_they_want_letters(cast, zoe, sign_in):
    browser, address = sign_in(cast.ana), f"/customers/{zoe.pk}/letters/"
    assert browser.post(address, {"allowed": "no"}).status_code == 302
    browser.post(address, {"allowed": "no"})
    assert OptOut.objects.get().customer == zoe
    browser.post(address, {"allowed": "yes"})
    assert not OptOut.objects.exists()
    assert [e.kind for e in Event.objects.about("customer", zoe.pk)] == ["letters.refused", "letters.allowed"]
    assert sign_in(cast.omar).post(address, {"allowed": "no"}).status_code == 403


# --- by API -------------------------------------------------------------------------------------------


def test_programs_do_all_of_it(cast, api):
    made = api.post(
        "/api/v1/customers/",
        {"email": "Kim@Customer.test", "name": "Kim", "external_id": "C-1"},
        format="json",
    )
    assert (made.status_code, made.json()["email"]) == (201, "kim@customer.test")
    at = f"/api/v1/customers/{made.json()['id']}/"
    assert api.patch(at, {"segment": "home"}, format="json").json()["segment"] == "home"
    assert api.patch(at, {"segment": "x", "version": 0}, format="json").status_code == 409
    assert api.post(f"{at}notes/", {"body": "Calls late"}, format="json").status_code == 201
    assert [one["body"] for one in api.get(f"{at}notes/").json()["data"]] == ["Calls late"]
    for asked in ("email=KIM@customer.test", "external_id=C-1", "q=kim"):
        assert [one["id"] for one in api.get(f"/api/v1/customers/?{asked}").json()["data"]] == [
            made.json()["id"]
        ]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"email": "zoe@customer.test"}, 409),
        ({}, 422),
        ({"name": "x", "colour": "red"}, 422),
        ({"email": "x"}, 422),
    ],
)
def test_what_can_not_be_made_is_refused(cast, api, given, status):
    assert api.post("/api/v1/customers/", given, format="json").status_code == status
    assert Customer.objects.count() == 1


def test_a_program_without_the_scope_is_refused(cast):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(cast.robot)}")
    assert client.get("/api/v1/customers/").status_code == 403
