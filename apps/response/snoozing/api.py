"""Tickets are put off by program, or by a page's own calls: for whoever calls."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api import views as intake
from apps.response.snoozing import services
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest


class SnoozeIn(StrictSerializer):
    until = serializers.DateTimeField()
    by_mail = serializers.BooleanField(required=False, default=False)


class SnoozeTicket(ApiView, verb="response.view"):
    """Out of the caller's own list for a while."""

    @extend_schema(operation_id="tickets_snooze", request=SnoozeIn, responses={200: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Put it off until a time, or until the customer writes. Its clocks go on."""
        ticket, given = intake.visible(request, pk=number), taken(SnoozeIn(data=request.data))
        row = services.snooze(ticket=ticket, **given, by=request.user, at=timezone.now())
        return Response({"ticket": number, "until": row.until, "by_mail": row.by_mail})

    @extend_schema(operation_id="tickets_wake", responses={204: None})
    def delete(self, request: ApiRequest, number: int) -> Response:
        """Have it back now."""
        ticket = intake.visible(request, pk=number)
        services.wake(ticket=ticket, by=request.user, at=timezone.now())
        return Response(status=204)
