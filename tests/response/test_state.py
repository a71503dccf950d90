from datetime import timedelta

import pytest
from django.db import transaction

from apps.response import services
from apps.response.reopening import services as reopening
from apps.response.reopening.services import MAX_REOPENINGS, REOPENING_WINDOW
from apps.response.services.state import SETTLED_AFTER
from apps.response.transitions import POSSIBLE
from helpdesk.errors import DomainError, Invalid, NotAllowed, NotFound
from helpdesk.models import Customer, Event, Message, Note, Participant, Status, Ticket
from tests.factories import NOW, make_ticket

LATER = NOW + timedelta(minutes=5)


def in_state(cast, status):
    """A ticket that came to a state the way tickets do."""
    ticket = make_ticket(cast)
    if status == Status.OPEN:
        ticket.begin(by=cast.ana, at=NOW)
    elif status.startswith("waiting"):
        ticket.hold(status, by=cast.ana, at=NOW)
    elif status in (Status.SOLVED, Status.CLOSED):
        ticket.resolve(by=cast.ana, at=NOW)
        if status == Status.CLOSED:
            ticket.close(by=cast.system, at=NOW)
    return ticket


ACTS = {
    "hold": lambda ticket, by: services.hold(ticket=ticket, waiting_on="waiting_owner", by=by, at=LATER),
    "solve": lambda ticket, by: services.solve(ticket=ticket, by=by, at=LATER),
    "reopen": lambda ticket, by: services.reopen(ticket=ticket, reason="Not over", by=by, at=LATER),
}
LEADS_TO = {"hold": Status.WAITING_OWNER, "solve": Status.SOLVED, "reopen": Status.OPEN}


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("act", ACTS)
def test_each_act_starts_from_the_states_of_the_table_and_no_other(cast, act, status):
    ticket = in_state(cast, status)
    events = Event.objects.count()
    if status in POSSIBLE[act]:
        assert ACTS[act](ticket, cast.ana).status == LEADS_TO[act]
        return
    with pytest.raises(services.NotNow), transaction.atomic():
        ACTS[act](ticket, cast.ana)
    ticket.refresh_from_db()
    assert (ticket.status, Event.objects.count()) == (status, events)


@pytest.mark.parametrize("act", ACTS)
def test_strangers_and_owners_change_no_state(cast, act):
    ticket = in_state(cast, Status.SOLVED if act == "reopen" else Status.OPEN)
    events = Event.objects.count()
    for by, error in ((cast.mallory, NotFound), (cast.omar, NotAllowed)):
        with pytest.raises(error), transaction.atomic():
            ACTS[act](ticket, by)
    assert Event.objects.count() == events


def test_one_waits_for_somebody(cast):
    with pytest.raises(Invalid):
        services.hold(ticket=make_ticket(cast), waiting_on="solved", by=cast.ana, at=NOW)


def test_waiting_for_the_same_again_is_no_event(cast):
    ticket = in_state(cast, Status.WAITING_OWNER)
    events = Event.objects.count()
    ACTS["hold"](ticket, cast.ana)
    assert Event.objects.count() == events


# The customer writes


def wrote(cast, ticket, at=LATER, **more) -> Message:
    message = Message.receive(ticket=ticket, customer=cast.zoe, body="Hello?", by=cast.system, at=at, **more)
    reopening.hear(message=message, by=cast.system, at=at)
    ticket.refresh_from_db()
    return message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Status.NEW, Status.NEW),
        (Status.OPEN, Status.OPEN),
        (Status.WAITING_CUSTOMER, Status.OPEN),
        (Status.WAITING_OWNER, Status.WAITING_OWNER),
        (Status.SOLVED, Status.OPEN),
        (Status.CLOSED, Status.OPEN),
    ],
)
def test_what_waited_for_the_customer_goes_on_and_what_was_over_is_open_again(cast, before, after):
    ticket = in_state(cast, before)
    wrote(cast, ticket)
    assert ticket.status == after


def test_the_news_of_a_message_reaches_the_ticket(cast, deliver_news):
    ticket = in_state(cast, Status.SOLVED)
    Message.receive(ticket=ticket, customer=cast.zoe, body="Hello?", by=cast.system, at=LATER)
    deliver_news(LATER)
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN


def test_an_out_of_office_reopens_nothing(cast):
    ticket = in_state(cast, Status.SOLVED)
    wrote(cast, ticket, is_automatic=True)
    assert ticket.status == Status.SOLVED


def test_news_that_comes_after_our_answer_changes_nothing(cast):
    ticket = in_state(cast, Status.OPEN)
    message = Message.receive(ticket=ticket, customer=cast.zoe, body="Hello?", by=cast.system, at=NOW)
    services.reply(ticket=ticket, body="Hello!", then="wait", by=cast.ana, at=LATER)
    reopening.hear(message=message, by=cast.system, at=LATER)
    ticket.refresh_from_db()
    assert ticket.status == Status.WAITING_CUSTOMER


