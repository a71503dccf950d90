from datetime import UTC, datetime, timedelta

import pytest

from apps.control import services
from apps.control.models import Clock, ServicePolicy
from helpdesk import events
from helpdesk.models import Event, Message, Status
from tests.factories import NOW, make_ticket

HOUR = timedelta(hours=1)


def clocks(ticket):
    return {clock.kind: clock for clock in Clock.objects.filter(ticket=ticket).exclude(state="cancelled")}


def start(ticket):
    services.start_clocks(ticket=ticket, at=NOW)
    return clocks(ticket)


def write(cast, ticket, *, at=NOW + HOUR, automatic=False):
    return Message.write(
        ticket=ticket, body="Hello", by=cast.ana, at=at, channel="email", is_automatic=automatic
    )  # fmt: skip


def test_a_new_ticket_is_promised_what_its_policy_says(cast, policy):
    ticket = make_ticket(cast)
    started = start(ticket)
    assert started["acknowledge"].due_at == NOW + HOUR
    assert started["first_reply"].due_at == datetime(2026, 5, 7, 10, tzinfo=UTC)
    assert started["resolve"].due_at == datetime(2026, 5, 13, 10, tzinfo=UTC)


def test_the_most_pressing_clock_is_shown_on_the_ticket(cast, policy):
    ticket = make_ticket(cast)
    start(ticket)
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.clock_state) == (NOW + HOUR, "running")


def test_the_same_news_twice_starts_nothing_twice(cast, policy):
    ticket = make_ticket(cast)
    start(ticket)
    start(ticket)
    assert Clock.objects.count() == 3


def test_without_a_policy_nothing_is_promised(cast):
    assert start(make_ticket(cast)) == {}


@pytest.mark.parametrize(
    ("fits", "chosen"),
    [
        ({}, True),
        ({"severity": 1}, False),
        ({"severity": 3}, True),
        ({"segment": "home"}, True),
        ({"segment": "x"}, False),
    ],
)
def test_the_first_policy_that_fits_counts(cast, policy, fits, chosen):
    ServicePolicy.objects.create(
        name="Special", order=1, calendar=policy.calendar, resolve_minutes=60, **fits
    )
    assert (set(start(make_ticket(cast))) == {"resolve"}) is chosen


def test_our_reply_meets_acknowledge_and_first_reply(cast, policy):
    ticket = make_ticket(cast)
    start(ticket)
    services.meet_clocks(ticket=ticket, message=write(cast, ticket), at=NOW + HOUR)
    states = {kind: clock.state for kind, clock in clocks(ticket).items()}
    assert states == {"acknowledge": "met", "first_reply": "met", "resolve": "running"}


def test_an_automatic_answer_only_acknowledges(cast, policy):
    ticket = make_ticket(cast)
    start(ticket)
    services.meet_clocks(ticket=ticket, message=write(cast, ticket, automatic=True), at=NOW)
    assert clocks(ticket)["first_reply"].state == "running"


def test_a_reply_that_was_written_before_the_clocks_started_meets_them_all_the_same(cast, policy):
    ticket = make_ticket(cast)
    write(cast, ticket)
    assert start(ticket)["first_reply"].state == "met"


def test_a_reply_after_its_time_is_met_late(cast, policy):
    ticket = make_ticket(cast)
    start(ticket)
    late = NOW + timedelta(days=2)
    services.meet_clocks(ticket=ticket, message=write(cast, ticket, at=late), at=late)
    assert clocks(ticket)["first_reply"].state == "met_late"


def test_a_withdrawn_reply_leaves_the_promise_as_it_was(cast, policy):
    ticket = make_ticket(cast)
    due = start(ticket)["first_reply"].due_at
    message = write(cast, ticket)
    services.meet_clocks(ticket=ticket, message=message, at=NOW + HOUR)
    services.unmeet_clocks(ticket=ticket, message=message, at=NOW + HOUR)
    assert (clocks(ticket)["first_reply"].state, clocks(ticket)["first_reply"].due_at) == ("running", due)


def test_waiting_for_the_customer_stops_the_clock_and_gives_back_what_was_left(cast, policy):
    ticket = make_ticket(cast)
    start(ticket)
    ticket.hold(Status.WAITING_CUSTOMER, by=cast.ana, at=NOW + 2 * HOUR)
    services.pause_clocks(ticket=ticket, at=NOW + 2 * HOUR)
    assert clocks(ticket)["resolve"].minutes_left == 38 * 60
    later = NOW + timedelta(days=7)
    ticket.begin(by=cast.ana, at=later)
    services.resume_clocks(ticket=ticket, at=later)
    assert clocks(ticket)["resolve"].due_at == datetime(2026, 5, 19, 16, tzinfo=UTC)


def test_waiting_for_an_owner_is_our_time_not_the_customers(cast, policy):
    ticket = make_ticket(cast)
    start(ticket)
    ticket.hold(Status.WAITING_OWNER, by=cast.ana, at=NOW)
    services.pause_clocks(ticket=ticket, at=NOW)
    assert clocks(ticket)["resolve"].state == "running"


def test_a_higher_severity_counts_the_time_used_so_far(cast, policy):
    ServicePolicy.objects.create(
        name="Critical", order=1, calendar=policy.calendar, severity=1, resolve_minutes=240
    )
    ticket = make_ticket(cast)
    start(ticket)
    ticket.rate(1, by=cast.ana, at=NOW + HOUR)
    services.restart_clocks(ticket=ticket, at=NOW + HOUR)
    assert clocks(ticket)["resolve"].due_at == NOW + 4 * HOUR


