"""The prevention ledger by API."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis.api_origins import ProvenanceOut
from apps.analysis.queries.ledger import visible_ledger
from helpdesk.api.endpoint import ApiView
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class SavedOut(serializers.Serializer):
    low = serializers.FloatField()
    likely = serializers.FloatField()
    high = serializers.FloatField()


class FixOut(serializers.Serializer):
    case = serializers.IntegerField(source="case.pk")
    title = serializers.CharField(source="case.title")
    department = serializers.CharField()
    verdict = serializers.IntegerField(source="verdict.pk")
    promised = serializers.FloatField()
    proven = serializers.FloatField()
    since = serializers.DateField(source="verdict.window_start")
    until = serializers.DateField(allow_null=True)
    a_quarter = SavedOut(source="holding", allow_null=True)
    saved = SavedOut(allow_null=True)
    cost = serializers.DecimalField(14, 2, allow_null=True)
    waited_days = serializers.IntegerField()
    cost_of_waiting = serializers.FloatField(allow_null=True)


class QuarterOut(serializers.Serializer):
    quarter = serializers.CharField(source="name")
    department = serializers.CharField()
    saved = SavedOut()
    fixes = serializers.IntegerField()


class LedgerOut(serializers.Serializer):
    as_of = serializers.DateField()
    saved = SavedOut()
    a_quarter = SavedOut(source="running")
    quarters = QuarterOut(many=True)
    fixes = FixOut(many=True)
    provenance = ProvenanceOut()


class Ledger(ApiView):
    """The prevention ledger: what proven fixes saved, while each proof held. A row without department is the whole."""

    read_scope = "cases:read"

    @extend_schema(responses=LedgerOut)
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "analysis.view")
        found, where = visible_ledger(request.user, at=timezone.now())
        return Response(LedgerOut(vars(found) | {"provenance": where.told}).data)
