"""A call that was written down after a promise ran out, and took place before: the promise was kept after all."""

from datetime import timedelta

import pytest

from apps.control import services
from apps.control.models import Clock, Escalation
from apps.control.queries import promises_kept
from apps.output.models import Notification
from apps.response import services as response
from apps.response.calls.services import DAYS_BACK, Spoken, log_call
from apps.response.queries.conversation import conversation
from apps.response.queries.history import history
from helpdesk.errors import Invalid, NotFound
from helpdesk.models import Event, Message, Ticket
from tests.factories import NOW, make_cast, make_ticket, make_token
from tests.output.test_races import at_once

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TOMORROW = NOW + timedelta(days=1, hours=2)  # the first reply was due two hours ago


def called(cast, ticket, *, begun_at, at=TOMORROW, **call):
    return log_call(ticket=ticket, call=Spoken(begun_at=begun_at, **call), by=cast.ana, at=at)


def clock(ticket, kind="first_reply"):
    return Clock.objects.filter(ticket=ticket, kind=kind).order_by("pk").last()


@pytest.fixture
def broken(cast, policy, deliver_news):
    """Its first reply was due at ten today, it is noon, and everybody was told."""
    ticket = make_ticket(cast, channel="phone")
    deliver_news()
    ticket.assign(cast.ana, by=cast.ada, at=NOW)
    for at in (NOW + 23 * HOUR, TOMORROW, TOMORROW):
        services.tick(by=cast.system, at=at)
        deliver_news(at)
    assert clock(ticket).state == "breached"
    return ticket


def test_a_call_from_before_it_ran_out_keeps_the_promise_and_says_who_wrote_it_down(
    cast, broken, deliver_news
):
    due = clock(broken).due_at
    told = (Notification.objects.count(), Escalation.objects.count())
    row = called(cast, broken, begun_at=due, direction="out")
    deliver_news(TOMORROW)
    services.tick(by=cast.system, at=TOMORROW + HOUR)
    deliver_news(TOMORROW + HOUR)
    kept = clock(broken)
    assert (kept.state, kept.met_at, kept.breached_at, kept.next_rung_at) == ("met", due, None, None)
    event = Event.objects.get(kind="clock.corrected", data__kind="first_reply")
    assert (event.by, event.at, event.data["call"]) == (cast.ana, TOMORROW, row.pk)
    broken.refresh_from_db()
    assert (broken.clock_state, broken.first_replied_at) == ("running", due)
    assert (Notification.objects.count(), Escalation.objects.count()) == told
    said = [(one.who, one.text) for one in history(broken)]
    words = "Clock “First reply” was kept after all: they were spoken with on 7 May 2026, 10:00, logged later"
    assert ("Ana", words) in said
    lines = [one.text for one in conversation(broken, people={}).entries]
    assert "A clock that ran out was kept after all" in lines
    figures = {
        one.kind: (one.met, one.late) for one in promises_kept(since=NOW, until=NOW + timedelta(days=9))
    }
    assert figures["first_reply"] == (1, 0)


def test_a_minute_after_it_ran_out_is_late(cast, broken, deliver_news):
    called(cast, broken, begun_at=clock(broken).due_at + MINUTE, direction="out")
    deliver_news(TOMORROW)
    assert clock(broken).state == "met_late"
    assert clock(broken).breached_at is not None
    assert not Event.objects.filter(kind="clock.corrected", data__kind="first_reply").exists()


@pytest.mark.parametrize("outcome", ["message_left", "no_answer"])
def test_who_was_not_reached_has_no_answer(cast, broken, deliver_news, outcome):
    called(cast, broken, begun_at=NOW + HOUR, outcome=outcome)
    deliver_news(TOMORROW)
    assert clock(broken).state == "breached"


def test_a_call_from_before_the_ticket_keeps_nothing(cast, broken, deliver_news):
    called(cast, broken, begun_at=NOW - HOUR)
    deliver_news(TOMORROW)
    assert clock(broken).state == "met_late"


def test_what_was_answered_late_meanwhile_was_kept_by_the_call(cast, broken, deliver_news):
    sent = response.reply(ticket=broken, body="As I said.", by=cast.ana, at=TOMORROW)
    deliver_news(TOMORROW)
    assert clock(broken).state == "met_late"
    called(cast, broken, begun_at=NOW + HOUR, at=TOMORROW + HOUR)
    deliver_news(TOMORROW + HOUR)
    assert (clock(broken).state, clock(broken).met_at) == ("met", NOW + HOUR)
    response.take_back(message=sent, by=cast.ana, at=TOMORROW + HOUR)
    deliver_news(TOMORROW + HOUR)
    assert clock(broken).state == "met"  # the call stands, whatever becomes of the letter


