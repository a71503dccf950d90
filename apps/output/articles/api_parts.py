"""Which parts of an issue that was split an article answers, by API: the same as its page."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from apps.output.articles import services
from apps.output.articles.models import Article, SplitQuestion
from apps.output.articles.queries import title_of, visible_article
from apps.output.articles.queries_parts import questions_for, questions_on
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.errors import Invalid
from helpdesk.http import ApiRequest
from helpdesk.models import Issue
from helpdesk.permissions import require


class PartsIn(StrictSerializer):
    issue = serializers.CharField(max_length=200)
    parts = serializers.SlugRelatedField(slug_field="code", queryset=Issue.objects.all(), many=True)


class SplitQuestionOut(serializers.Serializer):
    """`issue` was split into `parts`: which of them does the article answer?"""

    article = serializers.IntegerField(source="article_id")
    issue = serializers.CharField(source="issue.code")
    parts = serializers.SerializerMethodField()
    asked_at = serializers.DateTimeField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_parts(self, row: SplitQuestion) -> list[str]:
        return [part.code for part in row.parts_in_use]


class TitledQuestionOut(SplitQuestionOut):
    title = serializers.SerializerMethodField()

    def get_title(self, row: SplitQuestion) -> str:
        return title_of(row.article)


class ArticleQuestions(ApiView):
    """Articles on issues that were split, of which the caller should say what they answer."""

    @extend_schema(responses=TitledQuestionOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        """Two hundred at most, the oldest first; on articles of the caller, of their department, and of none."""
        require(request.user, services.WRITE)
        return Response({"data": TitledQuestionOut(questions_for(request.user), many=True).data})


class ArticleParts(ApiView, verb="output.write_articles"):
    """What one article is still asked."""

    @extend_schema(responses=SplitQuestionOut(many=True))
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, services.READ)
        rows = questions_on(visible_article(pk, user=request.user))
        return Response({"data": SplitQuestionOut(rows, many=True).data})

    @extend_schema(request=PartsIn, responses=SplitQuestionOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Say which `parts` of `issue` it answers: those and no others. Who wrote it may, and who publishes."""
        return self.answer_once(request, lambda: self._said(request, pk))

    def _said(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, services.WRITE)
        article, given = visible_article(pk, user=request.user), taken(PartsIn(data=request.data))
        question = _asked(article, given["issue"])
        said: dict[str, Any] = {"parts": given["parts"], "by": request.user, "at": timezone.now()}
        return Response(SplitQuestionOut(services.say_parts(question=question, **said)).data)


def _asked(article: Article, code: str) -> SplitQuestion:
    """The last one about this issue, answered or not. Raises Invalid."""
    found = article.questions.filter(issue__code=code).select_related("issue").last()
    if found is None:
        raise Invalid("Nothing is asked of this article about this issue.", pointer="issue")
    return found
