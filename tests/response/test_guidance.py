"""The guidance beside a ticket: a block for each issue, answers, drafts and versions; all of it by program too."""

from decimal import Decimal

import pytest

from apps.response import services
from apps.response.models import FoundFact, Guidance, GuidanceEdition
from helpdesk.errors import NotAllowed
from helpdesk.models import Event
from tests.factories import NOW, make_issue, make_ticket
from tests.response.pages import count_queries


@pytest.fixture
def issue(cast):
    return make_issue()


@pytest.fixture
def ticket(cast, issue):
    """About an issue for which an agent may give 50 and a lead 200."""
    services.save_guidance(
        issue=issue, questions="Which invoice?\n- Which card?", explanation="The bank was asked twice.",
        agent_limit=Decimal(50), lead_limit=Decimal(200), by=cast.lena, at=NOW,
    )  # fmt: skip
    row = make_ticket(cast)
    services.classify(ticket=row, issue=issue, by=cast.ana, at=NOW)
    return row


@pytest.fixture
def ask(cast, ticket):
    return lambda: services.ask_approval(
        ticket=ticket, remedy="refund", amount=Decimal(80), why="Late", by=cast.ana, at=NOW
    )


def test_the_box_has_a_block_for_each_issue_and_costs_the_same_for_one_and_for_many(
    cast, ana, ticket, issue, ask
):
    ask()
    services.give_remedy(ticket=ticket, remedy="apology", by=cast.ana, at=NOW)
    url = f"/t/{ticket.pk}/guidance/"
    one = count_queries(ana, url)
    for number in range(6):
        other = make_issue(f"other-{number}")
        services.save_offer(issue=other, remedy="repair", words="Mend it", by=cast.lena, at=NOW)
        services.classify(ticket=ticket, issue=other, primary=False, by=cast.ana, at=NOW)
        services.give_remedy(ticket=ticket, remedy="apology", issue=other, by=cast.ana, at=NOW)
        services.note_fact(ticket=ticket, issue=other, question=f"Q{number}", answer="a", by=cast.ana, at=NOW)
    page = ana.get(url).content.decode()
    assert count_queries(ana, url) == one
    for words in ("Which card?", "50.00", "Other 5", "80.00", "Version 1"):
        assert words in page


def test_answers_are_facts_of_the_ticket(cast, ana, ticket, issue):
    said = {"issue": issue.pk, "question": "Which invoice?"}
    url = f"/t/{ticket.pk}/guidance/answer/"
    assert ana.post(url, said | {"answer": "Of May"}).status_code == 302
    assert ana.post(url, said | {"answer": "Of May"}).status_code == 302
    assert ana.post(url, said | {"answer": "Of June"}).status_code == 302
    assert FoundFact.objects.get().answer == "Of June"
    assert "Which invoice? Of June" in ana.get(f"/t/{ticket.pk}/guidance/").content.decode()
    assert "Which invoice? Of May" in ana.get(f"/t/{ticket.pk}/history/").content.decode()
    assert Event.objects.filter(kind="fact.noted").count() == 2
    assert ana.post(url, said | {"issue": make_issue("other").pk, "answer": "x"}).status_code == 422
    ana.post(url, said | {"answer": ""})
    assert not FoundFact.objects.exists()


def test_guidance_is_drafted_published_and_its_versions_compared(cast, sign_in, ticket, issue):
    lena, url = sign_in(cast.lena), f"/guidance/{issue.code}/"
    said = {"questions": "Which invoice?\nSince when?", "agent_limit": "60", "lead_limit": "200"}
    assert lena.post(url, said | {"act": "draft"}).status_code == 302
    assert Guidance.objects.get().version == 1
    page = lena.get(url).content.decode()
    assert "<ins>Since when?</ins>" in page
    assert lena.post(url, said | {"act": "draft", "agent_limit": "900"}).status_code == 422
    assert lena.post(url, said).status_code == 302
    row = Guidance.objects.get()
    assert (row.version, row.agent_limit, row.asks()) == (2, 60, ["Which invoice?", "Since when?"])
    assert not GuidanceEdition.objects.filter(number=None).exists()
    page = lena.get(f"{url}versions/").content.decode()
    assert page.index("Version 2") < page.index("Version 1")
    assert "<del>50.00</del>" in page
    lena.post(url, said | {"act": "draft", "questions": "x"})
    lena.post(url, {"act": "discard"})
    with pytest.raises(services.NoDraft):
        services.publish_guidance(issue=issue, by=cast.lena, at=NOW)
    with pytest.raises(NotAllowed):
        services.draft_guidance(issue=issue, words={}, by=cast.ana, at=NOW)


def test_programs_do_what_the_pages_do(cast, ticket, issue):
    from rest_framework.test import APIClient

    from tests.factories import make_token

    api = APIClient(
        HTTP_AUTHORIZATION=f"Bearer {make_token(cast.lena, 'tickets:write', 'tickets:read', 'admin')}"
    )
    put = {"questions": "Why?", "agent_limit": "50", "lead_limit": "200"}
    assert api.put(f"/api/v1/guidance/{issue.code}/", put, format="json").json()["version"] == 2
    assert (
        api.put(f"/api/v1/guidance/{issue.code}/", put | {"publish": False}, format="json").status_code == 200
    )
    assert len(api.get(f"/api/v1/guidance/{issue.code}/versions/").json()["data"]) == 2
    offer = {"remedy": "credit", "words": "A credit", "lead_limit": "10"}
    made = api.post(f"/api/v1/guidance/{issue.code}/offers/", offer, format="json")
    assert made.status_code == 201
    assert api.delete(f"/api/v1/offers/{made.json()['id']}/").status_code == 204
    assert (
        api.put(
            "/api/v1/remedies/ceiling/", {"per_day": "5000", "per_customer": None}, format="json"
        ).status_code
        == 200
    )
    at = f"/api/v1/tickets/{ticket.pk}"
    asked = api.post(f"{at}/approvals/", {"remedy": "refund", "amount": "300", "why": "x"}, format="json")
    assert asked.status_code == 201
    pk = asked.json()["id"]
    ada = APIClient(HTTP_AUTHORIZATION=f"Bearer {make_token(cast.ada)}")
    assert [one["id"] for one in ada.get("/api/v1/approvals/").json()["data"]] == [pk]
    for who, act, state in ((ada, "ask_back", "asked_back"), (api, "explain", "asked"), (ada, "approve", "approved"),
                            (api, "give", "used")):  # fmt: skip
        answer = who.post(f"/api/v1/approvals/{pk}/", {"act": act, "words": "So"}, format="json")
        assert (answer.status_code, answer.json()["state"]) == (200, state)
    (given,) = api.get(f"{at}/remedies/").json()["data"]
    assert (
        api.post(f"{at}/remedies/{given['id']}/strike-out/", {"why": "Wrong"}, format="json").status_code
        == 200
    )
    fact = {"question": "Why?", "answer": "Rain"}
    assert api.post(f"{at}/facts/", fact, format="json").json()["answer"] == "Rain"
    assert len(api.get(f"{at}/facts/").json()["data"]) == len(api.get(f"{at}/approvals/").json()["data"]) == 1
    mallory = APIClient(
        HTTP_AUTHORIZATION=f"Bearer {make_token(cast.mallory, 'tickets:write', 'tickets:read', 'admin')}"
    )
    assert mallory.get(f"/api/v1/approvals/{pk}/").status_code == 404
