"""An article is begun, and who reads it is changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.intake.files import File
from apps.output.articles.models import Article, Visibility
from apps.output.articles.services.parts import settle
from apps.output.articles.services.rows import PUBLISH, WRITE, known_language, locked, tell
from apps.output.articles.services.words import draft_text
from helpdesk.errors import Invalid
from helpdesk.models import Issue, User
from helpdesk.permissions import require

FIELDS = ("topic", "visibility", "department", "look_again_on")


@transaction.atomic
def add_article(
    *,
    language: str,
    words: Mapping[str, str],
    values: Mapping[str, Any] | None = None,
    issues: Iterable[Issue] = (),
    files: Sequence[File] = (),
    from_ticket: bool = False,
    by: User,
    at: datetime,
) -> Article:
    """Begin an article with the draft of its first language. Raises Invalid, TooManyFiles, FileTooLarge, NotAllowed."""
    require(by, WRITE)
    given = _checked(values or {}, Article())
    article = Article.objects.create(
        source_language=known_language(language), made_by=by, made_at=at, **given
    )
    article.issues.set(issues)
    tell("article.added", article, by=by, at=at)
    draft_text(
        article=article, language=language, words=words, files=files, from_ticket=from_ticket, by=by, at=at
    )
    return article


@transaction.atomic
def change_article(
    *,
    article: Article,
    values: Mapping[str, Any],
    issues: Iterable[Issue] | None = None,
    by: User,
    at: datetime,
) -> Article:
    """Change who may read it and what it is about. What is published is changed by those who publish alone. Issues
    that went out of use stay with it: they are read as others now, and may come back.

    Raises Invalid, NotAllowed, NotFound.
    """
    require(by, WRITE, article)
    article = locked(article)
    if article.texts.published().exists():
        require(by, PUBLISH)
    given = _checked(values, article)
    changed = sorted(name for name, value in given.items() if getattr(article, name) != value)
    for name in changed:
        setattr(article, name, given[name])
    if changed:
        article.save(update_fields=changed)
    if issues is not None and _put_on(article, issues):
        changed.append("issues")
        settle(article, by=by, at=at)
    if changed:
        tell("article.changed", article, by=by, at=at, changed=changed)
    return article


def _put_on(article: Article, issues: Iterable[Issue]) -> bool:
    """Whether that is a change."""
    before = set(article.issues.all())
    wanted = set(issues) | {issue for issue in before if issue.valid_to is not None}
    if wanted == before:
        return False
    article.issues.set(wanted)
    return True


def _checked(values: Mapping[str, Any], stands: Article) -> dict[str, Any]:
    given = {name: values[name] for name in FIELDS if name in values}
    seen = given.get("visibility", stands.visibility)
    department = given.get("department", stands.department)
    if seen not in Visibility.values:
        raise Invalid(_("Choose who may read it."), pointer="visibility")
    if seen == Visibility.DEPARTMENT and department is None:
        raise Invalid(_("Say which department it is for."), pointer="department")
    return given
