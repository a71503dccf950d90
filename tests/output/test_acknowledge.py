from datetime import timedelta

import pytest

from apps.intake.services import Contact, open_ticket
from apps.output import services
from apps.output.models import Delivery
from apps.response.services.automatic import CAP, CAP_WINDOW
from helpdesk.models import Message
from tests.factories import NOW


def opened(cast, at=NOW, channel="form", email="new@customer.test", **more):
    return open_ticket(
        subject="Charged twice", body="Please look.", customer=Contact(email, "Noor"), channel=channel, by=cast.system,
        at=at, **more,
    )  # fmt: skip


def acknowledgements():
    return Message.objects.filter(direction="out", is_automatic=True)


@pytest.mark.parametrize("channel", ["form", "email", "api"])
def test_a_new_request_is_acknowledged_at_once(cast, outbox, deliver_news, channel):
    ticket = opened(cast, channel=channel)
    deliver_news()
    (letter,) = outbox(NOW)
    raw = letter.message()
    assert raw["To"] == "new@customer.test"
    assert raw["Auto-Submitted"] == "auto-replied"
    assert raw["X-Auto-Response-Suppress"] == "All"
    assert f"#{ticket.pk}" in letter.body
    assert "http://testserver/help/r/" in letter.body


def test_the_status_link_of_the_letter_leads_to_the_request(cast, outbox, deliver_news, client):
    opened(cast)
    deliver_news()
    link = next(word for word in outbox(NOW)[0].body.split() if "/help/r/" in word)
    assert client.get(link.removeprefix("http://testserver")).status_code == 200


def test_asking_twice_acknowledges_once(cast):
    ticket = opened(cast)
    assert services.acknowledge(ticket=ticket, by=cast.system, at=NOW) is not None
    assert services.acknowledge(ticket=ticket, by=cast.system, at=NOW) is None
    assert acknowledgements().count() == 1


@pytest.mark.parametrize("channel", ["phone", "walk_in", "import"])
def test_who_spoke_with_a_colleague_gets_no_acknowledgement(cast, channel):
    assert services.acknowledge(ticket=opened(cast, channel=channel), by=cast.system, at=NOW) is None


def test_machines_and_lists_get_no_acknowledgement(cast):
    ticket = opened(cast, channel="email", is_automatic=True)
    assert services.acknowledge(ticket=ticket, by=cast.system, at=NOW) is None
    assert not acknowledgements().exists()


def test_our_own_addresses_get_no_acknowledgement(cast):
    ticket = opened(cast, email="billing@desk.test")
    assert services.acknowledge(ticket=ticket, by=cast.system, at=NOW) is None


def test_one_address_gets_at_most_ten_in_three_hours(cast):
    for number in range(CAP + 3):
        ticket = opened(cast, at=NOW + timedelta(minutes=number))
        services.acknowledge(ticket=ticket, by=cast.system, at=ticket.opened_at)
    assert acknowledgements().count() == CAP
    later = opened(cast, at=NOW + CAP_WINDOW + timedelta(minutes=1))
    assert services.acknowledge(ticket=later, by=cast.system, at=later.opened_at) is not None


def test_an_acknowledgement_is_no_first_reply(cast, deliver_news):
    ticket = opened(cast)
    deliver_news()
    ticket.refresh_from_db()
    assert (ticket.first_replied_at, ticket.status) == (None, "new")
    assert Delivery.objects.get().kind == "acknowledgement"


def test_a_customer_is_answered_in_their_language(cast, outbox, deliver_news):
    opened(cast).customer.note_language("de")
    deliver_news()
    (letter,) = outbox(NOW)
    assert letter.body.startswith("Guten Tag Noor,")
    assert '<html lang="de">' in letter.alternatives[0][0]
