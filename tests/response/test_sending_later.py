"""Answers that go out later: once, at their time, or never; held back once somebody wrote."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from apps.intake.files import File
from apps.intake.services import follow_up
from apps.output.models import Delivery
from apps.response import queries
from apps.response.acting import Act
from apps.response.macros.services import save_macro
from apps.response.models import Draft, LaterReply
from apps.response.sending_later import services
from helpdesk.errors import DomainError, NotAllowed, NotFound
from helpdesk.models import Message, Ticket
from tests.factories import NOW, make_ticket, make_token

TOMORROW = NOW + timedelta(hours=22)
AFTER = TOMORROW + timedelta(seconds=20)


def later(cast, ticket, **more) -> LaterReply:
    return services.send_later(
        ticket=ticket, body="It left today.", **{"due_at": TOMORROW, "by": cast.ana, "at": NOW} | more
    )


def run(cast, at=AFTER) -> int:
    return services.send_due_replies(by=cast.system, at=at)


def answers() -> list[str]:
    return list(Message.objects.filter(direction="out", is_automatic=False).values_list("body", flat=True))


def test_it_goes_out_at_its_time_whole_and_once(cast, deliver_news):
    ticket = make_ticket(cast)
    macro = save_macro(name="M", body="x", acts=[Act("tag", "late")], by=cast.lena, at=NOW)
    file = File("a.txt", "text/plain", b"words")
    row = later(cast, ticket, then="wait", cc=["max@partner.test"], attachments=[file], macro=macro)
    assert run(cast, at=TOMORROW - timedelta(seconds=1)) == 0
    assert answers() == []
    assert (run(cast), run(cast)) == (1, 0)
    ticket.refresh_from_db()
    row.refresh_from_db()
    assert (ticket.status, ticket.tags, ticket.first_replied_at) == ("waiting_customer", ["late"], AFTER)
    assert (row.state, row.message.author, row.message.at) == ("sent", cast.ana, AFTER)
    assert row.message.attachments.get().name == "a.txt"
    deliver_news()
    assert Delivery.objects.get(kind="reply").cc == ["max@partner.test"]


@pytest.mark.parametrize("heard", [True, False])
def test_a_customer_who_writes_before_holds_it_back(cast, deliver_news, heard):
    ticket = make_ticket(cast)
    row = later(cast, ticket)
    follow_up(ticket=ticket, body="It came.", by=cast.system, at=NOW)
    if heard:
        deliver_news()
    assert run(cast) == 0  # even where the news of it is still on its way
    row.refresh_from_db()
    assert (row.state, answers()) == ("held", [])
    deliver_news(at=AFTER)
    told = Delivery.objects.get(kind="notice")
    assert (told.to, "has not gone out" in told.text) == ([cast.ana.email], True)
    assert row.body not in told.text
    services.send_now(later=row, by=cast.ana, at=AFTER)
    assert answers() == ["It left today."]


def test_one_that_does_not_mind_goes_out_all_the_same(cast, deliver_news):
    ticket = make_ticket(cast)
    later(cast, ticket, holds=False)
    follow_up(ticket=ticket, body="And?", by=cast.system, at=NOW)
    deliver_news()
    assert run(cast) == 1


def test_what_can_not_be_sent_any_more_waits_for_its_author(cast):
    ticket = make_ticket(cast)
    row = later(cast, ticket)
    Ticket.objects.filter(pk=ticket.pk).update(department=cast.shipping)
    assert run(cast) == 0
    row.refresh_from_db()
    assert (row.state, answers()) == ("held", [])


def test_it_is_taken_back_into_a_draft_and_never_sent(cast):
    ticket = make_ticket(cast)
    row = later(cast, ticket, cc=["max@partner.test"], attachments=[File("a.txt", "text/plain", b"words")])
    services.take_back_later(later=row, by=cast.ana, at=NOW)
    draft = Draft.objects.get()
    assert (draft.text, draft.cc, draft.files[0]["name"]) == ("It left today.", ["max@partner.test"], "a.txt")
    assert run(cast) == 0
    with pytest.raises(services.NotWaiting):
        services.send_now(later=row, by=cast.ana, at=NOW)
    assert answers() == []


def test_another_time_lets_one_that_was_held_wait_again(cast, deliver_news):
    ticket = make_ticket(cast)
    row = later(cast, ticket)
    follow_up(ticket=ticket, body="It came.", by=cast.system, at=NOW)
    deliver_news()
    services.change_time(later=row, due_at=TOMORROW + timedelta(days=1), holds=True, by=cast.ana, at=NOW)
    assert (run(cast), run(cast, at=AFTER + timedelta(days=1))) == (0, 1)


def test_who_may_not_and_when_not(cast, bea):
    ticket = make_ticket(cast)
    row = later(cast, ticket)
    for error, act in (
        (NotFound, lambda: later(cast, ticket, by=cast.mallory)),
        (NotAllowed, lambda: later(cast, ticket, by=cast.omar)),
        (DomainError, lambda: later(cast, ticket, due_at=NOW)),
        (DomainError, lambda: later(cast, ticket, due_at=NOW + timedelta(days=400))),
        (DomainError, lambda: later(cast, ticket, cc=["billing@desk.test"])),
        (services.NotYourAnswer, lambda: services.send_now(later=row, by=bea, at=NOW)),
    ):
        with pytest.raises(error), transaction.atomic():
            act()
    assert LaterReply.objects.count() == 1


def test_the_page_sends_later_shows_it_and_takes_it_back(cast, ana):
    ticket = make_ticket(cast)
    sent = {"body": "Later!", "schedule": "1", "later": "tomorrow", "later_then": "wait", "later_holds": "on"}
    assert ana.post(f"/t/{ticket.pk}/reply/", sent | {"later": "on"}).status_code == 422
    assert ana.post(f"/t/{ticket.pk}/reply/", sent).status_code == 302
    row = LaterReply.objects.get()
    assert (row.then, row.holds, answers()) == ("wait", True, [])
    page = ana.get(f"/t/{ticket.pk}/").content.decode()
    assert "Goes out" in page
    assert "Later!" in page
    place = f"/t/{ticket.pk}/later/{row.pk}/"
    assert ana.get(place).status_code == 200
    assert ana.post(place, {"later": "2h"}).status_code == 302
    row.refresh_from_db()
    assert not row.holds
    assert ana.post(f"{place}settle/", {"act": "back"}).status_code == 302
    assert "Later!</textarea>" in ana.get(f"/t/{ticket.pk}/").content.decode()
    assert "Took back an answer" in " ".join(one.text for one in queries.history(ticket))


def test_programs_send_later(cast, client):
    ticket = make_ticket(cast)
    asked = {
        "headers": {"Authorization": f"Bearer {make_token(cast.robot)}"},
        "content_type": "application/json",
    }
    place = f"/api/v1/tickets/{ticket.pk}/later/"
    made = client.post(place, {"body": "Hi", "due_at": "2099-01-01T08:00:00Z"}, **asked)
    assert made.status_code == 422  # more than a year
    soon = timezone.now() + timedelta(days=2)
    made = client.post(place, {"body": "Hi", "due_at": soon.isoformat()}, **asked)
    assert (made.status_code, made.json()["state"]) == (201, "waiting")
    one = f"{place}{made.json()['id']}/"
    assert client.patch(one, {"holds": False}, **asked).json()["holds"] is False
    assert client.post(f"{one}send/", **asked).json()["state"] == "sent"
    assert client.delete(one, **asked).status_code == 409
    assert [row["state"] for row in client.get(place, **asked).json()["data"]] == ["sent"]
