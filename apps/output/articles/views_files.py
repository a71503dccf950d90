"""The pictures and files of an article: shown to its readers, removed by its writers."""

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.output.articles import services
from apps.output.articles.languages import main_part
from apps.output.articles.models import ArticleFile
from apps.output.articles.queries import is_shown_outside, visible_article
from apps.output.help_centre.queries import outside
from apps.output.help_centre.reader import reader_of
from helpdesk.acting import tried
from helpdesk.errors import NotFound
from helpdesk.http import PageRequest
from helpdesk.models import User
from helpdesk.permissions import may, require


@require_GET
def article_file(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """A picture as one, all else as a download. Outside only what a published text shows."""
    row = ArticleFile.objects.select_related("article").filter(pk=file, article=pk).first()
    if row is None or not _may_read(request, row):
        raise NotFound
    return file_response(row)


def file_response(row: ArticleFile) -> FileResponse:
    response = FileResponse(
        default_storage.open(row.place), as_attachment=not row.is_picture, filename=row.name,
        content_type=row.content_type,
    )  # fmt: skip
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _may_read(request: HttpRequest, row: ArticleFile) -> bool:
    reader, user = reader_of(request), request.user
    if reader.is_colleague and isinstance(user, User) and row.article.is_visible_to(user):
        return may(user, services.READ)
    return outside(known=reader.is_known).filter(pk=row.article_id).exists() and is_shown_outside(row)


@login_required
@require_POST
def remove_article_file(request: PageRequest, pk: int, file: int) -> HttpResponse:
    require(request.user, services.WRITE)
    row = get_object_or_404(ArticleFile, pk=file, article=visible_article(pk, user=request.user))
    tried(
        request,
        lambda: services.remove_file(file=row, by=request.user, at=timezone.now()),
        _("“%(name)s” is gone.") % {"name": row},
    )
    language = main_part(request.POST.get("language", "")) or row.article.source_language
    return redirect("edit_article_text", pk=pk, language=language)
