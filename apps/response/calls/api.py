"""Calls by program: a telephone system logs them, a report reads them."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api import views as intake
from apps.response.calls import services
from apps.response.calls.models import Call, CallDirection, CallOutcome
from apps.response.calls.queries import calls_between, calls_on
from apps.response.services import keep_played
from apps.response.timekeeping.models import MOST_MINUTES
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class CallIn(StrictSerializer):
    direction = serializers.ChoiceField(CallDirection.choices)
    outcome = serializers.ChoiceField(CallOutcome.choices)
    number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    begun_at = serializers.DateTimeField(required=False)
    minutes = serializers.IntegerField(required=False, min_value=1, max_value=MOST_MINUTES)
    call_back_at = serializers.DateTimeField(required=False)
    about = serializers.CharField(required=False, allow_blank=True, default="")


class CallOut(serializers.ModelSerializer[Call]):
    taken_by = serializers.EmailField(source="taken_by.email")
    about = serializers.CharField(source="note.body", default="")

    class Meta:
        model = Call
        fields = (
            "id", "ticket", "customer", "number", "direction", "taken_by", "begun_at", "minutes", "outcome",
            "call_back_at", "about", "logged_at",
        )  # fmt: skip


class CallsAskedFor(serializers.Serializer):
    """Which calls: `from` is a word of the language, so it is no attribute."""

    customer = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    to = serializers.DateTimeField(required=False)

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | {"from": serializers.DateTimeField(required=False)}


class TicketCalls(ApiView, verb="response.note"):
    """The calls about a ticket."""

    @extend_schema(operation_id="ticket_calls", responses=CallOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        require(request.user, "response.view")
        rows = calls_on(intake.visible(request, pk=number))
        return Response({"data": CallOut(rows, many=True).data})

    @extend_schema(operation_id="ticket_calls_log", request=CallIn, responses={201: CallOut})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Log a call: `minutes` count as time on the ticket, `call_back` makes a task, `settled` solves it.

        `begun_at` may lie seven days back; promises that ran out after a call that reached the customer were kept.
        """

        def log() -> Response:
            ticket, given = intake.visible(request, pk=number), taken(CallIn(data=request.data))
            about, now = given.pop("about"), timezone.now()
            row = services.log_call(
                ticket=ticket, call=services.Spoken(**given), about=about, by=request.user, at=now
            )
            keep_played(ticket=ticket, by=request.user, at=now)
            return Response(CallOut(row).data, status=201)

        return self.answer_once(request, log)


class Calls(ApiView):
    @extend_schema(
        operation_id="calls_list",
        parameters=[
            OpenApiParameter("customer", int),
            OpenApiParameter("from", str, description="Begun at this moment or later, ISO 8601"),
            OpenApiParameter("to", str, description="Begun before this moment"),
        ],
        responses=CallOut(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        """The calls on tickets the caller may see, the last logged first."""
        require(request.user, "response.view")
        asked = taken(CallsAskedFor(data=request.query_params.dict()))
        rows = calls_between(
            user=request.user, customer=asked.get("customer"), since=asked.get("from"), until=asked.get("to")
        )
        pager = Cursor()
        found = pager.paginate_queryset(rows, request, self) or []
        return pager.get_paginated_response(CallOut(found, many=True).data)
