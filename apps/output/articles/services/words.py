"""The words of an article in one language: drafted, looked over, published, withdrawn, restored."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value
from django.utils.translation import gettext as _

from apps.intake.files import File
from apps.output.articles.languages import config_of
from apps.output.articles.markup import words_of
from apps.output.articles.models import (
    MAX_BODY,
    MAX_SUMMARY,
    MAX_TITLE,
    WORDS,
    Article,
    ArticleText,
    ArticleVersion,
)
from apps.output.articles.services.files import add_files, forget_files
from apps.output.articles.services.rows import PUBLISH, WRITE, draft_of, known_language, locked, tell
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.sentences import Number

MOST = {"title": MAX_TITLE, "summary": MAX_SUMMARY, "body": MAX_BODY}
# Titles are worth most in a search, then the summary.
WEIGHTS = {"title": "A", "summary": "B", "body": "D"}


class DraftMoved(DomainError):
    """The draft was changed since you opened it. Read it again before you decide."""

    code = "draft-changed"


class NotRead(DomainError):
    """This draft was made from a customer's ticket. Read it, take out what names anybody, and say so."""

    code = "not-read"
    status = 422


class NotPublished(DomainError):
    """This article is not published in this language."""

    code = "not-published"


@transaction.atomic
def draft_text(
    *,
    article: Article,
    language: str,
    words: Mapping[str, str],
    files: Sequence[File] = (),
    seen: datetime | None = None,
    from_ticket: bool = False,
    by: User,
    at: datetime,
) -> ArticleVersion:
    """Keep the next version in a language without any reader seeing it. Who was asked to look it over is asked anew.
    `files` are kept with the article, their lines below the words; `seen`: when the draft was written, or the version
    published, that the caller went on from.

    Raises DraftMoved, Invalid, NotAllowed, NotFound.
    """
    require(by, WRITE, article)
    article, words = locked(article), dict(words)
    text, _made = ArticleText.objects.get_or_create(article=article, language=known_language(language))
    before = ArticleVersion.objects.filter(text=text, number=None).first()
    if seen is not None and seen != (before.made_at if before else text.published_at):
        raise DraftMoved
    lines = [file.markdown for file in add_files(article=article, files=files, by=by, at=at)]
    words["body"] = "\n\n".join([*filter(None, [words.get("body", "").rstrip()]), *lines])
    said = _said(words)
    draft, _made = ArticleVersion.objects.update_or_create(
        text=text,
        number=None,
        defaults={
            "words": said,
            "tells_version": _source_version(text),
            "made_by": by,
            "made_at": at,
            "asked_by": None,
            "asked_at": None,
            "refused_by": None,
            "refused_why": "",
            "from_ticket": from_ticket or (before.from_ticket if before else False),
        },
    )
    tell("article.drafted", article, by=by, at=at, language=text.language)
    return draft


def _said(words: Mapping[str, str]) -> dict[str, str]:
    said = {name: str(words.get(name, "")).replace("\0", "").replace("\r\n", "\n").strip() for name in WORDS}
    said["title"], said["summary"] = (" ".join(said[name].split()) for name in ("title", "summary"))
    if not said["title"]:
        raise Invalid(_("Give it a title, best the question in the customer's words."), pointer="title")
    for name, most in MOST.items():
        if len(said[name]) > most:
            raise Invalid(
                _("At most %(most)s characters.") % {"most": Number(most, grouped=True)}, pointer=name
            )
    return said


def _source_version(text: ArticleText) -> int:
    """Which version of the source a translation tells that is written now; 0 for the source itself."""
    article = text.article
    if text.language == article.source_language:
        return 0
    source = article.texts.filter(language=article.source_language).first()
    return source.version if source else 0


@transaction.atomic
def ask_review(*, text: ArticleText, by: User, at: datetime) -> ArticleVersion:
    """Ask those who publish to look the draft over. Raises NoDraft, Invalid, NotAllowed, NotFound."""
    require(by, WRITE, text.article)
    draft = draft_of(text)
    _has_words(draft)
    draft.asked_by, draft.asked_at, draft.refused_by, draft.refused_why = by, at, None, ""
    draft.save(update_fields=["asked_by", "asked_at", "refused_by", "refused_why"])
    tell("article.submitted", text.article, by=by, at=at, language=text.language)
    return draft


