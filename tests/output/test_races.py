"""Two at once, on real connections: exactly one wins."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.db import DatabaseError, connection

from apps.output import services
from apps.output.models import Delivery, State
from apps.response import queries
from apps.response import services as response
from helpdesk.errors import DomainError
from helpdesk.models import Message, Role
from tests.factories import NOW, make_cast, make_ticket, make_user

AFTER = NOW + timedelta(seconds=11)
ROUNDS = 12


@pytest.fixture
def people(transactional_db):
    return make_cast()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run these at the same moment, each in a thread with a connection of its own; what each gave or raised."""
    outcomes: list[object] = [None] * len(acts)
    ready = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            ready.wait(30)
            outcomes[place] = act()
        except (DomainError, DatabaseError, threading.BrokenBarrierError) as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


def test_a_reply_is_either_sent_or_taken_back_never_both(people, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    fates = set()
    for _ in range(ROUNDS):
        mail.outbox = []
        message = response.reply(ticket=make_ticket(people), body="Hello", by=people.ana, at=NOW)
        services.deliver(message=message, by=people.system, at=NOW)
        _, undone = at_once(
            lambda: services.send_due(by=people.system, at=AFTER),
            lambda message=message: services.undo(message=message, by=people.ana, at=AFTER),
        )
        message.refresh_from_db()
        state = Delivery.objects.get(message=message).state
        withdrawn = message.withdrawn_at is not None
        assert (state, withdrawn, len(mail.outbox)) in [(State.SENT, False, 1), (State.WITHDRAWN, True, 0)]
        assert isinstance(undone, services.TooLate) is not withdrawn
        fates.add(state)
    assert fates  # which of the two wins is chance


def test_taking_back_while_the_letter_is_being_made_leaves_none_on_its_way(people):
    for _ in range(ROUNDS):
        message = response.reply(ticket=make_ticket(people), body="Hello", by=people.ana, at=NOW)
        outcomes = at_once(
            lambda message=message: services.deliver(message=message, by=people.system, at=NOW),
            lambda message=message: services.undo(message=message, by=people.ana, at=NOW),
        )
        assert not [error for error in outcomes if isinstance(error, Exception)]
        assert not Delivery.objects.filter(message=message).exclude(state=State.WITHDRAWN).exists()
        assert Message.objects.get(pk=message.pk).withdrawn_at is not None


def test_many_senders_send_every_letter_once(people, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    for number in range(24):
        message = response.reply(ticket=make_ticket(people), body=f"Answer {number}", by=people.ana, at=NOW)
        services.deliver(message=message, by=people.system, at=NOW)
    sent = at_once(*[lambda: services.send_due(by=people.system, at=AFTER)] * 4)
    assert sum(sent) == 24
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == len(mail.outbox) == 24


def test_two_who_take_a_ticket_at_once_do_not_both_get_it(people):
    for _ in range(ROUNDS):
        ticket = make_ticket(people)
        outcomes = at_once(*[
            lambda who=who, ticket=ticket: response.assign(ticket=ticket, assignee=who, expected=None, by=who, at=NOW)
            for who in (people.ana, people.lena)
        ])  # fmt: skip
        assert sum(isinstance(outcome, response.TakenMeanwhile) for outcome in outcomes) == 1


def press_play(who, at=NOW):
    rows = queries.unclaimed(user=who, view="unassigned", at=at)
    return response.take_up_next(candidates=rows, by=who, at=at)


@pytest.mark.parametrize("tickets", [20, 14])
def test_twenty_who_press_play_at_once_are_never_given_the_same_ticket(people, tickets):
    """Again and again, as each of them skips what they were given; nobody goes away empty while there are enough."""
    players = [make_user(f"player{n}", Role.AGENT, people.billing) for n in range(20)]
    for _ in range(tickets):
        make_ticket(people)
    for round_ in range(4):
        given = at_once(*[partial(press_play, who, NOW + timedelta(seconds=round_)) for who in players])
        assert not [one for one in given if isinstance(one, Exception)]
        taken = [ticket.pk for ticket in given if ticket is not None]
        assert len(set(taken)) == len(taken)
        # Who presses again lets go of the last one only as they are given the next: the first round finds all free.
        assert len(taken) == tickets if round_ == 0 else len(taken) > 0


def test_a_claim_that_ran_out_goes_to_one_of_those_who_want_it(people):
    ticket = make_ticket(people)
    for round_ in range(ROUNDS):
        at = NOW + timedelta(minutes=2 * round_)
        given = at_once(*[partial(press_play, who, at) for who in (people.ana, people.lena, people.ada)])
        assert sorted(given, key=bool) == [None, None, ticket]


def test_two_merges_in_opposite_directions_do_not_both_happen(people):
    for _ in range(ROUNDS):
        one, other = make_ticket(people), make_ticket(people)
        outcomes = at_once(
            lambda one=one, other=other: response.merge(ticket=one, into=other, by=people.ana, at=NOW),
            lambda one=one, other=other: response.merge(ticket=other, into=one, by=people.lena, at=NOW),
        )
        assert sum(isinstance(outcome, response.TicketMerged) for outcome in outcomes) == 1


def test_two_solves_at_once_are_one(people):
    for _ in range(ROUNDS):
        ticket = make_ticket(people)
        outcomes = at_once(*[lambda ticket=ticket: response.solve(ticket=ticket, by=people.ana, at=NOW)] * 2)
        assert sum(isinstance(outcome, response.NotNow) for outcome in outcomes) == 1
