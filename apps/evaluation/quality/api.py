"""Quality by API: figures for whoever reads evaluation, and scorecards, as far as the caller may see them. The same
services as the pages; reviews and calibration have modules of their own."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.evaluation.models import (
    About,
    Scale,
    Scorecard,
)
from apps.evaluation.quality import api_out, figures, services
from apps.evaluation.quality.endpoint import QualityView
from apps.evaluation.quality.preset import Question
from apps.evaluation.quality.queries.scope import agents_shown
from apps.evaluation.quality.queries.team import team_quality
from apps.evaluation.queries import MONTHS, window
from apps.evaluation.queries.departments import compares_all, departments_for
from apps.evaluation.queries.figures import USUAL_MONTHS
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Department, User
from helpdesk.permissions import require


class QuestionIn(StrictSerializer):
    group = serializers.CharField(max_length=60)
    code = serializers.SlugField(max_length=40)
    question = serializers.CharField(max_length=200)
    looks_like = serializers.CharField(max_length=1_000, required=False, allow_blank=True, default="")
    scale = serializers.ChoiceField(choices=Scale.choices, default=Scale.YES_NO)
    weight = serializers.IntegerField(min_value=1, max_value=10, default=1)
    is_critical = serializers.BooleanField(default=False)
    about = serializers.ChoiceField(choices=About.choices, default=About.AGENT)


class ScorecardIn(StrictSerializer):
    department = serializers.SlugRelatedField(
        slug_field="slug", queryset=Department.objects.all(), required=False, allow_null=True, default=None
    )
    name = serializers.CharField(max_length=120, required=False)
    pass_mark = serializers.FloatField(min_value=0.01, max_value=1, required=False)
    criteria = QuestionIn(many=True, required=False)


class Quality(QualityView):
    """The weighted scores of drawn reviews with their intervals: departments, criteria, causes in the system; by agent
    for those whose reviews the caller writes. `company` to who compares all departments, `own` to the others. Of fewer
    than ten reviews the number alone."""

    @extend_schema(parameters=[OpenApiParameter("months", int, enum=MONTHS)], responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "evaluation.view")
        asked = request.query_params.get("months", str(USUAL_MONTHS))
        if asked not in map(str, MONTHS):
            raise serializers.ValidationError({"months": [f"One of {', '.join(map(str, MONTHS))}."]})
        everything, departments = compares_all(request.user), departments_for(request.user)
        agents_of = agents_shown(request.user)
        found = team_quality(
            window(months=int(asked), at=timezone.now()), departments=departments, whole_company=everything,
            agents_of=[one.pk for one in agents_of],
        )  # fmt: skip
        where = figures.quality_from(
            found, months=int(asked), departments=None if everything else departments, agents_of=agents_of
        )
        about = {"since": found.window.since, "as_of": where.as_of, "provenance": where.told}
        return Response(figures.quality_figures(found) | about)


class Scorecards(QualityView, verb="evaluation.manage"):
    """Every version the caller may read; posting drafts the next one of a department, or of all."""

    @extend_schema(operation_id="scorecards_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "evaluation.answer_review")
        rows = Scorecard.objects.visible_to(request.user).select_related("department")
        return Response({"data": [api_out.scorecard(one) for one in rows.order_by("-pk")[:200]]})

    @extend_schema(request=ScorecardIn, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: ApiRequest) -> Response:
        given = taken(ScorecardIn(data=request.data))

        def act() -> Response:
            made = services.draft_with(
                department=given["department"], **_asked(given), by=request.user, at=timezone.now()
            )
            return Response(_scorecard(made), status=201)

        return self.answer_once(request, act)


class OneScorecard(QualityView, verb="evaluation.manage"):
    """One version with its questions; a draft may be written anew, or discarded."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "evaluation.answer_review")
        return Response(_scorecard(_found_scorecard(request, pk)))

    @extend_schema(request=ScorecardIn, responses=OpenApiTypes.OBJECT)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        found = _found_scorecard(request, pk)
        _edit(found, taken(ScorecardIn(data=request.data)), request.user)
        return Response(_scorecard(_found_scorecard(request, pk)))

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        services.discard_scorecard(scorecard=_found_scorecard(request, pk), by=request.user)
        return Response(status=204)


class PublishScorecard(QualityView, verb="evaluation.manage"):
    """It is the form from now on."""

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: ApiRequest, pk: int) -> Response:
        found = _found_scorecard(request, pk)

        def act() -> Response:
            made = services.publish_scorecard(scorecard=found, by=request.user, at=timezone.now())
            return Response(_scorecard(made))

        return self.answer_once(request, act)


def _found_scorecard(request: ApiRequest, pk: int) -> Scorecard:
    rows = Scorecard.objects.visible_to(request.user).select_related("department")
    return get_object_or_404(rows, pk=pk)


def _edit(draft: Scorecard, given: dict[str, Any], by: User) -> Scorecard:
    return services.edit_scorecard(scorecard=draft, **_asked(given), by=by)


def _asked(given: dict[str, Any]) -> dict[str, Any]:
    questions = [Question(**one) for one in given["criteria"]] if "criteria" in given else None
    return {"name": given.get("name"), "pass_mark": given.get("pass_mark"), "questions": questions}


def _scorecard(row: Scorecard) -> dict[str, Any]:
    return api_out.scorecard(row) | {"criteria": [api_out.criterion(one) for one in row.criteria.all()]}
