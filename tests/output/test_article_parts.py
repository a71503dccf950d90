"""An issue was split: who wrote an article on it is asked which parts it answers, and says so."""

import pytest

from apps.analysis.queries.cases import needs_of
from apps.output.articles import services
from apps.output.articles.models import Article, SplitQuestion
from apps.output.articles.queries_parts import questions_for
from apps.output.models import Notification
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event, Issue, User
from helpdesk.services import AddIssue, SplitIssue, publish_taxonomy, undo_release
from tests.factories import NOW, make_cast, make_issue, make_token
from tests.output.test_articles import published
from tests.output.test_races import at_once
from tests.response.pages import count_queries

PARTS = ("by-card", "by-debit", "by-cash")


def split(cast, code="charged-twice", parts=PARTS):
    changes = [*(AddIssue(one, one.title()) for one in parts), SplitIssue(code, parts, "")]
    return publish_taxonomy(changes=changes, note="", by=cast.ada, at=NOW)


@pytest.fixture
def article(cast):
    make_issue("wrong-amount")
    return published(cast.lena, issues=[make_issue("charged-twice")]).article


@pytest.fixture
def asked(cast, article, deliver_news):
    split(cast)
    deliver_news()
    return SplitQuestion.objects.get()


def answers(article) -> list[str]:
    return [one.code for one in Article.objects.get(pk=article.pk).issues_in_use]


def issues(*codes) -> list[Issue]:
    return list(Issue.objects.filter(code__in=codes))


def say(question, by, *codes):
    return services.say_parts(question=question, parts=issues(*codes), by=by, at=NOW)


def told(user) -> list[str]:
    return list(Notification.objects.filter(user=user, kind="article").values_list("title", flat=True))


def wanted(user) -> list[str]:
    return [f"{one.verb} {one.object}" for one in needs_of(user, at=NOW) if one.kind == "say_parts"]


def test_its_author_is_asked_once_and_says_which(cast, article, asked, deliver_news):
    assert sorted(answers(article)) == sorted(PARTS)
    services.carry_articles(release=asked.release, by=cast.system, at=NOW)
    services.ask_author(question=asked, by=cast.system, at=NOW)
    deliver_news()
    assert SplitQuestion.objects.count() == 1
    assert len(told(cast.lena)) == 1
    assert told(cast.lena)[0].startswith("“Charged twice” was split: which parts does")
    assert len(wanted(cast.lena)) == 1
    say(asked, cast.lena, "by-card")
    assert (answers(article), wanted(cast.lena)) == (["by-card"], [])
    event = Event.objects.get(kind="article.sorted")
    assert (event.by, event.data) == (cast.lena, {"question": asked.pk, "issues": ["by-card"]})
    # The news of the release comes late once more: what was said stands.
    services.carry_articles(release=asked.release, by=cast.system, at=NOW)
    assert answers(article) == ["by-card"]
    assert len(told(cast.lena)) == 1


def test_an_undo_takes_the_question_back_and_the_split_again_asks_anew(cast, article, asked, deliver_news):
    back = undo_release(release=asked.release, by=cast.ada, at=NOW)
    deliver_news()
    assert (SplitQuestion.objects.count(), wanted(cast.lena)) == (0, [])
    with pytest.raises(NotFound):
        say(asked, cast.lena, "by-card")
    undo_release(release=back, by=cast.ada, at=NOW)
    deliver_news()
    assert (SplitQuestion.objects.count(), len(wanted(cast.lena))) == (1, 1)


def test_what_was_said_is_forgotten_with_the_split(cast, article, asked, deliver_news):
    say(asked, cast.lena, "by-card")
    undo_release(release=asked.release, by=cast.ada, at=NOW)
    deliver_news()
    assert answers(article) == ["charged-twice"]
    assert not SplitQuestion.objects.exists()


def test_whoever_changes_what_it_is_about_has_said_so(cast, article, asked):
    services.change_article(article=article, values={}, issues=issues("by-cash"), by=cast.lena, at=NOW)
    assert (wanted(cast.lena), SplitQuestion.objects.get().answered_by) == ([], cast.lena)


@pytest.mark.parametrize("codes", [(), ("wrong-amount",), ("by-card", "charged-twice")])
def test_only_parts_are_chosen_and_at_least_one(cast, article, asked, codes):
    with pytest.raises(Invalid) as refused:
        say(asked, cast.lena, *codes)
    assert refused.value.pointer == "parts"
    assert sorted(answers(article)) == sorted(PARTS)
    assert SplitQuestion.objects.unanswered().exists()


def test_an_author_may_say_it_of_what_is_published_and_other_agents_may_not(cast, article, asked):
    """Who only writes changes nothing that is published; which parts their own article answers they know best."""
    with pytest.raises(NotAllowed):
        say(asked, cast.ana, "by-card")
    Article.objects.filter(pk=article.pk).update(made_by=cast.ana)
    say(SplitQuestion.objects.get(), cast.ana, "by-card")
    assert answers(article) == ["by-card"]


