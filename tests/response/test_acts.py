"""What people do on the ticket page."""

import re
from datetime import timedelta

import pytest

from apps.intake.models import Suggestion
from helpdesk.models import Message, Note
from tests.factories import NOW, make_issue, make_ticket


def test_a_reply_comes_back_to_the_ticket_and_lets_go_of_the_draft(cast, ana):
    ticket = make_ticket(cast)
    answer = ana.post(f"/t/{ticket.pk}/reply/?view=all-open", {"body": "Done.", "then": "wait"}, follow=True)
    (written,) = ticket.messages.filter(direction="out")
    there = f"/t/{ticket.pk}/?view=all-open&sent=reply%3A{ticket.pk}&undo={written.pk}"
    assert answer.redirect_chain == [(there, 302)]
    assert f'data-draft-sent="reply:{ticket.pk}"' in answer.content.decode()
    ticket.refresh_from_db()
    assert ticket.status == "waiting_customer"


def test_solve_and_go_on_shows_the_next_ticket_of_the_list(cast, ana):
    first, second = (make_ticket(cast, due_at=NOW + timedelta(hours=hour)) for hour in (1, 2))
    answer = ana.post(f"/t/{first.pk}/reply/?view=all-open", {"body": "Done.", "then": "next"})
    assert answer["Location"].startswith(f"/t/{second.pk}/?view=all-open")
    first.refresh_from_db()
    assert first.status == "solved"


def test_a_newer_message_keeps_the_words_and_asks_for_a_second_press(cast, ana):
    ticket = make_ticket(cast)
    seen = ticket.messages.get().pk
    newer = Message.receive(
        ticket=ticket, customer=cast.zoe, body="Solved!", by=cast.system, at=NOW, sender_name="Zoe"
    )
    answer = ana.post(f"/t/{ticket.pk}/reply/", {"body": "My long answer", "seen": seen})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Zoe wrote since" in page
    assert "My long answer" in page
    assert f'name="seen" value="{newer.pk}"' in page
    assert ana.post(f"/t/{ticket.pk}/reply/", {"body": "My long answer", "seen": newer.pk}).status_code == 302


def test_an_empty_note_is_refused_on_its_own_tab(cast, ana):
    ticket = make_ticket(cast)
    answer = ana.post(f"/t/{ticket.pk}/note/", {"body": " "})
    assert answer.status_code == 422
    panel = re.search(r'<[^>]*id="panel-reply"[^>]*>', answer.content.decode())
    assert panel is not None
    assert " hidden" in panel[0]
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("act", "given", "field", "value"),
    [
        ("rate", {"severity": 1}, "severity", 1),
        ("hold", {"waiting_on": "waiting_owner", "reason": "Stock"}, "status", "waiting_owner"),
        ("solve", {}, "status", "solved"),
        ("describe", {"product_version": "2", "tags": "VIP, late parcel"}, "tags", ["vip", "late-parcel"]),
    ],
)
def test_each_act_comes_back_to_the_ticket(cast, ana, act, given, field, value):
    ticket = make_ticket(cast)
    assert (
        ana.post(f"/t/{ticket.pk}/{act}/?view=all-open", given)["Location"]
        == f"/t/{ticket.pk}/?view=all-open"
    )
    ticket.refresh_from_db()
    assert getattr(ticket, field) == value


@pytest.mark.parametrize(
    ("act", "given", "status"),
    [
        ("rate", {"severity": 9}, 422),
        ("reopen", {}, 409),
        ("hold", {"waiting_on": "godot"}, 422),
        ("classify", {"issue": "nothing"}, 422),
        ("assign", {"assignee": 999999}, 422),
        ("merge", {"into": 999999}, 422),
        ("move", {"department": 999999}, 422),
        ("remedy", {"remedy": "refund"}, 409),
    ],
)
def test_a_refusal_is_told_on_the_ticket_itself(cast, ana, act, given, status):
    ticket = make_ticket(cast)
    answer = ana.post(f"/t/{ticket.pk}/{act}/", given)
    assert answer.status_code == status
    assert 'role="alert" tabindex="-1" data-focus' in answer.content.decode()


def test_a_ticket_moved_out_of_sight_leads_back_to_the_queue(cast, ana):
    ticket = make_ticket(cast)
    answer = ana.post(f"/t/{ticket.pk}/move/", {"department": cast.shipping.pk})
    assert answer["Location"] == "/queue/"


@pytest.mark.parametrize(
    "act",
    [
        "reply",
        "note",
        "assign",
        "classify",
        "rate",
        "describe",
        "hold",
        "solve",
        "reopen",
        "move",
        "merge",
        "remedy",
    ],
)
def test_a_stranger_can_do_nothing(cast, sign_in, act):
    ticket = make_ticket(cast)
    assert sign_in(cast.mallory).post(f"/t/{ticket.pk}/{act}/", {"body": "x"}).status_code == 404


def test_leads_write_the_guidance_of_an_issue(cast, sign_in):
    issue, lena = make_issue(), sign_in(cast.lena)
    page = f"/guidance/{issue.code}/"
    assert lena.post(page, {"questions": "Which?", "agent_limit": "9", "lead_limit": "5"}).status_code == 422
    assert lena.post(page, {"questions": "Which?", "agent_limit": "5", "lead_limit": "9"}).status_code == 302
    assert "Which?" in lena.get(page).content.decode()
    assert sign_in(cast.ana).get(page).status_code == 403


def test_the_classifier_offers_its_suggestions_first(cast, ana):
    ticket, issue = make_ticket(cast), make_issue()
    Suggestion.objects.create(ticket=ticket, issue=issue, rank=1, confidence=0.87)
    assert "87\u00a0%" in ana.get(f"/t/{ticket.pk}/issues/").content.decode()
    assert "87\u00a0%" not in ana.get(f"/t/{ticket.pk}/issues/?words=charged").content.decode()
    assert "No issue fits" in ana.get(f"/t/{ticket.pk}/issues/?words=zebra").content.decode()


@pytest.mark.parametrize("what", ["hold", "move", "merge", "describe", "classify"])
def test_small_forms_are_pages_of_their_own(cast, ana, what):
    assert ana.get(f"/t/{make_ticket(cast).pk}/change/{what}/").status_code == 200


def test_there_is_no_form_for_anything_else(cast, ana):
    assert ana.get(f"/t/{make_ticket(cast).pk}/change/everything/").status_code == 404


def test_an_act_on_the_page_tells_the_boxes_that_follow_from_it(cast, ana):
    ticket, issue = make_ticket(cast), make_issue()
    page = ana.get(f"/t/{ticket.pk}/")
    assert 'hx-trigger="load, ticket:changed from:body"' in page.content.decode()
    assert "HX-Trigger" not in page
    small_form = {"HX-Request": "true", "HX-Target": "facts"}
    answer = ana.post(f"/t/{ticket.pk}/classify/", {"issue": issue.code}, headers=small_form, follow=True)
    assert answer["HX-Trigger"] == "ticket:changed"


def test_a_refused_act_changes_no_box(cast, ana):
    ticket = make_ticket(cast)
    small_form = {"HX-Request": "true", "HX-Target": "facts"}
    answer = ana.post(f"/t/{ticket.pk}/classify/", {"issue": "nowhere"}, headers=small_form)
    assert answer.status_code == 422
    assert "HX-Trigger" not in answer
