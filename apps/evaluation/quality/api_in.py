"""Marks of a form, as the API takes them."""

from typing import Any

from rest_framework import serializers

from apps.evaluation.quality.services import Given
from helpdesk.api.parsing import StrictSerializer


class MarkIn(StrictSerializer):
    """`value` null: it does not apply."""

    value = serializers.IntegerField(min_value=0, max_value=4, allow_null=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class MarksIn(StrictSerializer):
    marks = serializers.DictField(child=MarkIn(), required=True)

    def validate_marks(self, given: dict[str, Any]) -> dict[str, Given]:
        return {code: Given(one["value"], one["note"]) for code, one in given.items()}
