"""Whom we ask how it was, what came back, and unhappy customers, by API."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.control import queries_asking as queries
from apps.control import services
from apps.control.models import AskLimits, AskRule, FollowUp
from helpdesk.api.endpoint import ApiView, SetUpView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Channel, Department, Issue, Ticket, User
from helpdesk.permissions import require

USUAL_DAYS, MOST_DAYS = 90, 3_660


class AskRuleIn(StrictSerializer):
    issue = serializers.SlugRelatedField(
        slug_field="code", queryset=Issue.objects.all(), required=False, allow_null=True, default=None
    )
    department = serializers.SlugRelatedField(
        slug_field="slug", queryset=Department.objects.all(), required=False, allow_null=True, default=None
    )
    channel = serializers.ChoiceField(Channel.choices, required=False, allow_blank=True, default="")
    share = serializers.FloatField(min_value=0, max_value=1)
    order = serializers.IntegerField(min_value=0, max_value=32_767, required=False, default=100)


class AskRuleOut(serializers.Serializer):
    id = serializers.IntegerField()
    order = serializers.IntegerField()
    issue = serializers.CharField(source="issue.code", default=None)
    department = serializers.CharField(source="department.slug", default=None)
    channel = serializers.CharField()
    share = serializers.FloatField()
    set_at = serializers.DateTimeField()


class LimitsSerializer(StrictSerializer):
    rest_days = serializers.IntegerField(min_value=1, max_value=365)
    most_a_day = serializers.IntegerField(min_value=1, max_value=1_000_000, allow_null=True)
    always = serializers.MultipleChoiceField(choices=AskLimits.Always.choices)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        names = ("rest_days", "most_a_day", "always")
        return {name: getattr(instance, name) for name in names}


class FollowUpIn(StrictSerializer):
    note = serializers.CharField(max_length=5_000)


class FollowUpOut(serializers.Serializer):
    id = serializers.IntegerField()
    ticket = serializers.IntegerField(source="survey.ticket_id")
    comment = serializers.CharField(source="survey.comment")
    opened_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    done_by = serializers.CharField(source="done_by.email", default=None)
    note = serializers.CharField()


class Rules(SetUpView, verb="control.manage"):
    """Which share of solved tickets is asked about; posting sets the share of one place."""

    @extend_schema(responses=AskRuleOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "control.manage")
        rows = AskRule.objects.select_related("issue", "department")
        return Response({"data": AskRuleOut(rows, many=True).data})

    @extend_schema(request=AskRuleIn, responses=AskRuleOut)
    def post(self, request: ApiRequest) -> Response:
        given = taken(AskRuleIn(data=request.data))

        def act() -> Response:
            return Response(
                AskRuleOut(services.set_ask_rule(**given, by=request.user, at=timezone.now())).data
            )

        return self.answer_once(request, act)


class OneRule(SetUpView, verb="control.manage"):
    """A rule to be withdrawn."""

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        row = get_object_or_404(AskRule.objects.select_related("department"), pk=pk)
        services.withdraw_ask_rule(rule=row, by=request.user)
        return Response(status=204)


class Limits(SetUpView, verb="control.manage"):
    """How sparingly customers are asked."""

    @extend_schema(responses=LimitsSerializer)
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "control.manage")
        return Response(LimitsSerializer(queries.ask_limits()).data)

    @extend_schema(request=LimitsSerializer, responses=LimitsSerializer)
    def put(self, request: ApiRequest) -> Response:
        given = taken(LimitsSerializer(data=request.data))
        given["always"] = sorted(given["always"])
        limits = services.set_ask_limits(**given, by=request.user, at=timezone.now())
        return Response(LimitsSerializer(limits).data)


class Figures(ApiView):
    """What the rules would do with the newest solved tickets, who answered, and what was found by asking."""

    @extend_schema(parameters=[OpenApiParameter("days", int)], responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "control.manage")
        asked = request.query_params.get("days", str(USUAL_DAYS))
        if not asked.isdecimal() or len(asked) > 4 or not 1 <= int(asked) <= MOST_DAYS:
            raise serializers.ValidationError({"days": [f"A number from 1 to {MOST_DAYS}."]})
        at = timezone.now()
        since = at - timedelta(days=int(asked))
        dry = queries.dry_run(at=at)
        departments = _departments(request.user)
        return Response(
            {
                "since": since, "as_of": at,
                "dry_run": {
                    "solved": dry.solved, "would_ask": dry.would_ask, "expected": dry.expected,
                    "no_address": dry.no_address, "at_rest": dry.at_rest, "always": dry.always,
                },
                "heard": [_heard(row) for row in queries.heard(since=since, until=at, departments=departments)],
                "unheard": [
                    {"issue": row.issue.code, "shown": row.shown, "had": row.had}
                    for row in queries.unheard(since=since, until=at)
                ],
            }
        )  # fmt: skip


class FollowUps(ApiView):
    """Customers who said that they are not happy, the newest first."""

    @extend_schema(responses=FollowUpOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "response.reply")
        pages = Cursor()
        rows = pages.paginate_queryset(_seen(request.user), request, view=self)
        return pages.get_paginated_response(FollowUpOut(rows, many=True).data)


class OneFollowUp(ApiView, verb="response.reply"):
    """What came of getting in touch."""

    @extend_schema(request=FollowUpIn, responses=FollowUpOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        row, given = get_object_or_404(_seen(request.user), pk=pk), taken(FollowUpIn(data=request.data))

        def act() -> Response:
            done = services.finish_follow_up(follow_up=row, **given, by=request.user, at=timezone.now())
            return Response(FollowUpOut(done).data)

        return self.answer_once(request, act)


def _seen(user: User) -> QuerySet[FollowUp]:
    rows = FollowUp.objects.filter(survey__ticket__in=Ticket.objects.visible_to(user))
    return rows.select_related("survey__ticket", "done_by")


def _departments(user: User) -> list[Department]:
    if user.department_id is None:
        return list(Department.objects.all())
    return list(Department.objects.filter(pk=user.department_id))


def _heard(row: queries.Heard) -> dict[str, Any]:
    return {
        "department": row.department.slug if row.department else None, "solved": row.solved, "asked": row.asked,
        "answered": row.answered, "responded": row.responded, "satisfied": asdict(row.satisfied),
        "settled_at_first": asdict(row.settled), "recommend": asdict(row.recommend), "bounds": row.bounds,
    }  # fmt: skip
