"""Who is at a ticket, by program of a person."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api import views as intake
from apps.response.presence import services
from apps.response.presence.board import Doing
from apps.response.presence.queries import visitors
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class VisitorOut(serializers.Serializer):
    name = serializers.CharField()
    writes = serializers.BooleanField()


class PresenceIn(StrictSerializer):
    doing = serializers.ChoiceField(choices=["views", "writes", "left"])


class Presence(ApiView):
    """Who else has a ticket open; believed for 45 seconds."""

    @extend_schema(operation_id="ticket_presence", responses=VisitorOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        require(request.user, "response.view")
        return self._shown(request, number)

    @extend_schema(operation_id="ticket_presence_tell", request=PresenceIn, responses=VisitorOut(many=True))
    def post(self, request: ApiRequest, number: int) -> Response:
        """You have it open, write on it, or have left it. Say it every 20 seconds."""
        require(request.user, "response.view")
        said = taken(PresenceIn(data=request.data))["doing"]
        ticket = intake.visible(request, pk=number)
        doing = None if said == "left" else Doing(said)
        services.be_at(ticket=ticket, doing=doing, by=request.user, at=timezone.now())
        return self._shown(request, number)

    def _shown(self, request: ApiRequest, number: int) -> Response:
        ticket = intake.visible(request, pk=number)
        people = visitors(ticket, besides=request.user, at=timezone.now())
        return Response({"data": VisitorOut(people, many=True).data})
