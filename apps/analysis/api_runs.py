"""The analysis is run by API: asked for, and how far it is."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis import services
from apps.analysis.models import AnalysisRun
from helpdesk.api.endpoint import ApiView
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class RunOut(serializers.Serializer):
    id = serializers.IntegerField()
    day = serializers.DateField()
    state = serializers.CharField()
    pieces_done = serializers.IntegerField()
    pieces = serializers.IntegerField()
    raised = serializers.IntegerField()
    updated = serializers.IntegerField()
    sentence = serializers.CharField()
    asked_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class Runs(ApiView, verb="analysis.run"):
    read_scope = "cases:read"
    write_scope = "cases:write"

    @extend_schema(request=None, responses={202: RunOut})
    def post(self, request: ApiRequest) -> Response:
        """Have the last whole day analysed; asked for twice, it is done once."""
        run = services.ask_for_run(by=request.user, at=timezone.now())
        return Response(RunOut(run).data, status=202)


class OneRun(ApiView):
    """How far it is, and what it found."""

    read_scope = "cases:read"

    @extend_schema(responses=RunOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "analysis.run")
        return Response(RunOut(get_object_or_404(AnalysisRun, pk=pk)).data)
