"""A mere thank-you opens nothing; a person can say that it was more."""

from datetime import timedelta

import pytest

from apps.response import services
from apps.response.transitions import NotNow
from helpdesk.models import Event, Message
from tests.factories import NOW, make_ticket, make_token

HOUR = timedelta(hours=1)


def solved(cast):
    return services.solve(ticket=make_ticket(cast), by=cast.ana, at=NOW)


def written(cast, ticket, body, **more):
    fields = {"channel": "email", "sender_name": "Zoe"} | more
    message = Message.receive(
        ticket=ticket, customer=cast.zoe, body=body, by=cast.system, at=NOW + HOUR, **fields
    )
    services.hear(message=message, by=cast.system, at=NOW + HOUR)
    ticket.refresh_from_db()
    message.refresh_from_db()
    return message


def test_a_thank_you_leaves_a_solved_ticket_solved(cast):
    ticket = solved(cast)
    message = written(cast, ticket, "Thank you very much!\n\nBest regards,\nZoe\n\n> We sent a new one.")
    assert (ticket.status, message.is_thanks) == ("solved", True)
    services.hear(message=message, by=cast.system, at=NOW + HOUR)
    assert Event.objects.filter(kind="message.judged").count() == 1
    assert not Event.objects.filter(kind="ticket.reopened").exists()


def test_whoever_says_more_opens_it_again(cast):
    ticket = solved(cast)
    message = written(cast, ticket, "Thank you, but it is still broken.")
    assert (ticket.status, message.is_thanks) == ("open", None)


def test_a_thank_you_ends_no_waiting_differently_than_before(cast):
    ticket = make_ticket(cast)
    services.hold(ticket=ticket, waiting_on="waiting_customer", by=cast.ana, at=NOW)
    message = written(cast, ticket, "Thanks!")
    assert (ticket.status, message.is_thanks) == ("open", None)


def test_a_person_says_that_it_was_more(cast, sign_in):
    ticket = solved(cast)
    message = written(cast, ticket, "Thanks!")
    browser = sign_in(cast.ana)
    assert "It says more" in browser.get(f"/t/{ticket.pk}/").content.decode()
    assert browser.post(f"/t/{ticket.pk}/messages/{message.pk}/deny-thanks/").status_code == 302
    ticket.refresh_from_db()
    message.refresh_from_db()
    assert (ticket.status, message.is_thanks) == ("open", False)
    with pytest.raises(NotNow):
        services.deny_thanks(message=message, by=cast.ana, at=NOW)


def test_a_program_says_that_it_was_more(cast, client):
    ticket = solved(cast)
    message = written(cast, ticket, "Vielen Dank!")
    auth = {"Authorization": f"Bearer {make_token(cast.ana)}"}
    answer = client.post(
        f"/api/v1/tickets/{ticket.pk}/messages/{message.pk}/deny-thanks/",
        {},
        "application/json",
        headers=auth,
    )
    assert (answer.status_code, answer.json()["status"]) == (200, "open")
