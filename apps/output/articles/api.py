"""Articles by API: the same as their pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from apps.output.articles import services
from apps.output.articles.languages import LANGUAGES
from apps.output.articles.models import (
    MAX_BODY,
    MAX_SUMMARY,
    MAX_TITLE,
    WORDS,
    Article,
    ArticleText,
    Topic,
    Visibility,
)
from apps.output.articles.queries import (
    FILTERS,
    TextShown,
    in_full,
    narrowed,
    texts_of,
    visible_article,
    visible_text,
)
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Department, Issue
from helpdesk.permissions import require

READ = "output.articles"
ACTS = ("ask", "publish", "refuse", "withdraw", "discard", "restore", "confirm")


class ArticleWordsIn(StrictSerializer):
    title = serializers.CharField(max_length=MAX_TITLE)
    summary = serializers.CharField(max_length=MAX_SUMMARY, required=False, allow_blank=True, default="")
    body = serializers.CharField(max_length=MAX_BODY, required=False, allow_blank=True, default="")


class ArticleDraftIn(ArticleWordsIn):
    """`seen`: when the draft was made that you go on from (its `made_at`), or the version published; if somebody wrote
    since, it is refused."""

    seen = serializers.DateTimeField(required=False, allow_null=True, default=None)


class ArticleChangeIn(StrictSerializer):
    topic = serializers.SlugRelatedField(
        slug_field="slug", queryset=Topic.objects.all(), required=False, allow_null=True
    )
    visibility = serializers.ChoiceField(Visibility.choices, required=False)
    department = serializers.SlugRelatedField(
        slug_field="slug", queryset=Department.objects.all(), required=False, allow_null=True
    )
    issues = serializers.SlugRelatedField(
        slug_field="code", queryset=Issue.objects.all(), many=True, required=False
    )
    look_again_on = serializers.DateField(required=False, allow_null=True)


class ArticleIn(ArticleChangeIn, ArticleWordsIn):
    language = serializers.ChoiceField(LANGUAGES)


class ArticleActIn(StrictSerializer):
    act = serializers.ChoiceField(ACTS)
    why = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    number = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False, default=0)
    seen = serializers.DateTimeField(required=False, allow_null=True, default=None)
    names_nobody = serializers.BooleanField(required=False, default=False)


class ArticleVersionOut(serializers.Serializer):
    number = serializers.IntegerField(allow_null=True)
    words = ArticleWordsIn()
    made_by = serializers.EmailField(source="made_by.email")
    made_at = serializers.DateTimeField()


class ArticleDraftOut(ArticleVersionOut):
    asked_by = serializers.EmailField(source="asked_by.email", default=None)
    asked_at = serializers.DateTimeField(allow_null=True)
    refused_by = serializers.EmailField(source="refused_by.email", default=None)
    refused_why = serializers.CharField()
    from_ticket = serializers.BooleanField()


class ArticleTextOut(serializers.Serializer):
    language = serializers.CharField(source="text.language")
    title = serializers.CharField(source="text.title")
    summary = serializers.CharField(source="text.summary")
    body = serializers.CharField(source="text.body")
    version = serializers.IntegerField(source="text.version")
    tells_version = serializers.IntegerField(source="text.tells_version")
    is_behind = serializers.SerializerMethodField()
    is_published = serializers.BooleanField(source="text.is_published")
    published_at = serializers.DateTimeField(source="text.published_at", allow_null=True)
    draft = ArticleDraftOut(allow_null=True)

    def get_is_behind(self, row: TextShown) -> bool:
        return row.behind > 0


class ArticleOut(serializers.Serializer):
    id = serializers.IntegerField()
    source_language = serializers.CharField()
    topic = serializers.CharField(source="topic.slug", default=None)
    visibility = serializers.ChoiceField(Visibility.choices)
    department = serializers.CharField(source="department.slug", default=None)
    issues = serializers.SerializerMethodField()
    look_again_on = serializers.DateField(allow_null=True)
    made_at = serializers.DateTimeField()
    texts = serializers.SerializerMethodField()

    def get_issues(self, row: Article) -> list[str]:
        return [issue.code for issue in row.issues_in_use]

    @extend_schema_field(ArticleTextOut(many=True))
    def get_texts(self, row: Article) -> list[dict[str, Any]]:
        return list(ArticleTextOut(texts_of(row), many=True).data)


class TopicIn(StrictSerializer):
    slug = serializers.SlugField(max_length=60)
    names = serializers.DictField(child=serializers.CharField(max_length=80, allow_blank=True))
    position = serializers.IntegerField(min_value=0, max_value=999, required=False, default=0)


class TopicOut(serializers.Serializer):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())
    position = serializers.IntegerField()


class Articles(ApiView, verb="output.write_articles"):
    """Articles of the help centre, the newest first, drafts included."""

    @extend_schema(
        parameters=[OpenApiParameter("only", str, enum=[name for name in FILTERS if name])],
        responses=ArticleOut(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        require(request.user, READ)
        only = request.query_params.get("only", "")
        if only not in FILTERS:
            raise serializers.ValidationError({"only": [f"One of {', '.join(filter(None, FILTERS))}."]})
        rows = narrowed(Article.objects.visible_to(request.user), only=only, on=timezone.localdate())
        pages = Cursor()
        found = pages.paginate_queryset(in_full(rows).prefetch_related("issues"), request, self)
        return pages.get_paginated_response(ArticleOut(found, many=True).data)

    @extend_schema(request=ArticleIn, responses={201: ArticleOut})
    def post(self, request: ApiRequest) -> Response:
        """Begin an article with the draft of its first language."""
        return self.answer_once(request, lambda: self._made(request))

    def _made(self, request: ApiRequest) -> Response:
        given = taken(ArticleIn(data=request.data))
        row = services.add_article(
            language=given.pop("language"),
            words={name: given.pop(name) for name in WORDS},
            issues=given.pop("issues", ()),
            values=given,
            by=request.user,
            at=timezone.now(),
        )
        return _full(request, row.pk, status=201)


class OneArticle(ApiView, verb="output.write_articles"):
    """An article in all its languages."""

    @extend_schema(responses=ArticleOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, READ)
        return _full(request, pk)

    @extend_schema(request=ArticleChangeIn, responses=ArticleOut)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Who may read it and what it is about. Fields that are not sent stay."""
        row, given = _article(request, pk), taken(ArticleChangeIn(data=request.data))
        issues = given.pop("issues", None)
        services.change_article(article=row, values=given, issues=issues, by=request.user, at=timezone.now())
        return _full(request, pk)


