"""Calibration by API, for reviewers: sessions, their answers, how far the panel means the same."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.evaluation.models import (
    CalibrationItem,
    CalibrationSession,
)
from apps.evaluation.quality import api_out, services
from apps.evaluation.quality.api_in import MarksIn
from apps.evaluation.quality.endpoint import QualityView
from apps.evaluation.quality.queries import calibration as calibration_queries
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.errors import NotFound
from helpdesk.http import ApiRequest
from helpdesk.models import Department, Ticket, User
from helpdesk.permissions import require


class CalibrationIn(StrictSerializer):
    title = serializers.CharField(max_length=120)
    department = serializers.SlugRelatedField(
        slug_field="slug", queryset=Department.objects.all(), required=False, allow_null=True, default=None
    )
    tickets = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), allow_empty=False, max_length=20
    )
    panel = serializers.ListField(
        child=serializers.EmailField(max_length=254), allow_empty=False, max_length=20
    )


class DiscussionIn(StrictSerializer):
    discussion = serializers.CharField(max_length=10_000, allow_blank=True)


class Calibrations(QualityView, verb="evaluation.review"):
    """The sessions the caller may see; posting opens one."""

    @extend_schema(operation_id="calibrations_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "evaluation.review")
        rows = CalibrationSession.objects.visible_to(request.user).select_related("department")
        return Response({"data": [api_out.session(one) for one in rows[:200]]})

    @extend_schema(request=CalibrationIn, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: ApiRequest) -> Response:
        given = taken(CalibrationIn(data=request.data))
        seen = Ticket.objects.visible_to(request.user).in_bulk(given["tickets"])
        people = {one.email: one for one in User.objects.filter(email__in=given["panel"], is_active=True)}
        for field, wanted, known in (("tickets", given["tickets"], seen), ("panel", given["panel"], people)):
            if unknown := [one for one in wanted if one not in known]:
                raise serializers.ValidationError({field: [f"{unknown[0]} is not known."]})
        asked = given | {
            "tickets": [seen[one] for one in given["tickets"]], "panel": [people[one] for one in given["panel"]],
        }  # fmt: skip

        def act() -> Response:
            made = services.open_calibration(**asked, by=request.user, at=timezone.now())
            return Response(api_out.session(made), status=201)

        return self.answer_once(request, act)


class OneCalibration(QualityView, verb="evaluation.review"):
    """A session; how far the panel agrees once the caller has scored everything, or it is closed. Patching writes down
    what was discussed."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "evaluation.review")
        return Response(_session(request, pk))

    @extend_schema(request=DiscussionIn, responses=OpenApiTypes.OBJECT)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        given = taken(DiscussionIn(data=request.data))
        found = calibration_queries.session_in_full(pk, user=request.user)
        services.note_discussion(session=found, words=given["discussion"], by=request.user)
        return Response(_session(request, pk))


class CloseCalibration(QualityView, verb="evaluation.review"):
    """Everybody sees everything, and nobody scores any more."""

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: ApiRequest, pk: int) -> Response:
        found = calibration_queries.session_in_full(pk, user=request.user)

        def act() -> Response:
            services.close_calibration(session=found, by=request.user, at=timezone.now())
            return Response(_session(request, pk))

        return self.answer_once(request, act)


class CalibrationAnswer(QualityView, verb="evaluation.review"):
    """One answer of a session: the others' scores once one's own is in. Posting scores it; putting writes down what the
    panel agreed on."""

    @extend_schema(operation_id="calibrations_answer", responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest, pk: int, place: int) -> Response:
        require(request.user, "evaluation.review")
        return Response(_item(request, pk, place))

    @extend_schema(operation_id="calibrations_score", request=MarksIn, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: ApiRequest, pk: int, place: int) -> Response:
        given, item = taken(MarksIn(data=request.data)), _found_item(request, pk, place)

        def act() -> Response:
            services.score_item(item=item, **given, by=request.user, at=timezone.now())
            return Response(_item(request, pk, place), status=201)

        return self.answer_once(request, act)

    @extend_schema(request=MarksIn, responses=OpenApiTypes.OBJECT)
    def put(self, request: ApiRequest, pk: int, place: int) -> Response:
        given, item = taken(MarksIn(data=request.data)), _found_item(request, pk, place)
        services.agree_on_item(item=item, **given, by=request.user, at=timezone.now())
        return Response(_item(request, pk, place))


def _session(request: ApiRequest, pk: int) -> dict[str, Any]:
    found = calibration_queries.session_in_full(pk, user=request.user)
    page = calibration_queries.session_page(found, user=request.user, configures=False)
    return api_out.session(found) | api_out.agreement(page)


def _found_item(request: ApiRequest, pk: int, place: int) -> CalibrationItem:
    require(request.user, "evaluation.review")
    session = calibration_queries.session_in_full(pk, user=request.user)
    found = session.items.select_related("session", "ticket").filter(place=place).first()
    if found is None:
        raise NotFound
    item: CalibrationItem = found
    return item


def _item(request: ApiRequest, pk: int, place: int) -> dict[str, Any]:
    session = calibration_queries.session_in_full(pk, user=request.user)
    return api_out.item(calibration_queries.item_page(session, place, user=request.user))
