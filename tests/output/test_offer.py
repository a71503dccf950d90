"""Undo is offered where its author is by then: on the ticket, or on the next one of the list."""

import re
from datetime import timedelta

from apps.output import services
from apps.response.models import Draft
from bench.undo_races import SENT, TAKEN_BACK, race
from tests.factories import NOW, make_cast, make_ticket, make_token


def test_after_send_solve_next_the_next_page_offers_undo(cast, sign_in):
    ana = sign_in(cast.ana)
    ticket, following = make_ticket(cast), make_ticket(cast)
    answer = ana.post(f"/t/{ticket.pk}/reply/?view=all-open", {"body": "Done.", "then": "next"})
    message = ticket.messages.latest("pk")
    assert answer["Location"].startswith(f"/t/{following.pk}/")
    page = ana.get(answer["Location"]).content.decode()
    assert f'hx-get="/messages/{message.pk}/offer/"' in page


def test_the_offer_counts_what_is_left_and_ends_with_undo(cast, sign_in, settings):
    settings.UNDO_SECONDS = 30
    ana, ticket = sign_in(cast.ana), make_ticket(cast)
    ana.post(f"/t/{ticket.pk}/reply/", {"body": "Dear Zoe"})
    message = ticket.messages.latest("pk")
    offer = ana.get(f"/messages/{message.pk}/offer/").content.decode()
    assert 20 <= int(re.search(r'data-countdown="(\d+)"', offer)[1]) <= 30
    page = ana.post(f"/messages/{message.pk}/undo/", follow=True).content.decode()
    assert ">Dear Zoe</textarea>" in page
    assert "data-countdown" not in ana.get(f"/messages/{message.pk}/offer/").content.decode()
    assert Draft.objects.get().text == "Dear Zoe"


def test_a_program_takes_its_reply_back_until_it_has_left(cast, client, deliver_news):
    ticket = make_ticket(cast)
    asked = {
        "headers": {"Authorization": f"Bearer {make_token(cast.robot)}"},
        "content_type": "application/json",
    }
    replies = f"/api/v1/tickets/{ticket.pk}/replies/"
    for left, status in ((False, 204), (True, 409)):
        client.post(replies, {"body": "Dear Zoe", "then": "solve"}, **asked)
        message = ticket.messages.latest("pk")
        deliver_news()
        if left:
            services.send_due(by=cast.system, at=message.at + timedelta(minutes=1))
        assert client.post(f"{replies}{message.pk}/undo/", **asked).status_code == status
        ticket.refresh_from_db()
        assert ticket.status == ("solved" if left else "open")


def test_a_stranger_is_offered_nothing(cast, replied, sign_in):
    message = replied()
    assert sign_in(cast.mallory).get(f"/messages/{message.pk}/offer/").status_code == 404


def test_undo_a_second_time_changes_nothing(cast, replied):
    message = replied()
    services.undo(message=message, by=cast.ana, at=NOW)
    services.undo(message=message, by=cast.ana, at=NOW)
    assert Draft.objects.count() == 1


def test_a_reply_leaves_once_or_never_whoever_is_faster(transactional_db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    fates = race(make_cast(), 15)
    assert fates[SENT] + fates[TAKEN_BACK] == 15, fates
