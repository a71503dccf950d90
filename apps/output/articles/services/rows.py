"""What every service of articles needs: the row under its lock, and what is told of it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from apps.output.articles.languages import LANGUAGES
from apps.output.articles.models import Article, ArticleText, ArticleVersion
from helpdesk import events
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import User
from helpdesk.rows import held

READ = "output.articles"
WRITE, PUBLISH = "output.write_articles", "output.publish_articles"
_CODES = {code for code, _name in LANGUAGES}


class NoDraft(DomainError):
    """There is no draft of this article in this language."""

    code = "no-draft"


def draft_of(text: ArticleText) -> ArticleVersion:
    locked(text.article)
    draft = ArticleVersion.objects.filter(text=text, number=None).first()
    if draft is None:
        raise NoDraft
    return draft


def locked(article: Article) -> Article:
    return held(article, "department")


def known_language(code: str) -> str:
    if code not in _CODES:
        raise Invalid(_("Choose a language."), pointer="language")
    return code


def tell(kind: str, article: Article, *, by: User, at: datetime, **data: Any) -> None:
    events.record(kind, about=f"article:{article.pk}", by=by, at=at, data=data)
