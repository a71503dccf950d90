"""Who has a ticket open, and who writes on it: shown to those who may see it, for a while, and as they like."""

from datetime import timedelta

import pytest
import redis
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.response.presence import board
from apps.response.presence.board import Doing
from helpdesk.models import Ticket
from tests.factories import NOW, make_ticket


@pytest.fixture(autouse=True)
def alone(monkeypatch, settings):
    """Tickets of tests that run beside this one have the same numbers."""
    settings.LIVE_CHANNEL = f"{settings.LIVE_CHANNEL}:{id(monkeypatch)}"


def test_an_open_page_says_so_and_others_see_it_beside_the_title_and_in_the_list(cast, ana, sign_in):
    ticket, quiet = make_ticket(cast), make_ticket(cast)
    lena = sign_in(cast.lena)
    place, rows = f"/t/{ticket.pk}/presence/", f"/queue/presence/?number={ticket.pk}&number={quiet.pk}"
    assert "Ana" not in ana.post(place, {"doing": "views"}).content.decode()  # nobody sees themselves
    assert "Ana looks at it" in lena.post(place, {"doing": "views"}).content.decode()
    ana.post(place, {"doing": "writes"})
    assert "Ana writes" in lena.post(place, {"doing": "views"}).content.decode()
    listed = lena.get(rows).content.decode()
    assert "Being written on by" in listed
    assert f'id="here-{quiet.pk}"' in listed
    assert "Ana" not in ana.get(rows).content.decode()
    ana.post(place, {"doing": ""})
    assert "Ana" not in lena.post(place, {"doing": "views"}).content.decode()
    page = ana.get(f"/t/{ticket.pk}/").content.decode()
    assert f'hx-post="{place}"' in page
    assert "/queue/presence/?number=" in ana.get("/queue/?view=all-open").content.decode()


def test_nobody_hears_of_a_ticket_they_may_not_see(cast, ana, sign_in):
    ticket, mallory = make_ticket(cast), sign_in(cast.mallory)
    ana.post(f"/t/{ticket.pk}/presence/", {"doing": "views"})
    assert mallory.post(f"/t/{ticket.pk}/presence/", {"doing": "views"}).status_code == 404
    assert mallory.get(f"/api/v1/tickets/{ticket.pk}/presence/").status_code == 404
    assert "Ana" not in mallory.get(f"/queue/presence/?number={ticket.pk}").content.decode()
    # And Mallory, who asked, is not shown as being there.
    assert board.here([ticket.pk], at=timezone.now()) == {ticket.pk: {cast.ana.pk: Doing.VIEWS}}


def test_who_does_not_want_it_is_not_shown_from_that_moment_on(cast, ana, sign_in):
    ticket, lena = make_ticket(cast), sign_in(cast.lena)
    place = f"/t/{ticket.pk}/presence/"
    ana.post(place, {"doing": "views"})
    ana.post("/settings/", {"language": "", "time_zone": "UTC"})
    assert "Ana" not in lena.post(place, {"doing": "views"}).content.decode()
    ana.post(place, {"doing": "writes"})
    assert cast.ana.pk not in board.here([ticket.pk], at=timezone.now())[ticket.pk]
    assert ana.patch("/api/v1/me/", {"show_presence": True}, "application/json").json()["show_presence"]


@pytest.mark.parametrize(("seconds", "there"), [(0, True), (45, True), (46, False)])
def test_who_is_not_heard_of_is_gone(cast, seconds, there):
    board.appear(ticket=1, user=cast.ana.pk, doing=Doing.VIEWS, at=NOW)
    assert bool(board.here([1], at=NOW + timedelta(seconds=seconds))) is there


def test_programs_of_people_tell_and_ask(cast, ana, sign_in, client):
    place = f"/api/v1/tickets/{make_ticket(cast).pk}/presence/"
    assert client.post(place, {"doing": "views"}, "application/json").status_code in (401, 403)
    assert ana.post(place, {"doing": "writes"}, "application/json").json() == {"data": []}
    lena = sign_in(cast.lena)
    assert lena.get(place).json() == {"data": [{"name": "Ana", "writes": True}]}
    assert ana.post(place, {"doing": "sleeps"}, "application/json").status_code == 422
    ana.post(place, {"doing": "left"}, "application/json")
    assert lena.get(place).json() == {"data": []}


def test_a_list_costs_the_same_for_many_rows_and_nothing_where_nobody_is(cast, ana):
    numbers = [make_ticket(cast).pk for _ in range(20)]
    asked = "/queue/presence/?" + "&".join(f"number={number}" for number in numbers)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ana.get(asked).status_code == 200
        return len(captured)

    nobody = cost()  # the session and the user
    board.appear(ticket=numbers[0], user=cast.lena.pk, doing=Doing.VIEWS, at=timezone.now())
    one = cost()
    for number in numbers:
        board.appear(ticket=number, user=cast.lena.pk, doing=Doing.WRITES, at=timezone.now())
    assert cost() == one == nobody + 2  # what they may see, and the names


def test_without_valkey_nobody_is_anywhere_and_the_page_goes_on(cast, ana, monkeypatch):
    def gone():
        raise redis.ConnectionError

    monkeypatch.setattr(board.valkey, "connection", gone)
    ticket = make_ticket(cast)
    assert ana.post(f"/t/{ticket.pk}/presence/", {"doing": "views"}).status_code == 200
    assert ana.get(f"/queue/presence/?number={ticket.pk}").status_code == 200
    assert Ticket.objects.filter(pk=ticket.pk).exists()
