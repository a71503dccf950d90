"""What customers were promised: made, kept, broken, withdrawn; asked for, shown to them, and carried along."""

from datetime import timedelta

import pytest
from django.db import transaction

from apps.control import services
from apps.control.models import CustomerPromise
from apps.control.services import lay_out_defaults
from apps.intake.queries import request_page
from apps.output.models import Delivery
from apps.response import services as response
from apps.response.queries import find
from apps.response.query import read
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event, Message
from tests.factories import NOW, make_ticket, make_token
from tests.response.pages import count_queries

HOUR = timedelta(hours=1)


@pytest.fixture
def promise(cast):
    def make(text="Call her", ticket=None, hours=4, by=cast.ana, **more):
        ticket = ticket or make_ticket(cast)
        return services.make_promise(
            **{"ticket": ticket, "text": text, "due_at": NOW + hours * HOUR, "by": by, "at": NOW} | more
        )

    return make


def refused(error, act) -> None:
    before = Event.objects.count(), list(CustomerPromise.objects.values())
    with pytest.raises(error), transaction.atomic():
        act()
    assert (Event.objects.count(), list(CustomerPromise.objects.values())) == before


def found(words, cast, at):
    return list(find(read(words, at=at), user=cast.ana)[0].order_by("pk"))


def test_a_promise_is_made_beside_a_ticket_and_kept_on_ones_own_page(cast, sign_in):
    services.lay_out_defaults()
    ana, ticket = sign_in(cast.ana), make_ticket(cast)
    url = f"/t/{ticket.pk}/promises/"
    assert ana.post(url, {"text": "Call her", "within": "on"}).status_code == 422
    assert ana.post(url, {"text": "Call her", "within": "8", "is_public": "on"}).status_code == 302
    row = CustomerPromise.objects.get()
    assert (row.owner, row.state) == (cast.ana, "open")
    assert "Call her" in ana.get("/promises/").content.decode()
    assert any("Call her" in said for _, said in request_page(ticket, at=NOW).fields)
    assert ana.post(f"{url}{row.pk}/", {"act": "withdraw"}).status_code == 422
    assert ana.post(f"{url}{row.pk}/?from=mine", {"act": "keep"}).status_code == 302
    assert CustomerPromise.objects.get().settled_by == cast.ana
    assert "No promises" not in ana.get("/promises/kept/").content.decode()
    assert b"Billing" in ana.get("/promises/kept/?format=csv").content


def test_working_hours_are_those_of_the_tickets_calendar(cast, promise):
    services.lay_out_defaults()
    row = promise(due_at=None, working_hours=16)
    assert row.due_at > NOW + 24 * HOUR
    refused(Invalid, lambda: promise(due_at=None, working_hours=0))


@pytest.mark.parametrize("wrong", [{"text": " "}, {"hours": 0}, {"hours": 9000}])
def test_a_promise_that_makes_no_sense_is_refused(promise, wrong):
    with pytest.raises(Invalid):
        promise(**wrong)


def test_promises_are_made_by_who_sees_the_ticket_and_kept_by_who_does(cast, promise):
    refused(NotFound, lambda: promise(ticket=make_ticket(cast), by=cast.mallory))
    refused(NotAllowed, lambda: promise(ticket=make_ticket(cast), by=cast.omar))
    with pytest.raises(Invalid):
        promise(owner=cast.mallory)
    row = promise()
    refused(NotFound, lambda: services.keep_promise(promise=row, by=cast.mallory, at=NOW))
    refused(Invalid, lambda: services.withdraw_promise(promise=row, why=" ", by=cast.ana, at=NOW))
    services.withdraw_promise(promise=row, why="She called", by=cast.ana, at=NOW)
    refused(services.PromiseSettled, lambda: services.keep_promise(promise=row, by=cast.ana, at=NOW))


