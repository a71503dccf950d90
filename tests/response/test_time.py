from datetime import timedelta

import pytest

from apps.response.services import classify
from apps.response.timekeeping.models import RunningTimer, TimeEntry
from apps.response.timekeeping.queries import totals
from apps.response.timekeeping.services import NoTimer, book_time, start_timer, stop_timer, strike_out
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event, Ticket
from tests.factories import NOW, make_issue, make_ticket
from tests.response.pages import count_queries

LATER = NOW + timedelta(minutes=9, seconds=1)


@pytest.fixture
def ticket(cast):
    return make_ticket(cast, handling_minutes=5)  # brought in with it


def minutes(ticket):
    return Ticket.objects.get(pk=ticket.pk).handling_minutes


def test_minutes_add_to_those_of_the_ticket(cast, ana, ticket):
    answer = ana.post(f"/t/{ticket.pk}/time/", {"minutes": "12", "what": "Called the bank"})
    assert answer.status_code == 302
    book_time(ticket=ticket, minutes=3, by=cast.lena, at=NOW)
    assert minutes(ticket) == 20
    assert "Called the bank" in ana.get(f"/t/{ticket.pk}/time/").content.decode()
    assert Event.objects.filter(kind="time.booked").count() == 2


def test_what_was_wrong_is_struck_out_and_stays_to_be_read(cast, ana, ticket):
    row = book_time(ticket=ticket, minutes=90, by=cast.ana, at=NOW)
    url = f"/t/{ticket.pk}/time/{row.pk}/strike/"
    ana.post(url, {"why": " "})
    assert minutes(ticket) == 95
    ana.post(url, {"why": "Another ticket"})
    ana.post(url, {"why": "Again"})
    assert minutes(ticket) == 5
    row.refresh_from_db()
    assert (row.struck_by, row.struck_why, row.minutes) == (cast.ana, "Another ticket", 90)


def test_others_minutes_are_struck_out_by_leads(cast, ticket):
    row = book_time(ticket=ticket, minutes=9, by=cast.lena, at=NOW)
    with pytest.raises(NotAllowed):
        strike_out(entry=row, why="x", by=cast.ana, at=NOW)
    mine = book_time(ticket=ticket, minutes=9, by=cast.ana, at=NOW)
    strike_out(entry=mine, why="x", by=cast.lena, at=NOW)
    assert minutes(ticket) == 14


def test_a_timer_runs_on_the_server_one_for_each(cast, ana, ticket):
    other = make_ticket(cast)
    start_timer(ticket=ticket, by=cast.ana, at=NOW)
    start_timer(ticket=ticket, by=cast.ana, at=LATER)  # pressed twice: it runs on
    assert "runs since" in ana.get(f"/t/{ticket.pk}/time/").content.decode()
    assert f"/t/{ticket.pk}/" in ana.get(f"/t/{other.pk}/time/").content.decode()
    start_timer(ticket=other, by=cast.ana, at=LATER)
    assert RunningTimer.objects.get().ticket == other
    assert minutes(ticket) == 15  # ten begun
    stop_timer(ticket=other, what="Looked", by=cast.ana, at=LATER + timedelta(days=3))
    assert minutes(other) == 24 * 60
    assert not RunningTimer.objects.exists()


def test_a_timer_is_stopped_or_forgotten_by_whose_it_is(cast, ana, ticket):
    start_timer(ticket=ticket, by=cast.ana, at=NOW)
    with pytest.raises(NoTimer):
        stop_timer(ticket=ticket, by=cast.lena, at=NOW)
    ana.post(f"/t/{ticket.pk}/time/timer/", {"act": "forget"})
    assert minutes(ticket) == 5
    ana.post(f"/t/{ticket.pk}/time/timer/", {"act": "start"})
    ana.post(f"/t/{ticket.pk}/time/timer/", {"act": "stop"})
    assert minutes(ticket) == 6


@pytest.mark.parametrize(
    "wrong", [{"minutes": 0}, {"minutes": 1_441}, {"minutes": 5, "worked_at": NOW + timedelta(hours=1)}]
)
def test_no_time_can_be_booked_that_nobody_can_have_worked(cast, ticket, wrong):
    with pytest.raises(Invalid):
        book_time(ticket=ticket, **wrong, by=cast.ana, at=NOW)
    assert not TimeEntry.objects.exists()


def test_strangers_book_nothing(cast, ticket):
    with pytest.raises(NotFound):
        book_time(ticket=ticket, minutes=5, by=cast.mallory, at=NOW)


def test_totals_are_told_by_person_and_by_issue(cast, ticket, sign_in):
    issue = make_issue()
    coded = make_ticket(cast)
    classify(ticket=coded, issue=issue, by=cast.ana, at=NOW)
    book_time(ticket=ticket, minutes=5, by=cast.ana, at=NOW)
    book_time(ticket=coded, minutes=9, by=cast.ana, at=NOW)
    strike_out(entry=book_time(ticket=coded, minutes=60, by=cast.lena, at=NOW), why="x", by=cast.lena, at=NOW)
    span = {"user": cast.lena, "since": NOW - timedelta(days=1), "until": LATER}
    assert [(one.name, one.minutes, one.tickets) for one in totals("person", **span)] == [("Ana", 14, 2)]
    assert [(one.name, one.minutes) for one in totals("issue", **span)] == [(issue.path, 9), ("", 5)]
    assert totals("person", **span | {"user": cast.mallory}) == []
    assert sign_in(cast.lena).get("/time/?days=90").status_code == 200
    assert sign_in(cast.ana).get("/time/").status_code == 403


def test_the_box_costs_the_same_for_one_entry_and_for_twenty(cast, ana, ticket):
    url = f"/t/{ticket.pk}/time/"
    book_time(ticket=ticket, minutes=5, by=cast.ana, at=NOW)
    one = count_queries(ana, url)
    for number in range(1, 20):
        book_time(ticket=ticket, minutes=number, by=cast.lena, at=NOW)
    assert count_queries(ana, url) == one


def test_programs_book_and_strike_out(cast, ana, ticket):
    url = f"/api/v1/tickets/{ticket.pk}/time/"
    assert ana.post(url, {"minutes": 0}, content_type="application/json").status_code == 422
    row = ana.post(url, {"minutes": 7}, content_type="application/json").json()
    assert ana.get(url).json()["handling_minutes"] == 12
    why = {"why": "Twice"}
    struck = ana.post(f"{url}{row['id']}/strike-out/", why, content_type="application/json").json()
    assert struck["struck_why"] == "Twice"
    assert ana.get(url).json()["handling_minutes"] == 5
