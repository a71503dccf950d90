"""Tickets like one at hand: found by meaning and words, only those a person may see, solved ones with their answer."""

from datetime import timedelta

import pytest

from apps.intake.models import TextVector
from apps.intake.services import encode_ticket
from apps.intake.similar import similar_tickets
from helpdesk.models import Customer, Message
from tests.factories import NOW, make_ticket, make_token


@pytest.fixture(autouse=True)
def best_encoder(settings):
    """Other tests do without any."""
    settings.TEXT_ENCODER = ""


def customer(name):
    return Customer.objects.known_by(email=f"{name}@customer.test", name=name.title(), at=NOW)


@pytest.fixture
def desk(cast):
    """Three people were charged twice, one waits for a parcel, one cannot sign in."""
    said = {
        "double": "The same invoice was taken from my account twice.",
        "again": "You have debited my credit card two times for one order!",
        "parcel": "My delivery has not arrived, where is the courier?",
        "login": "I can't sign in, the app refuses my password.",
    }
    return {
        key: make_ticket(
            cast, subject=key, body=words, customer=customer(key), at=NOW - timedelta(days=30 + day)
        )
        for day, (key, words) in enumerate(said.items())
    }


@pytest.fixture
def asked(cast, desk):
    return make_ticket(cast, subject="Charged twice", body="I was charged two times for the same order.")


def encoded(cast, *tickets):
    for ticket in tickets:
        encode_ticket(ticket=ticket, by=cast.system, at=NOW)


def numbers(found):
    return [one.ticket.pk for one in found]


def test_tickets_of_the_same_meaning_are_found(cast, desk, asked):
    encoded(cast, asked, *desk.values())

    found = similar_tickets(asked, cast.ana)

    assert set(numbers(found)) == {desk["double"].pk, desk["again"].pk}
    assert 0.4 < found[1].likeness <= found[0].likeness < 1


def test_tickets_that_share_words_are_found_without_any_encoder(cast, desk, settings):
    settings.TEXT_ENCODER = "none"
    asked = make_ticket(cast, subject="Invoice", body="The invoice was taken from my account two times.")
    assert numbers(similar_tickets(asked, cast.ana)) == [desk["double"].pk]


def test_a_solved_ticket_stands_first_and_brings_its_answer(cast, desk, asked):
    encoded(cast, asked, *desk.values())
    solved = desk["again"]
    for words in ("First try.", "Both charges are refunded."):
        Message.write(ticket=solved, body=words, by=cast.ana, at=NOW, channel="form")
    solved.resolve(by=cast.ana, at=NOW)

    found = similar_tickets(asked, cast.ana)

    assert numbers(found) == [solved.pk, desk["double"].pk]
    assert [one.answer for one in found] == ["Both charges are refunded.", ""]


def test_what_machines_said_and_what_was_taken_back_is_no_answer(cast, desk, asked):
    encoded(cast, asked, *desk.values())
    solved = desk["double"]
    Message.write(
        ticket=solved, body="We received it.", by=cast.system, at=NOW, channel="form", is_automatic=True
    )
    Message.write(ticket=solved, body="Oops.", by=cast.ana, at=NOW, channel="form").withdraw(
        by=cast.ana, at=NOW
    )
    solved.resolve(by=cast.ana, at=NOW)
    assert similar_tickets(asked, cast.ana)[0].answer == ""


def test_an_open_request_of_the_same_customer_stands_before_all(cast, desk, asked):
    twin = make_ticket(
        cast, subject="charged twice", body="I was charged two times for the same order, hello?"
    )
    desk["double"].resolve(by=cast.ana, at=NOW)
    encoded(cast, asked, twin, *desk.values())

    first, *others = similar_tickets(asked, cast.ana)

    assert (first.ticket.pk, first.is_same_request) == (twin.pk, True)
    assert not any(one.is_same_request for one in others)


def test_an_old_or_solved_ticket_of_the_same_customer_is_no_second_request(cast, asked):
    old = make_ticket(cast, body="I was charged two times for the same order.", at=NOW - timedelta(days=40))
    done = make_ticket(cast, body="I was charged two times for the same order.")
    done.resolve(by=cast.ana, at=NOW)
    encoded(cast, asked, old, done)
    found = similar_tickets(asked, cast.ana)
    assert set(numbers(found)) == {old.pk, done.pk}
    assert not any(one.is_same_request for one in found)