class OneArticleText(ApiView, verb="output.write_articles"):
    """An article in one language: a translation is begun by its first draft."""

    @extend_schema(request=ArticleDraftIn, responses=ArticleOut)
    def put(self, request: ApiRequest, pk: int, language: str) -> Response:
        """Write the draft of the next version."""
        row, words = _article(request, pk), taken(ArticleDraftIn(data=request.data))
        services.draft_text(
            article=row,
            language=language,
            seen=words.pop("seen"),
            words=words,
            by=request.user,
            at=timezone.now(),
        )
        return _full(request, pk)

    @extend_schema(request=ArticleActIn, responses=ArticleOut)
    def post(self, request: ApiRequest, pk: int, language: str) -> Response:
        """`ask` for a review; `publish` the draft (`seen`: its `made_at` as read; `names_nobody` for one made from
        a ticket); `refuse` it with `why`; `withdraw` what is published; `discard` the draft; `restore` version `number`
        as the draft; `confirm` that a translation still says what its source says."""
        text, given = _text(request, pk, language), taken(ArticleActIn(data=request.data))
        who: dict[str, Any] = {"text": text, "by": request.user, "at": timezone.now()}
        match given["act"]:
            case "ask":
                services.ask_review(**who)
            case "publish":
                services.publish_text(**who, seen=given["seen"], read=given["names_nobody"])
            case "refuse":
                services.refuse_draft(**who, why=given["why"])
            case "withdraw":
                services.withdraw_text(**who)
            case "discard":
                services.discard_draft(**who)
            case "restore":
                services.restore_version(**who, number=given["number"])
            case "confirm":
                services.confirm_translation(**who)
        if not Article.objects.filter(pk=pk).exists():
            return Response(status=204)
        return _full(request, pk)


class ArticleVersions(ApiView):
    @extend_schema(responses=ArticleVersionOut(many=True))
    def get(self, request: ApiRequest, pk: int, language: str) -> Response:
        """Every published version in this language, the newest first."""
        require(request.user, READ)
        rows = _text(request, pk, language).versions.filter(number__isnull=False)
        found = rows.select_related("made_by").order_by("-number")
        return Response({"data": ArticleVersionOut(found, many=True).data})


class Topics(ApiView, verb="output.publish_articles"):
    """The shelves of the help centre."""

    @extend_schema(responses=TopicOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, READ)
        return Response({"data": TopicOut(Topic.objects.all(), many=True).data})

    @extend_schema(request=TopicIn, responses={201: TopicOut})
    def post(self, request: ApiRequest) -> Response:
        def add() -> Response:
            given = taken(TopicIn(data=request.data))
            row = services.save_topic(**given, by=request.user, at=timezone.now())
            return Response(TopicOut(row).data, status=201)

        return self.answer_once(request, add)


class OneTopic(ApiView, verb="output.publish_articles"):
    """One shelf."""

    @extend_schema(request=TopicIn, responses=TopicOut)
    def put(self, request: ApiRequest, pk: int) -> Response:
        row, given = get_object_or_404(Topic, pk=pk), taken(TopicIn(data=request.data))
        row = services.save_topic(topic=row, **given, by=request.user, at=timezone.now())
        return Response(TopicOut(row).data)

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """Only an empty one."""
        services.remove_topic(topic=get_object_or_404(Topic, pk=pk), by=request.user, at=timezone.now())
        return Response(status=204)


def _article(request: ApiRequest, pk: int) -> Article:
    require(request.user, READ)
    return visible_article(pk, user=request.user)


def _text(request: ApiRequest, pk: int, language: str) -> ArticleText:
    require(request.user, READ)
    return visible_text(pk, language, user=request.user)


def _full(request: ApiRequest, pk: int, status: int = 200) -> Response:
    return Response(ArticleOut(visible_article(pk, user=request.user)).data, status=status)
