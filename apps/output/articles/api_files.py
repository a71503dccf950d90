"""The pictures and files of an article by API."""

from django.http import FileResponse, Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api.views import RawBody
from apps.intake.files import File
from apps.output.articles import services
from apps.output.articles.models import ArticleFile
from apps.output.articles.queries import visible_article
from apps.output.articles.views_files import file_response
from helpdesk.api.endpoint import ApiView
from helpdesk.http import ApiRequest
from helpdesk.links import absolute
from helpdesk.permissions import require


class ArticleFileOut(serializers.Serializer):
    """`markdown` is the line that puts it into the words; readers outside find it at `url` once it is published."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    markdown = serializers.CharField()
    url = serializers.SerializerMethodField()
    made_by = serializers.EmailField(source="made_by.email")
    made_at = serializers.DateTimeField()

    def get_url(self, row: ArticleFile) -> str:
        return absolute("article_file", pk=row.article_id, file=row.pk)


class ArticleFiles(ApiView, verb="output.write_articles"):
    """The pictures and files of an article, whether its words show them or not."""

    parser_classes = (RawBody,)

    @extend_schema(responses=ArticleFileOut(many=True))
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, services.READ)
        rows = visible_article(pk, user=request.user).files.select_related("made_by")
        return Response({"data": ArticleFileOut(rows, many=True).data})

    @extend_schema(
        parameters=[OpenApiParameter("filename", str, required=True)],
        request={"application/octet-stream": bytes},
        responses={201: ArticleFileOut},
    )
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Send the file itself as the body. Readers see it once a published text has its `markdown`."""
        require(request.user, services.READ)
        name = request.query_params.get("filename", "")
        content: bytes = request.data["content"] if isinstance(request.data, dict) else b""
        if not name or not content:
            raise serializers.ValidationError({"filename": ["Name the file, and send it as the body."]})
        article = visible_article(pk, user=request.user)
        rows = services.add_files(
            article=article, files=[File(name, "", content)], by=request.user, at=timezone.now()
        )
        return Response(ArticleFileOut(rows[0]).data, status=201)


class OneArticleFile(ApiView, verb="output.write_articles"):
    """One of them."""

    @extend_schema(responses={(200, "application/octet-stream"): bytes})
    def get(self, request: ApiRequest, pk: int, file: int) -> FileResponse:
        """The file itself."""
        require(request.user, services.READ)
        return file_response(self._row(request, pk, file))

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int, file: int) -> Response:
        """For good. Refused with 409 while the draft or the published words of any language show it."""
        require(request.user, services.READ)
        row = self._row(request, pk, file)
        services.remove_file(file=row, by=request.user, at=timezone.now())
        return Response(status=204)

    def _row(self, request: ApiRequest, pk: int, file: int) -> ArticleFile:
        row = visible_article(pk, user=request.user).files.filter(pk=file).first()
        if row is None:
            raise Http404
        return row