def test_nobody_finds_what_they_may_not_see(cast, desk, asked):
    theirs = make_ticket(
        cast,
        body="I was charged two times for the same order.",
        customer=customer("eve"),
        department=cast.shipping,
    )
    encoded(cast, asked, theirs, *desk.values())

    assert theirs.pk not in numbers(similar_tickets(asked, cast.ana))
    assert theirs.pk in numbers(similar_tickets(asked, cast.nils))
    assert numbers(similar_tickets(theirs, cast.mallory)) == []


def test_somebody_who_sees_little_finds_it_among_much_that_is_nearer(cast):
    asked = make_ticket(cast, body="I was charged twice.", department=cast.shipping)
    far = make_ticket(
        cast, body="There are two charges on my card.", department=cast.shipping, customer=customer("eve")
    )
    near = [make_ticket(cast, body="I was charged twice.", customer=customer(f"c{n}")) for n in range(150)]
    encoded(cast, asked, far)
    row = TextVector.objects.get(ticket=asked)
    TextVector.objects.bulk_create(
        TextVector(ticket=one, encoder=row.encoder, vector=row.vector, encoded_at=NOW) for one in near
    )
    assert far.pk in numbers(similar_tickets(asked, cast.mallory))


def test_a_merged_ticket_is_not_shown(cast, desk, asked):
    encoded(cast, asked, *desk.values())
    desk["double"].merge_into(desk["again"], by=cast.ana, at=NOW)
    assert numbers(similar_tickets(asked, cast.ana)) == [desk["again"].pk]


def test_a_vector_of_an_encoder_that_is_gone_is_left_aside(cast, desk, asked):
    TextVector.objects.create(ticket=asked, encoder="forgotten", vector=[1, 2, 3], encoded_at=NOW)
    similar_tickets(asked, cast.ana)


@pytest.mark.parametrize(
    "words", ["", "''", "it's a \\ back | slash & 'quote' !", "http://x.y/?a='b'", "\u202e :* <->"]
)
def test_any_words_may_be_asked_for(cast, desk, words):
    similar_tickets(make_ticket(cast, subject="x", body=words), cast.ana)


def test_the_page_asks_the_same_number_of_times_for_one_and_for_many(cast, desk, django_assert_num_queries):
    def ask(ticket):
        # Vector and words of its own; a setting, the nearest; frequencies, full text; of the customer; all; answers.
        with django_assert_num_queries(9):
            return similar_tickets(ticket, cast.ana)

    many = [make_ticket(cast, body="I was charged twice.", customer=customer(f"c{n}")) for n in range(20)]
    few = [
        make_ticket(cast, subject="Zebra", body="Zebras crossed the road.", customer=customer(f"z{n}"))
        for n in range(2)
    ]
    for one in (*many, *few):
        one.resolve(by=cast.ana, at=NOW)
    encoded(cast, *many, *few)
    assert len(ask(few[0])) == 1
    assert len(ask(many[0])) == 5


def test_the_panel_shows_the_answer_and_hides_nothing_from_the_agent(cast, desk, asked, sign_in):
    encoded(cast, asked, *desk.values())
    Message.write(ticket=desk["double"], body="Refunded <b>today</b>.", by=cast.ana, at=NOW, channel="form")
    desk["double"].resolve(by=cast.ana, at=NOW)

    page = sign_in(cast.ana).get(f"/intake/similar/{asked.pk}/").content.decode()

    assert f"/t/{desk['double'].pk}/" in page
    assert "Refunded &lt;b&gt;today&lt;/b&gt;." in page


def test_the_panel_says_when_there_is_nothing(cast, sign_in):
    page = sign_in(cast.ana).get(f"/intake/similar/{make_ticket(cast).pk}/")
    assert "No ticket like this one yet." in page.content.decode()


def test_a_stranger_and_a_customer_get_no_panel(cast, asked, sign_in):
    path = f"/intake/similar/{asked.pk}/"
    assert sign_in(cast.mallory).get(path).status_code == 404
    assert sign_in(cast.zoe_account).get(path).status_code == 403


def test_the_api_answers_the_same(cast, desk, asked, client):
    encoded(cast, asked, *desk.values())
    key = make_token(cast.robot)
    path = f"/api/v1/tickets/{asked.pk}/similar/"

    answer = client.get(path, headers={"Authorization": f"Bearer {key}"})

    rows = answer.json()["results"]
    assert {row["ticket"]["number"] for row in rows} == {desk["double"].pk, desk["again"].pk}
    assert {row["answer"] for row in rows} == {None}
    assert client.get(path).status_code == 401
    assert (
        client.get("/api/v1/tickets/9/similar/", headers={"Authorization": f"Bearer {key}"}).status_code
        == 404
    )