def test_two_machines_can_not_reopen_a_ticket_for_ever(cast):
    ticket = in_state(cast, Status.SOLVED)
    at = LATER
    for _ in range(MAX_REOPENINGS + 2):
        wrote(cast, ticket, at=at)
        if ticket.is_open:
            services.solve(ticket=ticket, by=cast.ana, at=at + timedelta(seconds=1))
        at += timedelta(minutes=1)
    ticket.refresh_from_db()
    assert ticket.reopened_count == MAX_REOPENINGS
    wrote(cast, ticket, at=at + REOPENING_WINDOW)
    assert ticket.reopened_count == MAX_REOPENINGS + 1


# Merging


def test_one_of_two_tickets_goes_on_and_says_what_joined_it(cast):
    ticket, into = make_ticket(cast, subject="Twice"), make_ticket(cast)
    Participant.objects.create(ticket=ticket, email="partner@customer.test", added_at=NOW)
    services.merge(ticket=ticket, into=into, by=cast.ana, at=NOW)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.merged_into) == (Status.CLOSED, into)
    assert f"#{ticket.pk}" in Note.objects.get(ticket=into).body
    assert into.participants.get().email == "partner@customer.test"


def cannot_merge(cast, ticket, into, error=services.CannotMerge, by=None) -> None:
    events = Event.objects.count()
    with pytest.raises(error), transaction.atomic():
        services.merge(ticket=ticket, into=into, by=by or cast.ana, at=NOW)
    assert Event.objects.count() == events


def test_a_ticket_is_not_merged_into_itself(cast):
    ticket = make_ticket(cast)
    cannot_merge(cast, ticket, ticket)


def test_tickets_of_two_customers_stay_two(cast):
    other = Customer.objects.known_by(email="noor@customer.test", at=NOW)
    cannot_merge(cast, make_ticket(cast), make_ticket(cast, customer=other))


def test_nothing_is_merged_into_a_closed_ticket_or_a_merged_one(cast):
    first, second, third = (make_ticket(cast) for _ in range(3))
    cannot_merge(cast, first, in_state(cast, Status.CLOSED))
    services.merge(ticket=second, into=third, by=cast.ana, at=NOW)
    cannot_merge(cast, first, second, services.TicketMerged)
    cannot_merge(cast, second, first, services.TicketMerged)


def test_a_ticket_one_may_not_see_is_not_merged(cast):
    hidden = make_ticket(cast, department=cast.shipping)
    cannot_merge(cast, make_ticket(cast), hidden, NotFound)
    cannot_merge(cast, make_ticket(cast), make_ticket(cast), NotFound, by=cast.mallory)


@pytest.mark.parametrize("act", ACTS)
def test_a_merged_ticket_does_not_move_any_more(cast, act):
    ticket, into = make_ticket(cast), make_ticket(cast)
    services.merge(ticket=ticket, into=into, by=cast.ana, at=NOW)
    with pytest.raises(services.TicketMerged):
        ACTS[act](ticket, cast.ana)


# Closing


def test_what_stayed_solved_for_two_weeks_is_closed(cast):
    old, recent = in_state(cast, Status.SOLVED), make_ticket(cast)
    recent.resolve(by=cast.ana, at=NOW + timedelta(days=1))
    at = NOW + SETTLED_AFTER + timedelta(minutes=1)
    assert services.close_settled(by=cast.system, at=at) == 1
    assert services.close_settled(by=cast.system, at=at) == 0
    old.refresh_from_db()
    recent.refresh_from_db()
    assert (old.status, recent.status) == (Status.CLOSED, Status.SOLVED)


def test_a_ticket_that_can_not_be_closed_does_not_keep_the_others_open(cast, monkeypatch):
    faulty, *others = [in_state(cast, Status.SOLVED) for _ in range(3)]
    close = Ticket.close

    def broken(ticket, **told):
        close(ticket, **told)
        if ticket == faulty:
            raise ZeroDivisionError

    monkeypatch.setattr(Ticket, "close", broken)
    with pytest.raises(ExceptionGroup, match="1 failed, 2 done"):
        services.close_settled(by=cast.system, at=NOW + SETTLED_AFTER + timedelta(minutes=1))
    assert {ticket.pk for ticket in Ticket.objects.filter(status=Status.CLOSED)} == {one.pk for one in others}
    assert not Event.objects.filter(kind="ticket.closed", ticket=faulty).exists()


def test_every_state_has_a_way_on():
    reachable = set().union(*POSSIBLE.values())
    assert reachable == set(Status)
    assert issubclass(services.NotNow, DomainError)
