"""Articles that the browser looks at, and what was looked for in vain."""

from base64 import b64decode
from datetime import timedelta

from django.urls import reverse

from apps.intake.files import File
from apps.output.articles import services as articles
from apps.output.articles.models import Article, SplitQuestion
from apps.output.help_centre import services as help_centre
from apps.output.help_centre.models import HelpVisit
from helpdesk.models import Issue
from tests.factories import NOW, Cast

# One white point.
GIF = b64decode("R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=")
BODY = """Banks show a *reservation* and the charge side by side for two days.

## When it does not vanish

1. Look at the date of each.
2. Write to us with both amounts.

| amount | meaning |
|---|---|
| the same | a reservation |
| another | write to us |

> We pay back what was charged twice.
"""


def help_customers(cast: Cast) -> dict[str, str]:
    """One article in two languages with a draft that waits, one of which nothing is published, and a few visits."""
    act = {"by": cast.lena, "at": NOW}
    topic = articles.save_topic(slug="bills", names={"en": "Bills", "de": "Rechnungen"}, **act)
    article = articles.add_article(
        language="en",
        words={"title": "I was charged twice", "summary": "What a reservation is.", "body": BODY},
        values={"topic": topic, "look_again_on": NOW.date()},
        issues=[Issue.objects.get(code="charged-twice")],
        **act,
    )
    (picture,) = articles.add_files(article=article, files=[File("two_rows.gif", "", GIF)], **act)
    text = article.texts.get()
    words = {"title": "Doppelt abgebucht", "summary": "Was eine Vormerkung ist.", "body": BODY}
    articles.publish_text(text=text, **act)
    articles.draft_text(article=article, language="de", words=words, **act)
    articles.publish_text(text=article.texts.get(language="de"), **act)
    english = {"title": "I was charged twice", "summary": "What a reservation is."}
    for language, said in (("en", english), ("de", words)):
        articles.draft_text(
            article=article,
            language=language,
            words=said | {"body": f"{BODY}\n{picture.markdown}\n\n- More."},
            **act,
        )
    articles.publish_text(text=text, **act)
    articles.ask_review(text=article.texts.get(language="de"), **act)
    other = articles.add_article(language="en", words={"title": "How to change an address"}, **act)
    ask_of(other)
    look_for_help(article.pk, cast)
    text_at = {"pk": article.pk, "language": "de"}
    return {
        "article": reverse("article", kwargs={"pk": article.pk}) + "?language=de",
        "edit_article": reverse("edit_article", kwargs={"pk": article.pk}),
        "edit_article_text": reverse("edit_article_text", kwargs=text_at),
        "article_parts": reverse("article_parts", kwargs={"pk": other.pk}),
        "article_versions": reverse("article_versions", kwargs={"pk": article.pk, "language": "en"}),
        "topic": reverse("edit_topic", kwargs={"pk": topic.pk}),
        "help_article": reverse("help_article", kwargs={"pk": article.pk}),
    }


def ask_of(article: Article) -> None:
    """Its issue was split: which of the parts does it answer?"""
    parts = list(Issue.objects.filter(valid_to=None).order_by("pk")[:3])
    question = SplitQuestion.objects.create(
        article=article, issue=parts[0], release=parts[0].release, asked_at=NOW
    )
    question.parts.set(parts[1:])
    article.issues.set(parts[1:])


def look_for_help(article: int, cast: Cast) -> None:
    for number in range(6):
        before = {"key": f"{number:032x}", "language": "en", "customer": None, "at": NOW - timedelta(days=5)}
        help_centre.note_search(
            query="charged twice" if number % 2 else "gift card", hits=number % 2, **before
        )
        if number % 2:
            row = Article.objects.get(pk=article)
            help_centre.say_whether_it_helped(
                article=row, helped=number != 3, word="Which two days?" if number == 3 else "", **before
            )
    help_centre.note_request(key=f"{1:032x}", at=NOW - timedelta(days=4))
    help_centre.settle_visits(at=NOW)
    assert HelpVisit.objects.exclude(settled_at=None).count() == 6
