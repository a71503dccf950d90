"""The self-assessment by API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.awareness import services
from apps.awareness.maturity import BY_CODE, Grade
from apps.awareness.models import MaturityAssessment
from apps.awareness.queries.maturity import Row, maturity
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class GradeIn(StrictSerializer):
    activity = serializers.ChoiceField(sorted(BY_CODE))
    grade = serializers.ChoiceField([grade.value for grade in Grade])
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=2_000)


class AssessmentIn(StrictSerializer):
    grades = GradeIn(many=True)


class GradeOut(serializers.Serializer):
    activity = serializers.CharField()
    grade = serializers.CharField()
    suggested = serializers.CharField()
    evidence = serializers.JSONField()
    note = serializers.CharField()


class AssessmentOut(serializers.Serializer):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = serializers.CharField(source="by.email")
    grades = GradeOut(many=True)


class Maturity(ApiView):
    """What the desk shows for each activity now, the grade that suggests, and the one given last."""

    read_scope = "cases:read"

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "evaluation.view")
        at = timezone.now()
        rows, _ = maturity(at=at)
        return Response({"as_of": at, "data": [_row(row) for row in rows]})


class Assessments(ApiView, verb="evaluation.manage"):
    """Every assessment, the newest first; posting one grades every activity."""

    read_scope, write_scope = "cases:read", "cases:write"

    @extend_schema(responses=AssessmentOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "evaluation.view")
        kept = MaturityAssessment.objects.select_related("by").prefetch_related("grades")
        pages = Cursor()
        return pages.get_paginated_response(
            AssessmentOut(pages.paginate_queryset(kept, request, view=self), many=True).data
        )

    @extend_schema(request=AssessmentIn, responses={201: AssessmentOut})
    def post(self, request: ApiRequest) -> Response:
        form = AssessmentIn(data=request.data)
        form.is_valid(raise_exception=True)
        given: list[dict[str, str]] = form.validated_data["grades"]

        def act() -> Response:
            made = services.assess_maturity(
                grades={row["activity"]: row["grade"] for row in given},
                notes={row["activity"]: row["note"] for row in given},
                by=request.user,
                at=timezone.now(),
            )
            return Response(AssessmentOut(made).data, status=201)

        return self.answer_once(request, act)


def _row(row: Row) -> dict[str, Any]:
    looked = row.looked
    return {
        "activity": looked.activity.code, "function": looked.activity.function, "label": looked.activity.label,
        "suggested": looked.suggested.value, "grade": row.last.grade if row.last else None,
        "evidence": [
            {
                "name": shown.piece.name, "says": shown.piece.says, "unit": shown.piece.unit, "value": shown.value,
                "satisfactory_from": shown.piece.fair, "best_from": shown.piece.best,
            }
            for shown in looked.shown
        ],
    }  # fmt: skip