def test_a_solved_ticket_has_met_its_promises_and_shows_no_clock(cast, policy):
    ticket = make_ticket(cast)
    start(ticket)
    ticket.resolve(by=cast.ana, at=NOW)
    services.stop_clocks(ticket=ticket, at=NOW)
    ticket.refresh_from_db()
    assert clocks(ticket)["resolve"].state == "met"
    assert (ticket.due_at, ticket.clock_state) == (None, "")


def test_a_customer_who_writes_twice_waits_for_one_reply(cast, policy, deliver_news):
    ticket = make_ticket(cast)
    services.start_clocks(ticket=ticket, at=NOW)
    services.start_clocks(ticket=ticket, kinds=["next_reply"], at=NOW + HOUR)
    assert set(clocks(ticket)) == {"acknowledge", "first_reply", "resolve"}


def test_a_withdrawn_reply_gives_a_resting_promise_back_at_rest(cast, policy):
    """The hold was told before the reply it came with: the promise rested when it was met."""
    ticket = make_ticket(cast)
    start(ticket)
    ticket.hold(Status.WAITING_CUSTOMER, by=cast.ana, at=NOW + HOUR)
    services.pause_clocks(ticket=ticket, at=NOW + HOUR)
    message = write(cast, ticket)
    services.meet_clocks(ticket=ticket, message=message, at=NOW + HOUR)
    services.unmeet_clocks(ticket=ticket, message=message, at=NOW + HOUR)
    assert (clocks(ticket)["first_reply"].state, clocks(ticket)["first_reply"].due_at) == ("paused", None)
    ticket.begin(by=cast.ana, at=NOW + HOUR)
    services.resume_clocks(ticket=ticket, at=NOW + HOUR)
    assert clocks(ticket)["first_reply"].due_at == datetime(2026, 5, 7, 10, tzinfo=UTC)


def test_a_withdrawn_reply_lets_a_rested_promise_run_when_the_ticket_runs_already(cast, policy):
    ticket = make_ticket(cast)
    start(ticket)
    ticket.hold(Status.WAITING_CUSTOMER, by=cast.ana, at=NOW + HOUR)
    services.pause_clocks(ticket=ticket, at=NOW + HOUR)
    message = write(cast, ticket)
    services.meet_clocks(ticket=ticket, message=message, at=NOW + HOUR)
    ticket.begin(by=cast.ana, at=NOW + HOUR)
    services.resume_clocks(ticket=ticket, at=NOW + HOUR)
    services.unmeet_clocks(ticket=ticket, message=message, at=NOW + HOUR)
    clock = clocks(ticket)["first_reply"]
    assert (clock.state, clock.due_at) == ("running", datetime(2026, 5, 7, 10, tzinfo=UTC))


def test_a_broken_promise_that_is_given_back_climbs_its_ladder_on(cast, policy):
    ticket = make_ticket(cast)
    start(ticket)
    services.tick(by=cast.system, at=NOW + 24 * HOUR + HOUR)
    rung = clocks(ticket)["first_reply"].next_rung_at
    assert rung is not None
    message = write(cast, ticket, at=NOW + 26 * HOUR)
    services.meet_clocks(ticket=ticket, message=message, at=message.at)
    services.unmeet_clocks(ticket=ticket, message=message, at=message.at)
    services.tick(by=cast.system, at=message.at)
    clock = clocks(ticket)["first_reply"]
    assert (clock.state, clock.next_rung_at) == ("breached", rung)


def test_news_of_a_reply_that_was_taken_back_meanwhile_meets_nothing(cast, policy):
    ticket = make_ticket(cast)
    start(ticket)
    message = write(cast, ticket)
    message.withdraw(by=cast.ana, at=NOW + HOUR)
    services.unmeet_clocks(ticket=ticket, message=message, at=NOW + HOUR)
    services.meet_clocks(ticket=ticket, message=message, at=NOW + HOUR)
    assert clocks(ticket)["first_reply"].state == "running"


def test_a_reply_does_not_meet_what_was_promised_after_it(cast, policy):
    ticket = make_ticket(cast)
    message = write(cast, ticket)
    services.start_clocks(ticket=ticket, kinds=["next_reply"], at=NOW + 2 * HOUR)
    services.meet_clocks(ticket=ticket, message=message, at=message.at)
    assert clocks(ticket)["next_reply"].state == "running"


@pytest.mark.parametrize("order", [("stop", "reopen"), ("reopen", "stop")])
def test_a_ticket_that_is_open_again_keeps_a_promise_in_whatever_order_the_news_comes(cast, policy, order):
    ticket = make_ticket(cast)
    start(ticket)
    solved_at, reopened_at = NOW + HOUR, NOW + 2 * HOUR
    ticket.resolve(by=cast.ana, at=solved_at)
    ticket.reopen(reason="Still broken", by=cast.system, at=reopened_at)
    for news in order:
        if news == "stop":
            services.stop_clocks(ticket=ticket, at=solved_at)
        else:
            services.start_clocks(ticket=ticket, kinds=["next_reply", "resolve"], at=reopened_at)
    running = {kind for kind, clock in clocks(ticket).items() if clock.state == "running"}
    assert running == {"next_reply", "resolve"}
    assert Clock.objects.get(ticket=ticket, kind="first_reply").state == "met"


def test_the_first_tickets_are_promised_something_even_if_they_are_heard_of_before_the_house_was_opened(cast):
    events.record("house.opened", by=cast.ada, at=NOW)
    ticket = make_ticket(cast)
    opened = Event.objects.get(kind="ticket.opened")
    events.deliver(event_id=opened.pk, at=opened.at, subscriber="control.start_clocks", now=NOW)
    assert set(clocks(ticket)) == {"acknowledge", "first_reply", "resolve"}
