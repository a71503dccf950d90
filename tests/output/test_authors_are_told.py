"""Who wrote an article hears that it was sent back, or that somebody else published it."""

import pytest

from apps.output.articles import services
from apps.output.models import Delivery, Notification
from apps.output.notifications.kinds import Choice, Way
from apps.output.services import choose
from helpdesk.models import Event
from tests.factories import NOW
from tests.output.test_articles import LATER, WORDS, published, written


def told(user) -> list[str]:
    rows = Notification.objects.filter(user=user, kind="article").order_by("pk")
    return list(rows.values_list("title", flat=True))


def letters() -> dict[str, str]:
    return {row.to[0]: row.text for row in Delivery.objects.filter(kind="notice")}


@pytest.fixture
def text(cast, settings):
    settings.SITE_URL = "https://desk.test"
    return written(cast.ana)


def test_a_draft_that_is_sent_back_says_why(cast, text, deliver_news):
    services.ask_review(text=text, by=cast.ana, at=NOW)
    services.refuse_draft(text=text, why="Say how long", by=cast.lena, at=NOW)
    deliver_news()
    assert told(cast.ana) == ["Lena sent your article “Charged twice” back"]
    assert not told(cast.lena)
    letter = letters()["ana@desk.test"]
    assert "Say how long" in letter
    assert f"https://desk.test/articles/{text.article_id}/?language=en" in letter
    row = Notification.objects.get()
    assert row.url == f"/articles/{text.article_id}/?language=en"
    # The news again is the same news.
    services.tell_authors(
        text=text, event=Event.objects.get(kind="article.refused"), by=cast.system, at=LATER
    )
    assert (len(told(cast.ana)), Delivery.objects.filter(kind="notice").count()) == (1, 1)


def test_all_who_wrote_on_it_hear_that_it_is_published_but_who_published_it(cast, text, deliver_news):
    for by in (cast.omar, cast.lena):
        services.draft_text(article=text.article, language="en", words=WORDS, by=by, at=LATER)
    services.publish_text(text=text, by=cast.lena, at=LATER)
    deliver_news(at=LATER)
    said = ["Lena published your article “Charged twice”"]
    assert (told(cast.ana), told(cast.omar), told(cast.lena)) == (said, said, [])
    # Whoever wrote an earlier version has no part in the next one.
    services.draft_text(article=text.article, language="en", words=WORDS, by=cast.omar, at=LATER)
    services.publish_text(text=text, by=cast.lena, at=LATER)
    deliver_news(at=LATER)
    assert (len(told(cast.ana)), len(told(cast.omar))) == (1, 2)


def test_nobody_hears_of_their_own_acts(cast, deliver_news):
    text = published(cast.lena)
    services.draft_text(article=text.article, language="en", words=WORDS, by=cast.lena, at=LATER)
    services.refuse_draft(text=text, why="No", by=cast.lena, at=LATER)
    deliver_news()
    assert not Notification.objects.exists()


def test_of_a_draft_that_was_thrown_away_the_next_ones_author_alone_hears(cast, text, deliver_news):
    services.publish_text(text=text, by=cast.lena, at=NOW)
    services.draft_text(article=text.article, language="en", words=WORDS, by=cast.omar, at=LATER)
    services.discard_draft(text=text, by=cast.lena, at=LATER)
    assert Event.objects.get(kind="article.discarded").data == {"language": "en"}
    services.draft_text(article=text.article, language="en", words=WORDS, by=cast.ana, at=LATER)
    services.draft_text(article=text.article, language="de", words=WORDS, by=cast.nils, at=LATER)
    services.publish_text(text=text, by=cast.lena, at=LATER)
    deliver_news(at=LATER)
    assert (len(told(cast.ana)), told(cast.omar), told(cast.nils)) == (2, [], [])


def test_who_may_not_see_the_article_any_more_hears_nothing(cast, deliver_news):
    given = {"visibility": "department", "department": cast.billing}
    text = written(cast.ana, values=given)
    services.publish_text(text=text, by=cast.lena, at=NOW)
    cast.ana.department = cast.shipping
    cast.ana.save(update_fields=["department"])
    deliver_news()
    assert not told(cast.ana)


def test_who_chose_not_to_hear_of_it_does_not(cast, text, deliver_news):
    choose(ways={"article": Choice(in_app=False, mail=Way.NEVER)}, by=cast.ana)
    services.publish_text(text=text, by=cast.lena, at=NOW)
    deliver_news()
    assert not told(cast.ana)