def test_the_same_news_and_the_same_call_again_correct_nothing_twice(cast, broken, deliver_news):
    row = called(cast, broken, begun_at=NOW + HOUR)
    deliver_news(TOMORROW)
    known = Event.objects.filter(kind="clock.corrected").count()
    services.meet_by_call(call=row, by=cast.ana, at=TOMORROW)
    called(cast, broken, begun_at=NOW + 2 * HOUR)
    deliver_news(TOMORROW)
    assert Event.objects.filter(kind="clock.corrected").count() == known
    assert clock(broken).met_at == NOW + HOUR


@pytest.mark.parametrize("order", ["solved first", "called first"])
def test_a_settled_call_keeps_the_promise_to_solve_whichever_news_comes_first(cast, policy, order):
    policy.resolve_minutes = 120
    policy.save()
    ticket = make_ticket(cast)
    services.start_clocks(ticket=ticket, at=NOW)
    row = called(cast, ticket, begun_at=NOW + HOUR, at=NOW + 3 * HOUR, outcome="settled")
    hear = [
        lambda: services.stop_clocks(ticket=ticket, at=NOW + 3 * HOUR),
        lambda: services.meet_by_call(call=row, by=cast.ana, at=NOW + 3 * HOUR),
    ]
    for one in hear if order == "solved first" else reversed(hear):
        one()
    assert (clock(ticket, "resolve").state, clock(ticket, "resolve").met_at) == ("met", NOW + HOUR)
    assert not Event.objects.filter(kind="clock.corrected").exists()  # nobody was told that it is broken


def test_a_call_that_settled_nothing_leaves_the_promise_to_solve_broken(cast, policy):
    policy.resolve_minutes = 120
    policy.save()
    ticket = make_ticket(cast)
    services.start_clocks(ticket=ticket, at=NOW)
    services.tick(by=cast.system, at=NOW + 3 * HOUR)
    row = called(cast, ticket, begun_at=NOW + HOUR, at=NOW + 3 * HOUR)
    services.meet_by_call(call=row, by=cast.ana, at=NOW + 3 * HOUR)
    assert clock(ticket, "resolve").state == "breached"


def test_what_they_wrote_after_the_call_waits_for_an_answer_of_its_own(cast, policy, broken, deliver_news):
    policy.next_reply_minutes = 60
    policy.save()
    asked = Message.receive(
        ticket=broken, customer=cast.zoe, body="And the lid?", by=cast.system, at=NOW + 3 * HOUR, channel="email"
    )  # fmt: skip
    deliver_news(TOMORROW)
    assert clock(broken, "next_reply") is None  # they wait for one reply, as yet
    for _ in range(2):
        called(cast, broken, begun_at=NOW + HOUR)
        deliver_news(TOMORROW)
    rows = Clock.objects.filter(ticket=broken, kind="next_reply")
    assert [(one.started_at, one.state) for one in rows] == [(asked.at, "running")]


def test_a_call_is_dated_back_for_seven_days_on_page_and_by_program(cast, client, sign_in):
    ticket = make_ticket(cast)
    farthest = TOMORROW - timedelta(days=DAYS_BACK)
    with pytest.raises(Invalid, match="A call can be logged for 7 days") as refused:
        called(cast, ticket, begun_at=farthest - MINUTE)
    assert refused.value.pointer == "begun_at"
    called(cast, ticket, begun_at=farthest)
    place, said = (
        f"/t/{ticket.pk}/calls/new/",
        {"direction": "in", "outcome": "talked", "begun_at": "2020-01-04T10:00"},
    )
    answer = sign_in(cast.ana).post(place, said)
    assert answer.status_code == 422
    assert "A call can be logged for 7 days." in answer.content.decode()
    by_program = client.post(
        f"/api/v1/tickets/{ticket.pk}/calls/", said | {"begun_at": "2020-01-04T10:00:00Z"},
        content_type="application/json", headers={"Authorization": f"Bearer {make_token(cast.robot)}"},
    )  # fmt: skip
    assert (by_program.status_code, by_program.json()["errors"][0]["pointer"]) == (422, "/begun_at")


def test_a_stranger_to_the_ticket_keeps_no_promise(cast, broken):
    with pytest.raises(NotFound):
        log_call(ticket=broken, call=Spoken(begun_at=NOW + HOUR), by=cast.mallory, at=TOMORROW)
    assert clock(broken).state == "breached"


def test_of_two_calls_heard_at_once_one_corrects(transactional_db):
    cast = make_cast()
    services.lay_out_defaults()
    for _ in range(4):
        ticket = make_ticket(cast)
        services.start_clocks(ticket=ticket, at=NOW)
        services.tick(by=cast.system, at=TOMORROW)
        rows = [called(cast, ticket, begun_at=NOW + hours * HOUR) for hours in (0.5, 0.6)]
        outcomes = at_once(
            *(lambda row=row: services.meet_by_call(call=row, by=cast.ana, at=TOMORROW) for row in rows)
        )
        assert outcomes == [None, None]
        told = Event.objects.filter(kind="clock.corrected", ticket=ticket).values_list(
            "data__kind", flat=True
        )
        assert sorted(told) == ["acknowledge", "first_reply"]
        assert Ticket.objects.get(pk=ticket.pk).clock_state == "running"
