"""Suggestions on their pages and by API."""

import pytest
from django.urls import reverse

from apps.staff.models import Suggestion, Voice
from helpdesk.models import Role
from tests.factories import NOW, make_ticket, make_token, make_user
from tests.staff.test_suggestions import make


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


def test_the_page_takes_a_suggestion_and_keeps_what_is_wrong(cast, sign_in):
    client = sign_in(cast.ana)
    typed = {"title": "A title", "problem": "", "remedy": "Typed with care", "ticket": "#99999"}
    answer = client.post(reverse("new_suggestion"), typed)
    assert answer.status_code == 422
    assert "Typed with care" in answer.content.decode()
    ticket = make_ticket(cast)
    answer = client.post(reverse("new_suggestion"), typed | {"problem": "So", "ticket": f"#{ticket.pk}"})
    row = Suggestion.objects.get()
    assert answer["Location"] == reverse("suggestion", kwargs={"pk": row.pk})
    assert row.ticket == ticket


def test_everybody_reads_it_and_leads_see_the_answers(cast, sign_in):
    row = make(cast)
    page = reverse("suggestion", kwargs={"pk": row.pk})
    assert "Take it up as a case" not in sign_in(cast.mallory).get(page).content.decode()
    assert "Take it up as a case" in sign_in(cast.lena).get(page).content.decode()
    assert sign_in(cast.zoe_account).get(page).status_code == 403


def test_a_wrong_answer_stays_on_the_page(cast, sign_in):
    row = make(cast)
    address = reverse("answer_suggestion", kwargs={"pk": row.pk, "name": "decline"})
    assert sign_in(cast.lena).post(address, {"answer": ""}).status_code == 422
    assert sign_in(cast.lena).post(address, {"answer": "The law."}).status_code == 302
    assert sign_in(cast.lena).post(address, {"answer": "The law."}).status_code == 422
    assert sign_in(cast.ana).post(address, {"answer": "x"}).status_code == 403


def test_backing_on_the_page(cast, sign_in):
    row = make(cast)
    client = sign_in(cast.mallory)
    client.post(reverse("voice", kwargs={"pk": row.pk, "name": "back"}))
    assert Voice.objects.get().user == cast.mallory
    client.post(reverse("voice", kwargs={"pk": row.pk, "name": "withdraw"}))
    assert not Voice.objects.exists()


def test_a_program_suggests_backs_and_answers(cast, client):
    token = {
        "HTTP_AUTHORIZATION": f"Bearer {make_token(cast.robot, 'cases:read', 'cases:write')}",
        "content_type": "application/json",
    }
    made = client.post("/api/v1/suggestions/", {"title": "T", "problem": "P"}, **token)
    assert made.status_code == 201
    other = make(cast)
    assert client.put(f"/api/v1/suggestions/{other.pk}/voice/", **token).json()["voices"] == 2
    assert client.delete(f"/api/v1/suggestions/{other.pk}/voice/", **token).json()["voices"] == 1
    assert client.put(f"/api/v1/suggestions/{made.json()['id']}/voice/", **token).status_code == 409
    told = client.post(f"/api/v1/suggestions/{other.pk}/decline/", {"answer": "No."}, **token)
    assert (told.json()["state"], told.json()["answer"]) == ("declined", "No.")
    assert client.post(f"/api/v1/suggestions/{other.pk}/bury/", {}, **token).status_code == 404
    assert client.post("/api/v1/suggestions/", {"title": "T", "mood": 1}, **token).status_code == 422
    assert len(client.get("/api/v1/suggestions/?state=waiting", **token).json()["data"]) == 1


def test_a_lead_mends_the_words_without_seeing_the_ticket_and_it_stays(cast, sign_in):
    ticket = make_ticket(cast)
    row = make(cast, ticket=ticket)
    other = make_user("leo", Role.LEAD, cast.shipping)
    client, words = sign_in(other), {"title": "Better", "problem": "So", "ticket": str(ticket.pk)}
    assert client.post(reverse("suggestion", kwargs={"pk": row.pk}), words).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.ticket) == ("Better", ticket)
    answer = client.put(f"/api/v1/suggestions/{row.pk}/", words | {"title": "Best"}, "application/json")
    assert answer.status_code == 200
    hidden = make_ticket(cast)
    assert (
        client.post(
            reverse("suggestion", kwargs={"pk": row.pk}), words | {"ticket": str(hidden.pk)}
        ).status_code
        == 422
    )


def test_cases_and_suggestions_to_choose_from_come_twenty_at_a_time_and_any_is_taken(cast, sign_in):
    oldest = make(cast, title="The oldest")
    for n in range(30):
        make(cast, title=f"No. {n}")
    row = make(cast, title="This one")
    client, page = sign_in(cast.lena), reverse("suggestion", kwargs={"pk": row.pk})
    first = client.get(page).content.decode()
    assert first.count("No. ") == 20
    assert "1 to 20 of 31 to choose from" in first
    second = client.get(page, {"answer": "merge", "page": 2}).content.decode()
    assert "The oldest" in second
    assert "21 to 31 of 31" in second
    merge = reverse("answer_suggestion", kwargs={"pk": row.pk, "name": "merge"})
    refused = client.post(merge, {"into": oldest.pk, "answer": "x" * 6_000})
    assert refused.status_code == 422
    assert f'<option value="{oldest.pk}" selected' in refused.content.decode()
    client.post(merge, {"into": oldest.pk})
    row.refresh_from_db()
    assert row.merged_into == oldest
