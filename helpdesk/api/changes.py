"""What was changed in how the desk is set up, by API."""

from django.utils.dateparse import parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from helpdesk.api.endpoint import SetUpView
from helpdesk.changes import changes, tables
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class DifferenceOut(serializers.Serializer):
    field = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class SetUpChangeOut(serializers.Serializer):
    kind = serializers.CharField()
    row = serializers.IntegerField()
    name = serializers.CharField()
    is_new = serializers.BooleanField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    differences = DifferenceOut(many=True)


class Changes(SetUpView):
    """The newest fifty changes of how the desk is set up: who, when, from what to what."""

    read_scope = "admin"

    @extend_schema(
        operation_id="changes",
        parameters=[
            OpenApiParameter("kind", str, description="Of one kind alone: rules, policies, states ..."),
            OpenApiParameter("until", OpenApiTypes.DATETIME, description="Those before this moment."),
        ],
        responses=SetUpChangeOut(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "helpdesk.changes")
        kind, until = request.query_params.get("kind", ""), request.query_params.get("until", "")
        if kind and kind not in tables():
            raise serializers.ValidationError({"kind": [f"One of {', '.join(tables())}."]})
        try:
            moment = parse_datetime(until) if until else None
        except ValueError:
            moment = None
        if until and (moment is None or moment.tzinfo is None):
            raise serializers.ValidationError({"until": ["A moment such as 2026-05-01T10:00:00Z."]})
        return Response({"data": SetUpChangeOut(changes(kind=kind, until=moment), many=True).data})