@transaction.atomic
def refuse_draft(*, text: ArticleText, why: str, by: User, at: datetime) -> ArticleVersion:
    """Send a draft back to its author, who reads why. Raises NoDraft, Invalid, NotAllowed, NotFound."""
    require(by, PUBLISH, text.article)
    if not (why := " ".join(why.split())) or len(why) > 500:
        raise Invalid(_("Say what is missing, in at most 500 characters."), pointer="why")
    draft = draft_of(text)
    draft.asked_by, draft.asked_at, draft.refused_by, draft.refused_why = None, None, by, why
    draft.save(update_fields=["asked_by", "asked_at", "refused_by", "refused_why"])
    tell("article.refused", text.article, by=by, at=at, language=text.language)
    return draft


@transaction.atomic
def publish_text(
    *, text: ArticleText, seen: datetime | None = None, read: bool = False, by: User, at: datetime
) -> ArticleText:
    """The draft is what readers see from here on. `seen`: when the draft was written that the caller has read;
    `read`: they say it names no customer, which a draft made from a ticket needs.

    Raises NoDraft, DraftMoved, NotRead, Invalid, NotAllowed, NotFound.
    """
    require(by, PUBLISH, text.article)
    draft = draft_of(text)
    if seen is not None and draft.made_at != seen:
        raise DraftMoved
    if draft.from_ticket and not read:
        raise NotRead(pointer="read")
    _has_words(draft)
    text = held(text)
    for name in WORDS:
        setattr(text, name, draft.words[name])
    text.version += 1
    text.tells_version, text.is_published, text.published_at = draft.tells_version, True, at
    text.save()
    ArticleText.objects.filter(pk=text.pk).update(search=_vector(text))
    draft.number, draft.asked_by, draft.asked_at, draft.refused_why = text.version, None, None, ""
    draft.save(update_fields=["number", "asked_by", "asked_at", "refused_why"])
    tell("article.published", text.article, by=by, at=at, language=text.language, version=text.version)
    return text


def _has_words(draft: ArticleVersion) -> None:
    if not draft.words["body"]:
        raise Invalid(_("Write the answer first."), pointer="body")


def _vector(text: ArticleText) -> Any:
    """Stemmed as the language is, and as it stands, so that names and codes are found too."""
    said = {"title": text.title, "summary": text.summary, "body": words_of(text.body)}
    configs = dict.fromkeys((config_of(text.language), "simple"))
    return reduce(
        add,
        [
            SearchVector(Value(said[name]), config=config, weight=weight)
            for name, weight in WEIGHTS.items()
            for config in configs
        ],
    )


@transaction.atomic
def withdraw_text(*, text: ArticleText, by: User, at: datetime) -> ArticleText:
    """Nobody outside reads it in this language any more; its versions stay. Raises NotPublished, NotAllowed."""
    require(by, PUBLISH, text.article)
    locked(text.article)
    if not ArticleText.objects.published().filter(pk=text.pk).update(is_published=False):
        raise NotPublished
    text.is_published = False
    tell("article.withdrawn", text.article, by=by, at=at, language=text.language)
    return text


@transaction.atomic
def discard_draft(*, text: ArticleText, by: User, at: datetime) -> None:
    """The draft goes; what is published stays. An article of which nothing is left goes with it.

    Raises NoDraft, NotAllowed, NotFound.
    """
    require(by, WRITE, text.article)
    article = locked(text.article)
    draft_of(text).delete()
    tell("article.discarded", article, by=by, at=at, language=text.language)
    # As it is now: it may have been published since the caller read it.
    ArticleText.objects.filter(pk=text.pk, version=0).delete()
    if not article.texts.exists():
        forget_files(list(article.files.all()))
        article.delete()


@transaction.atomic
def restore_version(*, text: ArticleText, number: int, by: User, at: datetime) -> ArticleVersion:
    """The words of an earlier version become the draft. Raises Invalid, NotAllowed, NotFound."""
    require(by, WRITE, text.article)
    kept = ArticleVersion.objects.filter(text=text, number=number).first()
    if kept is None:
        raise Invalid(_("There is no such version."), pointer="number")
    return draft_text(article=text.article, language=text.language, words=kept.words, by=by, at=at)


@transaction.atomic
def confirm_translation(*, text: ArticleText, by: User, at: datetime) -> ArticleText:
    """Somebody compared it: the translation still says what its source says now. Raises NotPublished, NotAllowed."""
    require(by, PUBLISH, text.article)
    locked(text.article)
    if not text.is_published:
        raise NotPublished
    text.tells_version = _source_version(text)
    text.save(update_fields=["tells_version"])
    tell("article.changed", text.article, by=by, at=at, changed=["tells_version"], language=text.language)
    return text
