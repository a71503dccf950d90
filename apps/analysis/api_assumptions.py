"""The numbers of the money model by API, read and set, each with its source and who answers for it."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis import services
from apps.analysis.deadlines import today
from apps.analysis.forms import STAFF, people
from apps.analysis.models import Assumption, Parameter
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer
from helpdesk.http import ApiRequest
from helpdesk.models import Channel, Issue
from helpdesk.permissions import require

EVERY = "every"
IN_FORCE = "in_force"


class AssumptionOut(serializers.Serializer):
    id = serializers.IntegerField()
    parameter = serializers.CharField()
    name = serializers.CharField(source="get_parameter_display")
    issue = serializers.CharField(source="issue.path", default=None)
    channel = serializers.CharField()
    segment = serializers.CharField()
    low = serializers.DecimalField(14, 4)
    likely = serializers.DecimalField(14, 4)
    high = serializers.DecimalField(14, 4)
    unit = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    dated_on = serializers.DateField()
    valid_from = serializers.DateField()
    population = serializers.CharField()
    answers_for = serializers.CharField(source="answers_for.email")


def _number() -> serializers.DecimalField:
    return serializers.DecimalField(14, 4, min_value=0)


class AssumptionIn(StrictSerializer):
    """One number from a day on. `issue` by its path, `owner` by e-mail address: who answers for the number."""

    parameter = serializers.ChoiceField(Parameter.choices)
    issue = serializers.SlugRelatedField(
        slug_field="path", queryset=Issue.objects.all(), required=False, allow_null=True
    )
    channel = serializers.ChoiceField(Channel.choices, required=False, allow_blank=True)
    segment = serializers.CharField(max_length=60, required=False, allow_blank=True)
    low, likely, high = _number(), _number(), _number()
    unit = serializers.CharField(max_length=40, required=False, allow_blank=True)
    source = serializers.CharField(max_length=250)  # type: ignore[assignment]  # a field of that name
    dated_on = serializers.DateField()
    valid_from = serializers.DateField(required=False, allow_null=True)
    population = serializers.CharField(max_length=200, required=False, allow_blank=True)
    owner = serializers.SlugRelatedField(slug_field="email", queryset=people(*STAFF), required=False)


class Assumptions(ApiView, verb="analysis.assume"):
    """What money at risk is computed with: the number in force of each kind, or every one that ever was."""

    read_scope = "cases:read"
    write_scope = "cases:write"

    @extend_schema(
        parameters=[
            OpenApiParameter("show", str, enum=[IN_FORCE, EVERY], description="in_force without it"),
            OpenApiParameter("parameter", str, enum=Parameter.values),
            OpenApiParameter("on", OpenApiTypes.DATE, description="In force on this day; today without it"),
        ],
        responses=AssumptionOut(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "analysis.view")
        asked = AssumptionsAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        rows = Assumption.objects.all()
        if given["show"] == IN_FORCE:
            on = given.get("on") or today(timezone.now())
            # By key: which rows hold is found in an order of its own.
            rows = Assumption.objects.filter(pk__in=rows.in_force(on).values("pk"))
        if parameter := given.get("parameter"):
            rows = rows.filter(parameter=parameter)
        pager = Cursor()
        page = pager.paginate_queryset(rows.select_related("issue", "owner", "set_by"), request, self) or []
        return pager.get_paginated_response(AssumptionOut(page, many=True).data)

    @extend_schema(request=AssumptionIn, responses={201: AssumptionOut})
    def post(self, request: ApiRequest) -> Response:
        """A new number beside the old ones, which go on holding for the days before. Programs name the person who
        answers for it. The same number sent again is no new row."""
        given = AssumptionIn(data=request.data)
        given.is_valid(raise_exception=True)
        return self.answer_once(request, lambda: self._set(request, given.validated_data))

    def _set(self, request: ApiRequest, given: dict[str, Any]) -> Response:
        row = services.set_assumption(**given, by=request.user, at=timezone.now())
        return Response(AssumptionOut(row).data, status=201)


class AssumptionsAsked(serializers.Serializer):
    show = serializers.ChoiceField([IN_FORCE, EVERY], default=IN_FORCE)
    parameter = serializers.ChoiceField(Parameter.choices, required=False)
    on = serializers.DateField(required=False)
