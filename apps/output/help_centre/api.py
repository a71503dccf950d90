"""What visitors looked for and whether it helped, by API: the same figures as the report."""

from datetime import datetime, timedelta

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.output.help_centre.queries import article_figures, deflection_since, searches_since
from helpdesk.api.endpoint import ApiView
from helpdesk.http import ApiRequest
from helpdesk.permissions import require

READ = "output.help_report"
LONGEST = 400  # days; visits are kept no longer
DAYS = OpenApiParameter(
    "days", int, description=f"How far back, at most {LONGEST}; 90 unless you say otherwise"
)


class HelpShareOut(serializers.Serializer):
    """A share, and its 90 % interval."""

    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class DeflectionOut(serializers.Serializer):
    """Of the visits that looked for something, opened an article and are over: the lower bound `said_helped`, the upper
    bound `did_not_write`."""

    visits = serializers.IntegerField()
    said_helped = serializers.IntegerField()
    did_not_write = serializers.IntegerField()
    said_no = serializers.IntegerField()
    wrote = serializers.IntegerField()
    not_over = serializers.IntegerField()
    lower = HelpShareOut(allow_null=True)
    upper = HelpShareOut(allow_null=True)


class ArticleFiguresOut(serializers.Serializer):
    article = serializers.IntegerField(source="article.pk")
    title = serializers.CharField()
    opened = serializers.IntegerField()
    suggested = serializers.IntegerField()
    yes = serializers.IntegerField()
    no = serializers.IntegerField()
    helped = HelpShareOut(allow_null=True)
    requests_that_followed = serializers.IntegerField(source="wrote")
    words = serializers.ListField(child=serializers.CharField())


class HelpFiguresOut(serializers.Serializer):
    since = serializers.DateTimeField()
    deflection = DeflectionOut()
    articles = ArticleFiguresOut(many=True)


class HelpSearchOut(serializers.Serializer):
    query = serializers.CharField()
    language = serializers.CharField()
    times = serializers.IntegerField()
    last_at = serializers.DateTimeField()


class HelpFigures(ApiView):
    @extend_schema(parameters=[DAYS], responses=HelpFiguresOut)
    def get(self, request: ApiRequest) -> Response:
        """How many did not need to write, as a range, and how each article fares."""
        require(request.user, READ)
        since = _since(request)
        told = {
            "since": since,
            "deflection": deflection_since(since),
            "articles": article_figures(since),
        }
        return Response(HelpFiguresOut(told).data)


class HelpSearches(ApiView):
    @extend_schema(
        parameters=[DAYS, OpenApiParameter("only", str, enum=["in_vain", "not_opened", "wrote_anyway"])],
        responses=HelpSearchOut(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        """What was looked for without a result (`in_vain`, the default), found and not opened, or before a request."""
        require(request.user, READ)
        lists = searches_since(_since(request))
        only = request.query_params.get("only", "in_vain")
        if only not in lists:
            raise serializers.ValidationError({"only": [f"One of {', '.join(lists)}."]})
        return Response({"data": HelpSearchOut(lists[only](), many=True).data})


def _since(request: ApiRequest) -> datetime:
    asked = request.query_params.get("days", "90")
    if not asked.isdecimal() or len(asked) > 3 or not 1 <= int(asked) <= LONGEST:
        raise serializers.ValidationError({"days": [f"A whole number from 1 to {LONGEST}."]})
    return timezone.now() - timedelta(days=int(asked))
