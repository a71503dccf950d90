"""Evaluation's part of the API: how far codes can be trusted."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.evaluation import queries
from apps.evaluation.queries import figures
from helpdesk.api.endpoint import ApiView
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class CodingQuality(ApiView):
    """Two readers' agreement by issue, the four kinds of other, issues too alike or too large, model against person."""

    read_scope = "taxonomy:read"

    @extend_schema(
        parameters=[OpenApiParameter("months", int, enum=queries.MONTHS)], responses=OpenApiTypes.OBJECT
    )
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "evaluation.view")
        asked = request.query_params.get("months", str(figures.USUAL_MONTHS))
        if asked not in map(str, queries.MONTHS):
            raise serializers.ValidationError({"months": [f"One of {', '.join(map(str, queries.MONTHS))}."]})
        found = queries.coding_quality(queries.window(months=int(asked), at=timezone.now()))
        where = figures.quality_from(found, months=int(asked))
        about = {
            "since": found.window.since, "as_of": where.as_of, "taxonomy_release": where.release,
            "to_read": found.to_read, "to_settle": found.to_settle, "provenance": where.told,
        }  # fmt: skip
        return Response(figures.quality_figures(found) | about)
