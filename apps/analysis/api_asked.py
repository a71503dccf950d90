"""What calls of the analysis ask alike: the edition of the taxonomy, and the moment looked back to."""

from datetime import datetime

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from apps.analysis.provenance import moment
from helpdesk.http import ApiRequest

RELEASE = OpenApiParameter(
    "release", str, description="The edition of the taxonomy it is read in: its number, or `coded` for the codes as"
    " they were given; the present one without it",
)  # fmt: skip
AS_OF = OpenApiParameter("as_of", OpenApiTypes.DATETIME, description="A moment of the past; now without it")


def words_of(request: ApiRequest) -> dict[str, str]:
    """What is asked of the figures, and not of their place in time or of the answer's form."""
    asked = request.query_params.items()
    return {name: str(word) for name, word in asked if name not in ("as_of", "format")}


def as_of(request: ApiRequest) -> datetime:
    """Never a moment to come. Raises ValidationError for what is none."""
    now, asked = timezone.now(), request.query_params.get("as_of", "")
    if not asked:
        return now
    try:
        return min(moment(asked), now)
    except ValueError as error:
        raise serializers.ValidationError({"as_of": [str(error)]}) from error
