"""Articles beside a ticket, from a ticket, and by API."""

import pytest
from rest_framework.test import APIClient

from apps.intake.services import tell_of_form
from apps.output.articles.models import Article, ArticleText
from apps.output.articles.services.from_ticket import without_traces
from apps.response import services as response
from tests.factories import NOW, make_issue, make_ticket, make_token
from tests.output.test_articles import WORDS, published


@pytest.fixture
def client(cast) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(cast.robot)}")
    return client


def test_a_ticket_offers_the_articles_on_its_issue_and_says_what_did_not_help(cast, sign_in, settings):
    settings.SITE_URL = "https://desk.test"
    issue = make_issue()
    text = published(cast.lena, issues=[issue])
    inside = published(cast.lena, words={"title": "For us"}, values={"visibility": "staff"}, issues=[issue])
    ticket = make_ticket(cast)
    response.classify(ticket=ticket, issue=issue, by=cast.ana, at=NOW)
    tell_of_form(ticket=ticket, visit="", article=text.article_id, by=cast.system, at=NOW)
    page = sign_in(cast.ana).get(f"/t/{ticket.pk}/articles/").content.decode()
    assert f"Charged twice: https://desk.test/help/articles/{text.article_id}/?language=en" in page
    assert "For us" in page
    assert f"/help/articles/{inside.article_id}/" not in page
    assert "it did not help" in page
    assert sign_in(cast.mallory).get(f"/t/{ticket.pk}/articles/").status_code == 404


def test_an_article_begins_with_our_answer_and_none_of_the_customers_words(cast, sign_in):
    issue = make_issue()
    ticket = make_ticket(cast, body="My secret is 42", language="de")
    response.classify(ticket=ticket, issue=issue, by=cast.ana, at=NOW)
    response.reply(ticket=ticket, body="Write to x@y.test or 0049 30 1234567.", by=cast.ana, at=NOW)
    sent = sign_in(cast.ana).post(f"/t/{ticket.pk}/articles/new/")
    article = Article.objects.get()
    assert sent["Location"] == f"/articles/{article.pk}/de/"
    draft = article.texts.get().versions.get()
    assert draft.from_ticket
    assert draft.words == {"title": "Charged twice", "summary": "", "body": "Write to ... or ...."}
    assert list(article.issues.all()) == [issue]
    assert sign_in(cast.mallory).post(f"/t/{ticket.pk}/articles/new/").status_code == 404
    assert without_traces("Order 4711 of 2026-05-06, +49 (0)30 12 34 567") == "Order 4711 of ..., +49 (0)..."


def test_programs_write_publish_translate_and_withdraw(cast, client):
    make_issue()
    sent = WORDS | {"language": "en", "issues": ["charged-twice"], "visibility": "everybody"}
    made = client.post("/api/v1/articles/", sent, format="json")
    assert (made.status_code, made.data["issues"], made.data["texts"][0]["draft"]["words"]) == (
        201, ["charged-twice"], WORDS,
    )  # fmt: skip
    place = f"/api/v1/articles/{made.data['id']}/"
    seen = made.data["texts"][0]["draft"]["made_at"]

    def act(language="en", **words) -> dict:
        answer = client.post(f"{place}texts/{language}/", words, format="json")
        assert answer.status_code == 200, answer.data
        return {row["language"]: row for row in answer.data["texts"]}

    assert act(act="ask")["en"]["draft"]["asked_by"] == "robot@desk.test"
    assert act(act="refuse", why="Too short")["en"]["draft"]["refused_why"] == "Too short"
    assert act(act="publish", seen=seen)["en"]["is_published"]
    assert client.put(f"{place}texts/de/", WORDS, format="json").status_code == 200
    assert act("de", act="publish")["de"]["tells_version"] == 1
    client.put(f"{place}texts/en/", WORDS | {"body": "New"}, format="json")
    assert act(act="publish")["de"]["is_behind"]
    assert not act("de", act="confirm")["de"]["is_behind"]
    assert act(act="restore", number=1)["en"]["draft"]["words"] == WORDS
    assert [row["number"] for row in client.get(f"{place}texts/en/versions/").data["data"]] == [2, 1]
    assert not act(act="withdraw")["en"]["is_published"]
    assert client.patch(place, {"visibility": "staff"}, format="json").data["visibility"] == "staff"
    assert [row["id"] for row in client.get("/api/v1/articles/?only=draft").data["data"]] == [made.data["id"]]
    assert ArticleText.objects.published().count() == 1


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        ("articles/", {"title": "A"}, 422),
        ("articles/", WORDS | {"language": "en", "colour": "red"}, 422),
        ("articles/", WORDS | {"language": "xx"}, 422),
        ("article-topics/", {"slug": "Bills", "names": {"en": "Bills"}}, 422),
        ("articles/4711/texts/en/", {"act": "publish"}, 404),
    ],
)
def test_what_programs_send_wrongly_is_refused(client, path, sent, status):
    assert client.post(f"/api/v1/{path}", sent, format="json").status_code == status
    assert not Article.objects.exists()


def test_programs_read_topics_figures_and_searches(client):
    made = client.post("/api/v1/article-topics/", {"slug": "bills", "names": {"en": "Bills"}}, format="json")
    place = f"/api/v1/article-topics/{made.data['id']}/"
    assert client.put(place, {"slug": "bills", "names": {"en": "B"}}, format="json").data["names"] == {
        "en": "B"
    }
    assert len(client.get("/api/v1/article-topics/").data["data"]) == 1
    assert client.delete(place).status_code == 204
    assert client.get("/api/v1/help-figures/").data["deflection"]["visits"] == 0
    assert client.get("/api/v1/help-searches/?only=not_opened&days=30").data == {"data": []}
    for wrong in ("help-searches/?only=all", "help-figures/?days=0", "articles/?only=none"):
        assert client.get(f"/api/v1/{wrong}").status_code == 422
