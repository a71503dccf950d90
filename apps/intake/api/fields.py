"""Fields that name a row by its code, and values that PostgreSQL can keep."""

import json
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from helpdesk.models import Department, Issue, Product, Severity

MAX_CUSTOM = 32_000  # characters of JSON
SEVERITIES = {label.lower(): value for value, label in Severity.choices}


class Code(serializers.CharField):
    """A row by its code. `None` and an empty text mean: not given."""

    def __init__(self, what: str, **options: Any) -> None:
        super().__init__(required=False, allow_blank=True, allow_null=True, **options)
        self.what = what

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(data) or None  # an empty text never reaches `to_internal_value`

    def to_internal_value(self, data: Any) -> Any:
        code = super().to_internal_value(data)
        found = self.find(code)
        if found is None:
            raise serializers.ValidationError(f"There is no {self.what} {code[:80]}.", "unknown")
        return found

    def find(self, code: str) -> Any:
        raise NotImplementedError


class IssueCode(Code):
    def find(self, code: str) -> Issue | None:
        usable = Issue.objects.valid(timezone.localdate()).leaves()
        return usable.select_related("owner_department").filter(code=code).first()


class ProductCode(Code):
    def find(self, code: str) -> Product | None:
        return Product.objects.filter(code=code, is_active=True).first()


class DepartmentSlug(Code):
    def find(self, code: str) -> Department | None:
        return Department.objects.filter(slug=code).first()


@extend_schema_field(
    {"oneOf": [{"type": "string", "enum": [*SEVERITIES]}, {"type": "integer", "minimum": 1, "maximum": 4}]}
)
class SeverityName(serializers.Field):
    """`critical`, `high`, `normal`, `low`, or 1 to 4."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, str) and data.lower() in SEVERITIES:
            return SEVERITIES[data.lower()]
        if isinstance(data, int) and not isinstance(data, bool) and data in Severity.values:
            return data
        raise serializers.ValidationError("One of critical, high, normal, low.", "invalid_choice")

    def to_representation(self, value: int) -> str:
        return Severity(value).name.lower()


class Custom(serializers.JSONField):
    """Fields of your own: a JSON object that PostgreSQL can keep."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise serializers.ValidationError("An object: names and values.")
        try:
            text = json.dumps(data, allow_nan=False, ensure_ascii=False)
            text.encode()
        except (ValueError, RecursionError) as error:
            raise serializers.ValidationError(
                "Holds a number that is infinite, half a character, or too many levels."
            ) from error
        if len(text) > MAX_CUSTOM:
            raise serializers.ValidationError(f"At most {MAX_CUSTOM:,} characters of JSON.", "max_length")
        return data
