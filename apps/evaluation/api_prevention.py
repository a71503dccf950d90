"""Departments' prevention scores, incentive statements and bonus rules by API."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis.provenance import plain
from apps.evaluation import services
from apps.evaluation.acts import act_on
from apps.evaluation.models import BonusRule, Statement, StatementAct
from apps.evaluation.queries.departments import departments_for
from apps.evaluation.queries.quarters import Quarter, last_whole
from apps.evaluation.queries.scoreboard import Row, board, statements_for
from apps.evaluation.reckoned import kept, read_kept
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Department
from helpdesk.permissions import require


class QuarterField(serializers.CharField):
    """“2026-Q2”."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return Quarter.read(super().to_internal_value(data))
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


class QuarterAsked(serializers.Serializer):
    quarter = QuarterField(required=False)


class StatementActOut(serializers.Serializer):
    act = serializers.CharField()
    guard = serializers.CharField()
    reason = serializers.CharField()
    by = serializers.CharField(source="by.email")
    at = serializers.DateTimeField()


class StatementOut(serializers.Serializer):
    id = serializers.IntegerField()
    department = serializers.CharField(source="department.slug")
    quarter = serializers.CharField(source="name")
    edition = serializers.IntegerField()
    state = serializers.CharField()
    score = serializers.FloatField(allow_null=True)
    inputs = serializers.JSONField()
    parts = serializers.JSONField(source="read_parts")
    guards = serializers.JSONField(source="read_guards")
    words = serializers.CharField()
    would_pay = serializers.DecimalField(12, 2, allow_null=True)
    pays = serializers.DecimalField(12, 2, allow_null=True)
    digest = serializers.CharField()
    drafted_at = serializers.DateTimeField()
    acts = serializers.SerializerMethodField()

    def get_acts(self, statement: Statement) -> list[dict[str, Any]]:
        return list(StatementActOut(statement.acts.all(), many=True).data)


class StatementIn(StrictSerializer):
    department = serializers.SlugRelatedField(slug_field="slug", queryset=Department.objects.all())
    quarter = QuarterField()


class StatementActIn(StrictSerializer):
    act = serializers.ChoiceField(StatementAct.Act.choices)
    guard = serializers.CharField(required=False, allow_blank=True, default="", max_length=12)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2_000)


class BonusRuleIn(StrictSerializer):
    department = serializers.SlugRelatedField(
        slug_field="slug", queryset=Department.objects.all(), required=False, allow_null=True, default=None
    )
    words = serializers.CharField(max_length=2_000)
    least = serializers.FloatField(min_value=0, max_value=100)
    full = serializers.DecimalField(12, 2, min_value=0)


class BonusRuleOut(serializers.Serializer):
    id = serializers.IntegerField()
    department = serializers.CharField(source="department.slug", default=None)
    words = serializers.CharField()
    least = serializers.FloatField()
    full = serializers.DecimalField(12, 2)
    set_at = serializers.DateTimeField()


class Prevention(ApiView):
    """What each department prevented in a quarter, the score it gives, and the guards beside it."""

    read_scope = "cases:read"

    @extend_schema(
        parameters=[OpenApiParameter("quarter", str, description="2026-Q2; the last whole one without it")],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "evaluation.view")
        at = timezone.now()
        quarter = taken(QuarterAsked(data=request.query_params)).get("quarter") or last_whole(at)
        if quarter.since > at or quarter.first.year < 2000:
            raise serializers.ValidationError({"quarter": ["This quarter has not begun, or is long gone."]})
        found = board(quarter, departments=departments_for(request.user), at=at)
        return Response(
            {"quarter": quarter.name, "as_of": found.as_of, "data": [_row(row) for row in found.rows]}
        )


class Statements(ApiView, verb="evaluation.reward"):
    """Incentive statements this token may read, the newest first; posting drafts one where none stands."""

    read_scope, write_scope = "cases:read", "cases:write"

    @extend_schema(responses=StatementOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "evaluation.view")
        pages = Cursor()
        rows = pages.paginate_queryset(statements_for(request.user), request, view=self)
        return pages.get_paginated_response(StatementOut(rows, many=True).data)

    @extend_schema(request=StatementIn, responses={201: StatementOut})
    def post(self, request: ApiRequest) -> Response:
        given = taken(StatementIn(data=request.data))

        def act() -> Response:
            made = services.draft_statement(**given, by=request.user, at=timezone.now())
            return Response(StatementOut(Statement.objects.with_acts().get(pk=made.pk)).data, status=201)

        return self.answer_once(request, act)


class OneStatement(ApiView):
    """One incentive statement as it was reckoned, and what became of it."""

    read_scope = "cases:read"

    @extend_schema(responses=StatementOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "evaluation.view")
        return Response(StatementOut(get_object_or_404(statements_for(request.user), pk=pk)).data)


class Acts(ApiView, verb="evaluation.view"):
    """Issue a statement, settle a broken guard, or withdraw it."""

    write_scope = "cases:write"

    @extend_schema(request=StatementActIn, responses=StatementOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        statement = get_object_or_404(statements_for(request.user), pk=pk)
        given = taken(StatementActIn(data=request.data))

        def act() -> Response:
            row = act_on(statement=statement, **given, by=request.user, at=timezone.now())
            return Response(StatementOut(row).data)

        return self.answer_once(request, act)


class BonusRules(ApiView, verb="evaluation.reward"):
    """What the company gives for a score; posting sets the rule of a department, or with none named that of all."""

    read_scope, write_scope = "cases:read", "cases:write"

    @extend_schema(responses=BonusRuleOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "evaluation.reward")
        rows = BonusRule.objects.select_related("department")
        return Response({"data": BonusRuleOut(rows, many=True).data})

    @extend_schema(request=BonusRuleIn, responses=BonusRuleOut)
    def post(self, request: ApiRequest) -> Response:
        given = taken(BonusRuleIn(data=request.data))

        def act() -> Response:
            rule = services.set_bonus_rule(**given, by=request.user, at=timezone.now())
            return Response(BonusRuleOut(rule).data)

        return self.answer_once(request, act)


def _row(row: Row) -> dict[str, Any]:
    return {
        "department": row.department.slug,
        "score": row.score.value,
        "trend": list(row.trend),
        "inputs": plain(row.inputs),
        "parts": read_kept(kept(row.score.parts)),
        "guards": read_kept(kept(row.guards)),
        "would_pay": row.would_pay,
    }
