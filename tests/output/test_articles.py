"""Articles: written, looked over, published, translated, withdrawn, and who sees which."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.output.articles import services
from apps.output.articles.markup import html_of, words_of
from apps.output.articles.models import Article, ArticleText, Topic
from apps.output.articles.queries import articles_found, articles_on, texts_of, versions_of, visible_article
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event
from tests.factories import NOW, make_issue

LATER = NOW + timedelta(hours=1)
WORDS = {"title": "Charged twice", "summary": "What to do", "body": "Wait **two** days."}


def written(by, *, at=NOW, language="en", words=None, **more) -> ArticleText:
    article = services.add_article(language=language, words=WORDS | (words or {}), by=by, at=at, **more)
    return article.texts.get()


def published(by, **more) -> ArticleText:
    return services.publish_text(text=written(by, **more), by=by, at=more.get("at", NOW))


def test_a_draft_is_looked_over_sent_back_and_published(cast):
    text = written(cast.ana)
    services.ask_review(text=text, by=cast.ana, at=NOW)
    assert [row.title for row in articles_found("", user=cast.lena, only="review", on=NOW.date())[0]] == [
        "Charged twice"
    ]
    services.refuse_draft(text=text, why=" Say how long ", by=cast.omar, at=NOW)
    draft = text.versions.get(number=None)
    assert (draft.refused_why, draft.asked_at) == ("Say how long", None)
    services.draft_text(
        article=text.article, language="en", words=WORDS | {"body": "Wait two days."}, by=cast.ana, at=LATER
    )
    text = services.publish_text(text=text, seen=LATER, by=cast.nils, at=LATER)
    assert (text.version, text.is_published, text.body) == (1, True, "Wait two days.")
    assert not text.versions.filter(number=None).exists()
    kinds = [event.kind for event in Event.objects.filter(about=f"article:{text.article_id}").order_by("pk")]
    assert kinds == [
        f"article.{what}" for what in ("added", "drafted", "submitted", "refused", "drafted", "published")
    ]


def test_a_version_is_compared_and_restored(cast):
    text = published(cast.lena)
    services.draft_text(
        article=text.article, language="en", words=WORDS | {"body": "Write to us."}, by=cast.lena, at=LATER
    )
    text = services.publish_text(text=text, by=cast.lena, at=LATER)
    newest, first = versions_of(text)
    assert [(line.sign, line.text) for line in newest.changes[0].lines] == [
        ("-", "Wait **two** days."),
        ("+", "Write to us."),
    ]
    assert len(first.changes) == 3
    services.restore_version(text=text, number=1, by=cast.ana, at=LATER)
    assert text.versions.get(number=None).words == WORDS
    assert ArticleText.objects.get().body == "Write to us."


def test_a_translation_knows_when_its_source_has_moved_on(cast):
    text = published(cast.lena)
    act = {"article": text.article, "by": cast.lena, "at": LATER}
    services.draft_text(language="de", words=WORDS | {"title": "Doppelt"}, **act)
    german = services.publish_text(text=text.article.texts.get(language="de"), by=cast.lena, at=LATER)
    assert german.tells_version == 1
    services.draft_text(language="en", words=WORDS | {"body": "New."}, **act)
    services.publish_text(text=text, by=cast.lena, at=LATER)
    shown = texts_of(visible_article(text.article_id, user=cast.ana))
    assert [(one.text.language, one.behind) for one in shown] == [("en", 0), ("de", 2)]
    assert len(articles_found("", user=cast.ana, only="moved", on=NOW.date())[0]) == 1
    services.confirm_translation(text=german, by=cast.nils, at=LATER)
    assert not articles_found("", user=cast.ana, only="moved", on=NOW.date())[0]


@pytest.mark.parametrize("name", ["ana", "zoe_account"])
def test_who_may_not_publish_changes_nothing(cast, name):
    text = written(cast.ana)
    by = getattr(cast, name)
    for act in (services.publish_text, services.withdraw_text):
        with pytest.raises(NotAllowed):
            act(text=text, by=by, at=NOW)
    text.refresh_from_db()
    assert not text.is_published
    assert not Event.objects.filter(kind="article.published").exists()


def test_an_agent_shows_no_published_article_to_more_people(cast):
    text = published(cast.lena, values={"visibility": "staff"})
    with pytest.raises(NotAllowed):
        services.change_article(article=text.article, values={"visibility": "everybody"}, by=cast.ana, at=NOW)
    assert Article.objects.get().visibility == "staff"


def test_a_draft_that_changed_meanwhile_is_not_published(cast):
    text = written(cast.ana)
    services.draft_text(article=text.article, language="en", words=WORDS, by=cast.ana, at=LATER)
    with pytest.raises(services.DraftMoved):
        services.publish_text(text=text, seen=NOW, by=cast.lena, at=LATER)
    assert not ArticleText.objects.published().exists()


def test_what_was_made_from_a_ticket_is_published_by_who_has_read_it(cast):
    text = written(cast.ana, from_ticket=True)
    services.draft_text(article=text.article, language="en", words=WORDS, by=cast.ana, at=LATER)
    with pytest.raises(services.NotRead):
        services.publish_text(text=text, by=cast.lena, at=LATER)
    assert services.publish_text(text=text, read=True, by=cast.lena, at=LATER).is_published


@pytest.mark.parametrize(
    ("words", "pointer"),
    [({"title": " "}, "title"), ({"title": "x" * 201}, "title"), ({"body": "x" * 50_001}, "body")],
)
def test_words_that_are_none_or_too_many_are_refused(cast, words, pointer):
    with pytest.raises(Invalid) as refusal:
        written(cast.ana, words=words)
    assert refusal.value.pointer == pointer
    assert not Article.objects.exists()


def test_an_article_of_a_department_is_hidden_from_the_others(cast):
    with pytest.raises(Invalid):
        written(cast.ana, values={"visibility": "department"})
    text = published(cast.lena, values={"visibility": "department", "department": cast.billing})
    assert visible_article(text.article_id, user=cast.ana)
    with pytest.raises(NotFound):
        visible_article(text.article_id, user=cast.mallory)
    with pytest.raises(NotFound):
        services.draft_text(article=text.article, language="en", words=WORDS, by=cast.mallory, at=NOW)


def test_a_draft_that_is_discarded_takes_an_empty_article_along(cast):
    services.discard_draft(text=written(cast.ana), by=cast.ana, at=NOW)
    assert not Article.objects.exists()
    text = published(cast.lena)
    with pytest.raises(services.NoDraft):
        services.discard_draft(text=text, by=cast.ana, at=NOW)
    services.withdraw_text(text=text, by=cast.lena, at=NOW)
    with pytest.raises(services.NotPublished):
        services.withdraw_text(text=text, by=cast.lena, at=NOW)


def test_topics_are_put_up_and_taken_down_when_empty(cast):
    topic = services.save_topic(slug="bills", names={"en": "Bills", "de": "Rechnungen"}, by=cast.lena, at=NOW)
    text = written(cast.ana, values={"topic": topic})
    with pytest.raises(services.TopicInUse):
        services.remove_topic(topic=topic, by=cast.lena, at=NOW)
    services.discard_draft(text=text, by=cast.ana, at=NOW)
    services.remove_topic(topic=topic, by=cast.lena, at=NOW)
    for wrong in ({"slug": "Bills"}, {"names": {"en": " "}}):
        with pytest.raises(Invalid):
            services.save_topic(**({"slug": "bills", "names": {"en": "Bills"}} | wrong), by=cast.lena, at=NOW)
    assert not Topic.objects.exists()


def test_the_nearest_articles_stand_beside_a_ticket(cast, django_assert_num_queries):
    billing = make_issue("billing")
    twice = make_issue("charged-twice", parent=billing)
    above = published(cast.lena, words={"title": "Bills"}, issues=[billing])
    own = published(cast.lena, words={"title": "Twice"}, issues=[twice, billing])
    written(cast.lena, issues=[twice])
    with django_assert_num_queries(3):  # articles, texts, issues
        found = articles_on([twice], language="de", user=cast.ana)
    assert [one.text for one in found] == [own, above]


# --- pages --------------------------------------------------------------------------------------------


def test_an_article_is_written_and_published_on_its_pages(cast, sign_in):
    browser = sign_in(cast.lena)
    sent = WORDS | {"language": "en", "visibility": "everybody"}
    assert browser.post("/articles/new/", sent | {"title": ""}).status_code == 422
    made = browser.post("/articles/new/", sent)
    article = Article.objects.get()
    assert made["Location"] == f"/articles/{article.pk}/"
    page = browser.get(f"/articles/{article.pk}/").content.decode()
    assert "<strong>two</strong>" in page
    assert browser.post(f"/articles/{article.pk}/en/act/", {"act": "publish"}).status_code == 302
    assert ArticleText.objects.published().get().article == article
    german = f"/articles/{article.pk}/de/"
    assert browser.get(f"/articles/{article.pk}/translate/?language=de")["Location"] == german
    assert "Charged twice" in browser.get(german).content.decode()
    browser.post(german, WORDS | {"title": "Doppelt", "act": "ask"})
    assert article.texts.get(language="de").versions.get().asked_by == cast.lena
    assert "Doppelt" in browser.get(f"/articles/{article.pk}/?language=de").content.decode()
    assert browser.get(f"/articles/{article.pk}/en/versions/").status_code == 200
    about = {"visibility": "staff", "look_again_on": "2026-01-01"}
    assert browser.post(f"/articles/{article.pk}/about/", about).status_code == 302
    article.refresh_from_db()
    assert article.visibility == "staff"
    assert "look at it again" in browser.get("/articles/?only=due").content.decode()
    assert sign_in(cast.zoe_account).get("/articles/").status_code == 403


def test_the_list_needs_the_same_queries_for_one_article_and_for_twenty(cast, sign_in):
    browser, counts = sign_in(cast.lena), []
    for more in (1, 19):
        for _ in range(more):
            published(cast.lena)
        with CaptureQueriesContext(connection) as queries:
            browser.get("/articles/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Markdown -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("# One\n\n## Two", "<h2>One</h2>\n<h3>Two</h3>\n"),
        ("## One\n\n#### Two\n\n## Three", "<h2>One</h2>\n<h3>Two</h3>\n<h2>Three</h2>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[a](javascript:alert)", "<p>[a](javascript:alert)</p>\n"),
        ("[a](data:text/html,x)", "<p>[a](data:text/html,x)</p>\n"),
        ("[a](https://b.test)", '<p><a href="https://b.test" rel="noopener noreferrer">a</a></p>\n'),
        ("[a](ftp://b.test)", '<p><a rel="noopener noreferrer">a</a></p>\n'),
        ("~~a~~ `b`", "<p><s>a</s> <code>b</code></p>\n"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
    ],
)
def test_markdown_becomes_html_that_is_safe(text, made):
    assert html_of(text) == made


def test_pictures_are_not_fetched_from_others():
    assert "<img" not in html_of("![a](https://b.test/a.png)")


def test_the_words_of_markdown_are_found_without_its_signs():
    said = words_of("# One\n\n- **two** [three](https://x.test)\n- four\n\n```\nfive\n```")
    assert said == "One two three four five"