def test_customers_and_strangers_say_nothing(cast, article, asked):
    Article.objects.filter(pk=article.pk).update(visibility="department", department=cast.billing)
    question = SplitQuestion.objects.select_related("article").get()
    for who, error in ((cast.mallory, NotFound), (cast.zoe_account, NotAllowed)):
        with pytest.raises(error):
            say(question, who, "by-card")
        assert questions_for(who) == []
    assert sorted(answers(article)) == sorted(PARTS)


def test_where_its_author_left_the_leads_of_its_department_are_asked(cast, article, deliver_news):
    gone = User.objects.create(email="gone@x.test", name="Gone", role="agent", is_active=False)
    Article.objects.filter(pk=article.pk).update(made_by=gone, department=cast.lena.department)
    split(cast)
    deliver_news()
    assert len(told(cast.lena)) == 1
    assert (told(cast.ada), told(gone)) == ([], [])
    assert len(wanted(cast.lena)) == 1


def test_where_there_is_no_lead_the_administrators_are(cast, article, deliver_news):
    gone = User.objects.create(email="gone@x.test", name="Gone", role="agent", is_active=False)
    Article.objects.filter(pk=article.pk).update(made_by=gone, department=cast.shipping)
    split(cast)
    deliver_news()
    assert (len(told(cast.ada)), told(cast.lena)) == (1, [])
    assert len(wanted(cast.ada)) == 1


def test_the_page_asks_and_is_answered_and_shows_a_mistake(cast, article, asked, sign_in):
    lena, place = sign_in(cast.lena), f"/articles/{article.pk}/parts/"
    assert place in lena.get(f"/articles/{article.pk}/").content.decode()
    page = lena.get(place)
    assert page.content.decode().count("checked") == len(PARTS)
    wrong = lena.post(place, {"question": asked.pk})
    assert (wrong.status_code, "Choose at least one part." in wrong.content.decode()) == (422, True)
    one = issues("by-debit")[0].pk
    right = lena.post(place, {"question": asked.pk, "parts": [one]})
    assert (right.status_code, right["Location"]) == (302, f"/articles/{article.pk}/")
    assert answers(article) == ["by-debit"]
    late = lena.post(place, {"question": asked.pk, "parts": [one]})
    assert (late.status_code, "Somebody has said already" in late.content.decode()) == (422, True)
    # The link of a letter, once it is answered; and a question there is none of.
    assert lena.get(place)["Location"] == f"/articles/{article.pk}/"
    assert lena.get(f"{place}?question=999")["Location"] == f"/articles/{article.pk}/"
    assert "Which parts" not in lena.get(f"/articles/{article.pk}/").content.decode()


def test_programs_read_what_is_asked_and_answer(cast, article, asked, client):
    token = {"Authorization": f"Bearer {make_token(cast.robot)}"}
    place, listed = f"/api/v1/articles/{article.pk}/parts/", "/api/v1/article-questions/"
    row = client.get(listed, headers=token).json()["data"][0]
    assert (row["article"], row["issue"], sorted(row["parts"])) == (
        article.pk,
        "charged-twice",
        sorted(PARTS),
    )
    assert row["title"]
    assert len(client.get(place, headers=token).json()["data"]) == 1

    def post(**said):
        return client.post(place, said, content_type="application/json", headers=token)

    for said, status, pointer in (
        ({"issue": "nothing", "parts": ["by-card"]}, 422, "/issue"),
        ({"issue": "charged-twice", "parts": ["nothing"]}, 422, "/parts"),
        ({"issue": "charged-twice", "parts": ["wrong-amount"]}, 422, "/parts"),
        ({"issue": "charged-twice"}, 422, "/parts"),
    ):
        answer = post(**said)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, pointer), said
    assert post(issue="charged-twice", parts=["by-card", "by-cash"]).status_code == 200
    assert sorted(answers(article)) == ["by-card", "by-cash"]
    assert post(issue="charged-twice", parts=["by-card"]).status_code == 409
    assert client.get(listed, headers=token).json()["data"] == []


def test_many_questions_cost_as_much_as_one(cast, article, asked, sign_in):
    lena = sign_in(cast.lena)
    lena.get("/needs-you/")
    one = count_queries(lena, "/needs-you/")
    for _ in range(10):
        other = published(cast.lena, issues=issues(*PARTS)).article
        row = SplitQuestion.objects.create(
            article=other, issue=asked.issue, release=asked.release, asked_at=NOW
        )
        row.parts.set(asked.parts.all())
    assert len(wanted(cast.lena)) == 11
    assert count_queries(lena, "/needs-you/") == one


def test_of_two_who_answer_at_once_one_is_heard(transactional_db):
    cast = make_cast()
    make_issue("charged-twice")
    article = published(cast.lena, issues=issues("charged-twice")).article
    services.carry_articles(release=split(cast), by=cast.system, at=NOW)
    first, second = SplitQuestion.objects.get(), SplitQuestion.objects.get()
    outcomes = at_once(
        lambda: say(first, cast.lena, "by-card") and None, lambda: say(second, cast.lena, "by-debit") and None
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["AlreadySaid", "NoneType"]
    assert len(answers(article)) == 1
    assert Event.objects.filter(kind="article.sorted").count() == 1
