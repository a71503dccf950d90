"""What agents say beside a ticket, by API: which case it is about, that a workaround helped or not, and that something
is behind it."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.analysis import forms, services
from apps.analysis.api_forms import filled_in, sent_fields
from helpdesk.api.endpoint import ApiView
from helpdesk.http import ApiRequest
from helpdesk.models import Ticket
from helpdesk.permissions import require


class BesideTicket(ApiView, verb="analysis.flag"):
    """The same fields as the form beside the ticket."""

    def ticket(self, request: ApiRequest, number: int) -> Ticket:
        require(request.user, "response.view")
        return get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)


class LinkCase(BesideTicket):
    @extend_schema(request=OpenApiTypes.OBJECT, responses={204: None})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Say that this ticket is about an open case: `case`, its number (`RC-31` or 31). Twice is once."""
        ticket = self.ticket(request, number)
        given = filled_in(forms.LinkForm(sent_fields(request, forms.LinkForm), user=request.user))
        services.link_ticket(ticket=ticket, **given, by=request.user, at=timezone.now())
        return Response(status=204)


class UseWorkaround(BesideTicket):
    @extend_schema(request=OpenApiTypes.OBJECT, responses={204: None})
    def post(self, request: ApiRequest, number: int) -> Response:
        """`case`, and `helped`: whether the workaround helped this customer."""
        ticket = self.ticket(request, number)
        sent: dict[str, Any] = sent_fields(request, forms.WorkaroundUseForm)
        given = filled_in(forms.WorkaroundUseForm(sent, user=request.user))
        services.use_workaround(ticket=ticket, **given, by=request.user, at=timezone.now())
        return Response(status=204)


class FlagTicket(BesideTicket):
    @extend_schema(request=OpenApiTypes.OBJECT, responses={204: None})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Say that something is behind this ticket that should be looked at."""
        ticket = self.ticket(request, number)
        given = filled_in(forms.FlagForm(sent_fields(request, forms.FlagForm)))
        services.flag_case(ticket=ticket, **given, by=request.user, at=timezone.now())
        return Response(status=204)
