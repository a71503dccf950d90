"""Articles by title, and a new one, for the palette."""

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.output.articles.models import Article, ArticleText, ArticleVersion
from apps.output.articles.services import WRITE
from helpdesk.models import User
from helpdesk.palette import MOST, Place
from helpdesk.permissions import may

LOOKED_AT = 4 * MOST  # texts: an article may be called so in several languages


def articles(text: str, user: User) -> Iterable[Place]:
    """Those this person may see that are called so, each once, in the language that is.
    One query."""
    if not text or text.startswith("#") or not may(user, "output.articles"):
        return
    once: dict[int, Any] = {}
    for row in _called(text, user)[:LOOKED_AT]:
        once.setdefault(row.article_id, row)
    for row in list(once.values())[:MOST]:
        address = f"{reverse('article', kwargs={'pk': row.article_id})}?language={row.language}"
        yield Place(row.title or row.draft_title, _("Article"), address)


def new_article(text: str, user: User) -> Iterable[Place]:
    """The page to write another one. No query."""
    label = _("Write an article")
    called = (label, _("New article"))
    if text and may(user, WRITE) and any(text.lower() in name.lower() for name in called):
        yield Place(label, _("Articles"), reverse("add_article"))


def _called(text: str, user: User) -> Any:
    """By the title readers see, or that of the draft."""
    drafts = ArticleVersion.objects.filter(text=OuterRef("pk"), number=None)
    rows = ArticleText.objects.filter(article__in=Article.objects.visible_to(user))
    titled = rows.annotate(draft_title=Subquery(drafts.values(title=KeyTextTransform("title", "words"))[:1]))
    found = titled.filter(Q(title__icontains=text) | Q(draft_title__icontains=text))
    return found.defer("body", "summary", "search").order_by("-article_id", "language")
