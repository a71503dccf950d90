"""Articles stay beside the tickets they answer when issues are merged, split, and parted again."""

import pytest

from apps.output.articles import services
from apps.output.articles.models import Article
from apps.output.articles.queries import articles_on
from helpdesk.errors import NotAllowed
from helpdesk.models import Event, Issue
from helpdesk.services import (
    AddIssue,
    EditIssue,
    MergeIssues,
    RetireIssue,
    SplitIssue,
    publish_taxonomy,
    undo_release,
)
from tests.factories import NOW, make_issue
from tests.output.test_articles import published


@pytest.fixture
def article(cast):
    """On one of two issues."""
    make_issue("wrong-amount")
    return published(cast.lena, issues=[make_issue("charged-twice")]).article


def issue(code) -> Issue:
    return Issue.objects.select_related("replaced_by").get(code=code)


def publish(cast, *changes):
    return publish_taxonomy(changes=list(changes), note="", by=cast.ada, at=NOW)


def undone(cast, release):
    return undo_release(release=release, by=cast.ada, at=NOW)


def carry(cast, release) -> int:
    return services.carry_articles(release=release, by=cast.system, at=NOW)


def beside(cast, code) -> list[Article]:
    return [one.article for one in articles_on([issue(code)], language="en", user=cast.ana)]


def answers(article) -> tuple[list[str], list[str]]:
    row = Article.objects.get(pk=article.pk)
    return [one.code for one in row.issues_in_use], [one.code for one in row.issues_retired]


def test_an_article_goes_along_when_its_issue_is_merged_and_comes_back_alone(cast, article):
    release = publish(cast, MergeIssues(("charged-twice",), into="wrong-amount"))
    assert [carry(cast, release) for _ in range(2)] == [1, 0]
    assert answers(article) == (["wrong-amount"], ["charged-twice"])
    # Tickets that keep their old code find it, too.
    assert beside(cast, "wrong-amount") == beside(cast, "charged-twice") == [article]
    back = undone(cast, release)
    assert [carry(cast, back) for _ in range(2)] == [1, 0]
    assert answers(article) == (["charged-twice"], [])
    assert beside(cast, "wrong-amount") == []
    again = undone(cast, back)
    carry(cast, again)
    assert answers(article) == (["wrong-amount"], ["charged-twice"])


def test_an_undo_leaves_what_answered_both_before(cast, article):
    both = published(cast.lena, issues=[issue("charged-twice"), issue("wrong-amount")]).article
    release = publish(cast, MergeIssues(("charged-twice",), into="wrong-amount"))
    assert carry(cast, release) == 1
    assert carry(cast, undone(cast, release)) == 1
    assert answers(both) == (["charged-twice", "wrong-amount"], [])


def test_whoever_changes_what_it_answers_meanwhile_is_not_contradicted(cast, article):
    release = publish(cast, MergeIssues(("charged-twice",), into="wrong-amount"))
    carry(cast, release)
    services.change_article(article=article, values={}, issues=[], by=cast.lena, at=NOW)
    assert answers(article) == ([], ["charged-twice"])
    carry(cast, undone(cast, release))
    assert answers(article) == (["charged-twice"], [])


def test_a_new_article_stands_beside_tickets_that_keep_the_merged_code(cast, article):
    publish(cast, MergeIssues(("charged-twice",), into="wrong-amount", recode=False))
    new = published(cast.lena, issues=[issue("wrong-amount")]).article
    assert set(beside(cast, "charged-twice")) == {new, article}


@pytest.mark.parametrize("read_as", ["", "by-card"])
def test_an_article_on_what_is_split_answers_every_part(cast, article, read_as):
    parts = ("by-card", "by-debit")
    release = publish(
        cast, *(AddIssue(code, code) for code in parts), SplitIssue("charged-twice", parts, read_as)
    )
    carry(cast, release)
    assert answers(article) == (["by-card", "by-debit"], ["charged-twice"])
    only = published(cast.lena, issues=[issue("by-debit")]).article
    back = undone(cast, release)
    carry(cast, back)
    assert answers(article) == (["charged-twice"], [])
    # What was written on a part answers the whole again.
    assert answers(only) == (["charged-twice"], ["by-debit"])
    carry(cast, undone(cast, back))
    assert answers(article) == (["by-card", "by-debit"], ["charged-twice"])


def test_an_issue_that_is_replaced_takes_them_along_and_one_that_only_ends_does_not(cast, article):
    assert carry(cast, publish(cast, EditIssue("wrong-amount", label="Another"))) == 0
    carry(cast, publish(cast, RetireIssue("charged-twice", "wrong-amount")))
    assert answers(article)[0] == ["wrong-amount"]
    assert carry(cast, publish(cast, RetireIssue("wrong-amount"))) == 0
    assert answers(article) == ([], ["charged-twice", "wrong-amount"])


def test_the_news_of_a_release_brings_it_about_and_its_pages_say_so(cast, article, deliver_news, sign_in):
    publish(cast, MergeIssues(("charged-twice",), into="wrong-amount"))
    deliver_news()
    assert beside(cast, "wrong-amount") == [article]
    told = Event.objects.get(kind="article.carried")
    assert (told.about, told.data["issues"]) == (f"article:{article.pk}", ["wrong-amount"])
    page = sign_in(cast.lena).get(f"/articles/{article.pk}/").content.decode()
    assert "Wrong amount" in page
    assert "(Charged twice, retired)" in page
    sent = {"visibility": "everybody", "issues": [issue("wrong-amount").pk]}
    assert sign_in(cast.lena).post(f"/articles/{article.pk}/about/", sent).status_code == 302
    assert answers(article) == (["wrong-amount"], ["charged-twice"])


def test_whoever_may_not_publish_does_not_carry(cast, article):
    release = publish(cast, MergeIssues(("charged-twice",), into="wrong-amount"))
    with pytest.raises(NotAllowed):
        services.carry_articles(release=release, by=cast.ana, at=NOW)
    assert answers(article) == ([], ["charged-twice"])
