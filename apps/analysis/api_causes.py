"""How causes, what they predict and what the tickets said of that read in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.analysis.api_origins import ProvenanceOut
from apps.analysis.models import Trial
from apps.analysis.queries import origins


class TrialOut(serializers.Serializer):
    """What the tickets said of a prediction."""

    finding = serializers.CharField()
    sentence = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    tickets = serializers.FloatField()
    inside = serializers.FloatField(allow_null=True)
    expected = serializers.FloatField(allow_null=True)
    ratio = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    p = serializers.FloatField(allow_null=True)
    dispersion = serializers.FloatField(allow_null=True)
    changed_on = serializers.DateField(allow_null=True)
    changed_from = serializers.DateField(allow_null=True)
    changed_until = serializers.DateField(allow_null=True)
    entries = serializers.ListField(child=serializers.CharField())
    release = serializers.IntegerField(source="release_id", allow_null=True)
    method = serializers.CharField()
    made_at = serializers.DateTimeField()
    provenance = serializers.SerializerMethodField()

    @extend_schema_field(ProvenanceOut)
    def get_provenance(self, row: Trial) -> dict[str, Any]:
        return origins.of_trial(row).told


class PredictionOut(serializers.Serializer):
    """What must show in the tickets if a cause is the true one."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    words = serializers.CharField(source="__str__")
    dimension = serializers.CharField()
    value = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    entry = serializers.IntegerField(source="entry_id", allow_null=True)
    lag_days = serializers.IntegerField()
    trials = TrialOut(many=True)


class CauseOut(serializers.Serializer):
    id = serializers.IntegerField()
    parent = serializers.IntegerField(source="parent_id", allow_null=True)  # type: ignore[assignment]
    path = serializers.CharField()
    text = serializers.CharField()
    cause_class = serializers.CharField()
    category = serializers.CharField(source="bone")
    state = serializers.CharField()
    evidence = serializers.CharField()
    predictions = PredictionOut(many=True)
