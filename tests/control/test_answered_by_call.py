"""Who was spoken with has their answer: on the clocks, and as the first reply of the ticket."""

from datetime import timedelta

import pytest

from apps.control import services
from apps.control.models import Clock
from apps.response import services as response
from apps.response.calls.models import Call
from apps.response.calls.services import Spoken, log_call, take_contact
from helpdesk.models import Channel, Event, Message, Status, Ticket
from tests.factories import NOW, make_ticket

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TOMORROW = NOW + timedelta(days=1)


def states(ticket):
    rows = Clock.objects.filter(ticket=ticket).exclude(state="cancelled").order_by("pk")
    return {clock.kind: clock.state for clock in rows}


def fresh(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def called(cast, ticket, *, at=NOW + HOUR, **call):
    return log_call(ticket=ticket, call=Spoken(**call), by=cast.ana, at=at)


# Who called, how it ended, and whether they have their answer.
CALLS = [
    ("out", "talked", True),
    ("out", "settled", True),
    ("out", "call_back", True),
    ("out", "message_left", False),
    ("out", "no_answer", False),
    ("in", "talked", True),
    ("in", "settled", True),
    ("in", "call_back", True),
    ("in", "message_left", False),
    ("in", "no_answer", False),
]


@pytest.mark.parametrize(("direction", "outcome", "answers"), CALLS)
def test_a_call_that_reached_the_customer_is_the_first_reply(
    cast, policy, deliver_news, direction, outcome, answers
):
    ticket = make_ticket(cast, channel="phone")  # whom no machine writes that we have their message
    deliver_news()
    again = {"call_back_at": TOMORROW} if outcome == "call_back" else {}
    called(cast, ticket, at=NOW + 30 * MINUTE, direction=direction, outcome=outcome, minutes=10, **again)
    deliver_news(NOW + 30 * MINUTE)
    known = states(ticket)
    expected = "met" if answers else "running"
    assert (known["acknowledge"], known["first_reply"]) == (expected, expected)
    assert known["resolve"] == ("met" if outcome == "settled" else "running")
    assert fresh(ticket).first_replied_at == (NOW + 20 * MINUTE if answers else None)
    if answers:
        met = Clock.objects.get(ticket=ticket, kind="first_reply")
        assert (met.met_at, met.met_by_message) == (NOW + 20 * MINUTE, None)


def test_a_call_after_its_time_is_late_and_the_same_news_twice_changes_nothing(cast, policy, deliver_news):
    ticket = make_ticket(cast)
    deliver_news()
    row = called(cast, ticket, at=TOMORROW + HOUR, direction="out")
    event = Event.objects.get(kind="call.logged")
    deliver_news(TOMORROW + HOUR)
    services.meet_by_call(call=row, by=cast.ana, at=row.logged_at)
    assert states(ticket)["first_reply"] == "met_late"
    assert Clock.objects.filter(ticket=ticket).count() == 3
    assert event.data["outcome"] == "talked"


def test_a_reply_that_was_sent_before_stays_the_first(cast, policy, deliver_news):
    ticket = make_ticket(cast)
    deliver_news()
    sent = response.reply(ticket=ticket, body="We look.", by=cast.ana, at=NOW + 5 * MINUTE)
    deliver_news(NOW + 5 * MINUTE)
    called(cast, ticket, direction="out")
    deliver_news(NOW + HOUR)
    assert fresh(ticket).first_replied_at == sent.at
    assert Clock.objects.get(ticket=ticket, kind="first_reply").met_by_message == sent


def test_a_call_that_is_logged_after_the_reply_that_followed_it_is_the_first(cast):
    ticket = make_ticket(cast)
    response.reply(ticket=ticket, body="As I said.", by=cast.ana, at=NOW + HOUR)
    called(cast, ticket, at=NOW + 2 * HOUR, direction="out", begun_at=NOW + MINUTE)
    found = fresh(ticket)
    assert (found.first_replied_at, found.updated_at >= NOW + HOUR) == (NOW + MINUTE, True)


def test_a_reply_that_is_taken_back_leaves_the_call(cast):
    ticket = make_ticket(cast)
    sent = response.reply(ticket=ticket, body="As I said.", by=cast.ana, at=NOW + MINUTE)
    called(cast, ticket, direction="out")
    response.take_back(message=sent, by=cast.ana, at=NOW + HOUR)
    assert fresh(ticket).first_replied_at == NOW + HOUR


def test_messages_that_go_elsewhere_leave_the_call(cast):
    ticket = make_ticket(cast)
    called(cast, ticket, direction="out")
    other = Message.receive(
        ticket=ticket, customer=cast.zoe, body="Another matter", by=cast.system, at=NOW + HOUR, channel="form"
    )
    response.split(ticket=ticket, messages=[other.pk], by=cast.ana, at=NOW + 2 * HOUR)
    assert fresh(ticket).first_replied_at == NOW + HOUR


def test_a_call_is_the_next_reply_too_even_where_its_news_came_first(cast, policy):
    """The customer wrote at eleven and was called at half past; a worker hears of the call before it hears of that."""
    policy.next_reply_minutes = 60
    policy.save()
    ticket = make_ticket(cast)
    response.reply(ticket=ticket, body="We look.", by=cast.ana, at=NOW + MINUTE)
    row = called(cast, ticket, at=NOW + HOUR + 30 * MINUTE, direction="out")
    services.meet_by_call(call=row, by=cast.ana, at=row.logged_at)
    services.start_clocks(ticket=ticket, kinds=(Clock.Kind.NEXT_REPLY,), at=NOW + HOUR)
    assert states(ticket)["next_reply"] == "met"


def test_a_call_from_before_the_customer_wrote_again_answers_nothing(cast, policy):
    policy.next_reply_minutes = 60
    policy.save()
    ticket = make_ticket(cast)
    called(cast, ticket, at=NOW + MINUTE, direction="out")
    services.start_clocks(ticket=ticket, kinds=(Clock.Kind.NEXT_REPLY,), at=NOW + HOUR)
    assert states(ticket)["next_reply"] == "running"


def opening(cast, channel):
    return {
        "subject": "", "body": "The lamp flickers.", "customer": cast.zoe, "channel": channel,
        "department": cast.billing,
    }  # fmt: skip


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.WALK_IN])
@pytest.mark.parametrize("order", ["as it happened", "the other way round"])
def test_who_calls_or_stands_here_about_something_new_is_answered_at_once(cast, policy, channel, order):
    call = Spoken(direction="in", outcome="talked", minutes=5)
    ticket = take_contact(opening=opening(cast, channel), call=call, by=cast.ana, at=NOW)
    if order == "the other way round":
        for row in Call.objects.all():  # of a visit there is none
            services.meet_by_call(call=row, by=cast.ana, at=NOW)
    services.start_clocks(ticket=ticket, at=NOW)
    assert states(ticket) == {"acknowledge": "met", "first_reply": "met", "resolve": "running"}
    assert (fresh(ticket).first_replied_at, fresh(ticket).status) == (NOW, Status.NEW)


def test_a_call_we_missed_waits_for_an_answer(cast, policy):
    call = Spoken(direction="in", outcome="message_left")
    ticket = take_contact(opening=opening(cast, Channel.PHONE), call=call, by=cast.ana, at=NOW)
    services.start_clocks(ticket=ticket, at=NOW)
    assert (states(ticket)["first_reply"], fresh(ticket).first_replied_at) == ("running", None)


def test_news_for_the_customer_may_be_told_by_telephone(cast, policy):
    policy.next_update_minutes = 60
    policy.save()
    ticket = make_ticket(cast)
    services.start_clocks(ticket=ticket, at=NOW)
    response.hold(ticket=ticket, waiting_on="waiting_owner", by=cast.ana, at=NOW)
    services.pause_clocks(ticket=ticket, at=NOW)
    row = called(cast, ticket, direction="out")
    services.meet_by_call(call=row, by=cast.ana, at=row.logged_at)
    services.meet_by_call(call=row, by=cast.ana, at=row.logged_at)
    news = list(Clock.objects.filter(ticket=ticket, kind="next_update").order_by("pk"))
    assert [(one.state, one.started_at) for one in news] == [("met", NOW), ("running", row.answered_at)]
