"""An issue was split: which of its parts does an article answer? Whoever wrote it is asked, and says so."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.output.articles.models import Article, SplitQuestion
from apps.output.articles.queries import in_full, title_of
from apps.output.articles.services.rows import PUBLISH, WRITE, locked, tell
from apps.output.services import NewsItem, OwnLetter, inform
from helpdesk.errors import DomainError, Invalid
from helpdesk.links import on_site
from helpdesk.locales import as_read_by
from helpdesk.models import Issue, Role, TaxonomyRelease, User
from helpdesk.permissions import may, require
from helpdesk.rows import held


class AlreadySaid(DomainError):
    """Somebody has said already which parts this article answers. Change its issues if that is wrong."""

    code = "already-said"


def ask_which(
    article: Article,
    issue: Issue,
    parts: Iterable[Issue],
    release: TaxonomyRelease,
    *,
    by: User,
    at: datetime,
) -> bool:
    """Ask of an article that the caller has locked, once for a split; returns whether that is new."""
    row, made = SplitQuestion.objects.get_or_create(
        article=article, issue=issue, release=release, defaults={"asked_at": at}
    )
    if made:
        row.parts.set(parts)
        tell("article.asked", article, by=by, at=at, question=row.pk)
    return made


@transaction.atomic
def ask_author(*, question: SplitQuestion, by: User, at: datetime) -> int:
    """Tell its author, or where they can't answer the leads of its department, once; returns how many."""
    if question.answered_at is not None:
        return 0
    return sum(_told(user, question, by=by, at=at) for user in _whom(question.article))


def _whom(article: Article) -> list[User]:
    author = article.made_by
    if author.is_staff_member and author.is_active and may(author, WRITE) and article.is_visible_to(author):
        return [author]
    people = User.objects.filter(is_active=True).order_by("pk")
    leads = people.filter(role=Role.LEAD, department=article.department_id) if article.department_id else ()
    return list(leads) or list(people.filter(role=Role.ADMIN))


def _told(user: User, question: SplitQuestion, *, by: User, at: datetime) -> bool:
    address = reverse("article_parts", kwargs={"pk": question.article_id})
    title = title_of(in_full(Article.objects.filter(pk=question.article_id)).get())
    with as_read_by(user):
        words = {"issue": question.issue.label, "title": title}
        said = _("“%(issue)s” was split: which parts does “%(title)s” answer?") % words
        explained = _("Until somebody says so it is offered beside the tickets of all of them.")
        letter = OwnLetter(subject=said, text=f"{said}\n\n{explained}\n\n{on_site(address)}\n")
    item = NewsItem(
        kind="article", key=f"article-parts:{question.pk}:{user.pk}", title=said, url=address, letter=letter,
        about=f"article:{question.article_id}",
    )  # fmt: skip
    return inform(item=item, to=user, by=by, at=at)


@transaction.atomic
def say_parts(*, question: SplitQuestion, parts: Iterable[Issue], by: User, at: datetime) -> SplitQuestion:
    """It answers these parts and no others. Its author may say so of what is published, too: nobody reads anything
    that they did not read before.

    Raises AlreadySaid, Invalid, NotAllowed, NotFound.
    """
    require(by, WRITE, question)
    article = locked(question.article)
    question = held(question, "issue")
    if article.made_by_id != by.pk and article.texts.published().exists():
        require(by, PUBLISH)
    if question.answered_at is not None:
        raise AlreadySaid
    offered, chosen = question.parts_in_use, set(parts)
    if not chosen:
        raise Invalid(_("Choose at least one part."), pointer="parts")
    if strange := chosen - set(offered):
        named = ", ".join(sorted(issue.code for issue in strange))
        raise Invalid(_("These are no parts of it: %(codes)s.") % {"codes": named}, pointer="parts")
    article.issues.remove(*(part for part in offered if part not in chosen))
    article.issues.add(*chosen)
    _answered(question, by=by, at=at)
    codes = sorted(issue.code for issue in chosen)
    tell("article.sorted", article, by=by, at=at, question=question.pk, issues=codes)
    return question


def settle(article: Article, *, by: User, at: datetime) -> None:
    """Somebody has said anew what the article is about: they are asked no more."""
    for question in SplitQuestion.objects.unanswered().filter(article=article):
        _answered(question, by=by, at=at)


def _answered(question: SplitQuestion, *, by: User, at: datetime) -> None:
    question.answered_by, question.answered_at = by, at
    question.save(update_fields=["answered_by", "answered_at"])