def test_it_is_warned_of_and_broken_once_each_and_kept_late(cast, promise):
    row = promise()
    ticked = [services.tick_promises(by=cast.system, at=NOW + hours * HOUR) for hours in (2, 3, 3, 4.1, 4.1)]
    assert ticked == [0, 1, 0, 1, 0]
    letters = Delivery.objects.filter(key__startswith="promise:").order_by("pk")
    assert [(one.to, one.key.split(":")[2]) for one in letters] == [
        ([cast.ana.email], "warned"), ([cast.ana.email], "broken"), ([cast.lena.email], "broken"),
    ]  # fmt: skip
    assert found("promise:broken", cast, NOW + 5 * HOUR) == [row.ticket]
    row = services.keep_promise(promise=row, by=cast.ana, at=NOW + 5 * HOUR)
    assert (row.state, row.broken_at) == ("late", NOW + 4 * HOUR)


def test_it_is_warned_of_in_working_time_and_by_the_clock_where_nobody_works_until_then(cast, promise):
    lay_out_defaults()  # Monday to Friday, 9 to 17
    friday = NOW + 2 * 24 * HOUR + 5 * HOUR
    monday = promise(at=friday, due_at=friday + 67 * HOUR)  # 10:00: two hours of Friday and one of Monday
    assert monday.warn_at == friday + 66.25 * HOUR
    saturday = promise(at=friday + 20 * HOUR, due_at=friday + 24 * HOUR)
    assert saturday.warn_at == friday + 23 * HOUR


def test_tickets_are_found_by_their_promises(cast, promise):
    due, later, other = promise().ticket, promise(hours=40).ticket, make_ticket(cast)
    assert found("promise:open", cast, NOW) == [due, later]
    assert found("promise:due", cast, NOW) == [due]
    assert other in found("-promise:open", cast, NOW)
    assert read("promise:never", at=NOW).wrong


def test_promises_follow_a_merge_and_a_split(cast, promise):
    ticket, into = make_ticket(cast), make_ticket(cast)
    row = promise(ticket=ticket)
    said = response.reply(ticket=ticket, body="I will call you.", by=cast.ana, at=NOW + HOUR / 4)
    services.tie_promises(message=said)
    row.refresh_from_db()
    assert row.message == said
    other = make_ticket(cast)
    Message.objects.filter(pk=said.pk).update(ticket=other)  # as a split does, which tells whom it reached
    services.carry_promises(ticket=other, messages=[said.pk])
    assert CustomerPromise.objects.on(other).get() == row
    response.merge(ticket=other, into=into, by=cast.ana, at=NOW + HOUR)
    assert CustomerPromise.objects.on(into).get() == row
    assert found("promise:open", cast, NOW) == [into]
    response.undo_merge(ticket=other, by=cast.ana, at=NOW + HOUR)
    assert not CustomerPromise.objects.on(into).exists()


def test_the_box_and_the_list_cost_the_same_for_one_and_for_twenty(cast, sign_in, promise):
    ana, ticket = sign_in(cast.ana), make_ticket(cast)
    promise(ticket=ticket)
    places = (f"/t/{ticket.pk}/promises/", "/promises/", "/promises/?everybody=1", "/promises/kept/")
    few = [count_queries(ana, place) for place in places]
    for number in range(12):
        promise(f"Promise {number}", ticket=ticket, hours=number + 1)
    assert [count_queries(ana, place) for place in places] == few


def test_programs_promise_and_keep(cast):
    from rest_framework.test import APIClient

    api, ticket = APIClient(HTTP_AUTHORIZATION=f"Bearer {make_token(cast.ana)}"), make_ticket(cast)
    url = f"/api/v1/tickets/{ticket.pk}/promises/"
    made = api.post(url, {"text": "Call", "working_hours": 4}, format="json")
    assert made.status_code == 201
    assert [one["text"] for one in api.get(url).json()["data"]] == ["Call"]
    assert len(api.get("/api/v1/promises/").json()["data"]) == 1
    at = f"/api/v1/promises/{made.json()['id']}/"
    assert api.post(at, {"act": "withdraw"}, format="json").status_code == 422
    assert api.post(at, {"act": "keep"}, format="json").json()["state"] == "kept"
    (month,) = api.get("/api/v1/promises/figures/").json()["data"]
    assert (month["department"], month["kept"] + month["broken"] + month["open"]) == ("Billing", 1)
    mallory = APIClient(HTTP_AUTHORIZATION=f"Bearer {make_token(cast.mallory)}")
    assert mallory.post(at, {"act": "keep"}, format="json").status_code == 404
