"""Pictures and files of an article: kept, and removed once nothing shows them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from apps.intake.files import File, check_files, clean_name
from apps.output.articles.markup import files_named
from apps.output.articles.models import Article, ArticleFile, ArticleVersion
from apps.output.articles.pictures import Picture, picture_in
from apps.output.articles.services.rows import PUBLISH, WRITE, locked, tell
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import User
from helpdesk.models.attachment import store
from helpdesk.permissions import require

MOST_FILES = 50


class FileInUse(DomainError):
    """The article shows this file. Take its line out of the words first."""

    code = "file-in-use"


@transaction.atomic
def add_files(*, article: Article, files: Sequence[File], by: User, at: datetime) -> list[ArticleFile]:
    """Keep files for an article; readers see them once its published words name them.

    Raises Invalid, TooManyFiles, FileTooLarge, TooManyPixels, NotAllowed, NotFound.
    """
    require(by, WRITE, article)
    check_files(files)
    pictures = [picture_in(file.content) for file in files]  # takes a while: before anything is locked
    article = locked(article)
    if article.files.count() + len(files) > MOST_FILES:
        raise Invalid(
            _("An article has at most %(most)s pictures and files.") % {"most": MOST_FILES}, pointer="files"
        )
    rows = [_kept(article, file, picture, by, at) for file, picture in zip(files, pictures, strict=True)]
    if rows:
        tell("article.changed", article, by=by, at=at, changed=["files"])
    return rows


def _kept(article: Article, file: File, picture: Picture | None, by: User, at: datetime) -> ArticleFile:
    """The bytes first: killed in between, they lie on their shelf and nothing names them."""
    content = picture.content if picture else file.content
    return ArticleFile.objects.create(
        article=article,
        name=clean_name(file.name),
        content_type=picture.content_type if picture else "application/octet-stream",
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        size=len(content),
        sha256=store(content, shelf=ArticleFile.SHELF),
        made_by=by,
        made_at=at,
    )


@transaction.atomic
def remove_file(*, file: ArticleFile, by: User, at: datetime) -> None:
    """For good: versions from before that named it say its words alone. What was published is changed by those who
    publish. Raises FileInUse, NotAllowed, NotFound."""
    require(by, WRITE, file.article)
    article = locked(file.article)
    if article.texts.filter(version__gt=0).exists():
        require(by, PUBLISH)
    drafts = ArticleVersion.objects.filter(text__article=article, number=None)
    shown = [
        *article.texts.published().values_list("body", flat=True),
        *(row.words["body"] for row in drafts),
    ]
    if file.pk in files_named(*shown):
        raise FileInUse
    forget_files([file])
    tell("article.changed", article, by=by, at=at, changed=["files"])


def forget_files(files: Iterable[ArticleFile]) -> None:
    """The rows, and bytes that no other article names."""
    places = {file.sha256: file.place for file in files}
    ArticleFile.objects.filter(pk__in=[file.pk for file in files]).delete()
    kept = set(ArticleFile.objects.filter(sha256__in=places).values_list("sha256", flat=True))
    # Before the rows are committed: killed in between, it is done again, and what is gone stays gone.
    for digest in places.keys() - kept:
        default_storage.delete(places[digest])
