"""What a customer says on a ticket that is there already."""

import pytest

from apps.intake.services import Contact, File, TooManyFiles, follow_up
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event, Message
from tests.factories import NOW, make_ticket


def following_up(cast, ticket, **fields):
    return follow_up(**{"ticket": ticket, "body": "Any news?", "by": cast.system, "at": NOW} | fields)


def test_the_customers_words_join_the_ticket_and_are_told(cast):
    ticket = make_ticket(cast)
    message = following_up(cast, ticket, attachments=[File("a.txt", "text/plain", b"a")])
    assert (message.customer, message.direction, message.channel) == (cast.zoe, "in", "form")
    assert message.attachments.get().name == "a.txt"
    event = Event.objects.get(kind="message.received", data__message=message.pk)
    assert "response.hear" in event.owes


def test_the_customer_herself_may(cast):
    assert following_up(cast, make_ticket(cast), by=cast.zoe_account).customer == cast.zoe


def test_an_automatic_message_is_kept_and_told_to_nobody(cast):
    ticket = make_ticket(cast)
    before = Event.objects.count()
    assert following_up(cast, ticket, is_automatic=True).is_automatic
    assert Event.objects.count() == before


def test_somebody_else_joins_but_a_machine_does_not(cast):
    ticket = make_ticket(cast)
    following_up(cast, ticket, sender=Contact("Jo@x.test", "Jo"))
    following_up(cast, ticket, sender=Contact("robot@x.test"), is_automatic=True)
    assert list(ticket.participants.values_list("email", flat=True)) == ["jo@x.test"]


def test_on_a_merged_ticket_it_goes_where_the_ticket_went(cast):
    one, two = make_ticket(cast), make_ticket(cast)
    one.merge_into(two, by=cast.ana, at=NOW)
    assert following_up(cast, one).ticket == two


def refused(cast, ticket, error, **fields):
    messages, events = Message.objects.count(), Event.objects.count()
    with pytest.raises(error):
        following_up(cast, ticket, **fields)
    return (Message.objects.count(), Event.objects.count()) == (messages, events)


def test_nothing_said_is_refused(cast):
    assert refused(cast, make_ticket(cast), Invalid, body=" \n")


def test_too_many_words_are_refused(cast):
    assert refused(cast, make_ticket(cast), Invalid, body="x" * 1_000_001)


def test_too_many_files_are_refused(cast):
    assert refused(cast, make_ticket(cast), TooManyFiles, attachments=[File("a", "", b"a")] * 21)


def test_an_agent_does_not_speak_for_the_customer(cast):
    assert refused(cast, make_ticket(cast), NotAllowed, by=cast.ana)


def test_a_customer_can_not_write_on_anothers_ticket(cast):
    from helpdesk.models import Customer

    jo = Customer.objects.known_by(email="jo@x.test", at=NOW)
    assert refused(cast, make_ticket(cast, customer=jo), NotFound, by=cast.zoe_account)
