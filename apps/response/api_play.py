"""Taking up the next ticket by API: for a person's own tools, since programs answer nobody."""

from datetime import datetime

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api import views as intake
from apps.intake.api.representation import represent
from apps.response import queries, services
from apps.response.api import EmptySerializer
from apps.response.services.play import CLAIMED_FOR
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest


class PlayIn(StrictSerializer):
    """A list, by a question or by one of your views; without either, everything you see."""

    q = serializers.CharField(max_length=500, required=False, help_text="In the language of the queue.")
    view = serializers.CharField(
        max_length=40, required=False, help_text="unassigned, or v12 for a saved one."
    )


class Play(ApiView, verb="response.assign"):
    @extend_schema(operation_id="tickets_play", request=PlayIn, responses={200: dict, 204: None})
    def post(self, request: ApiRequest) -> Response:
        """The next open ticket of a list that nobody has, or looks at: for 90 seconds nobody else is given it.

        It is yours once you act on it, or `keep` it. Who tells every 20 seconds that they have it open
        (`presence/`) looks at it for ten minutes at most. 204: nothing waits.
        """
        given, now = taken(PlayIn(data=request.data)), timezone.now()
        rows = queries.unclaimed(user=request.user, view=given.get("view", ""), text=given.get("q"), at=now)
        ticket = services.take_up_next(candidates=rows, by=request.user, at=now)
        if ticket is None:
            return Response(status=204)
        return Response(
            represent(intake.visible(request, pk=ticket.pk)) | {"claimed_until": now + CLAIMED_FOR}
        )


class PlayedTicket(ApiView):
    def do(self, request: ApiRequest, number: int, at: datetime) -> None:
        raise NotImplementedError

    @extend_schema(request=EmptySerializer, responses={204: None})
    def post(self, request: ApiRequest, number: int) -> Response:
        taken(EmptySerializer(data=request.data))
        self.do(request, number, timezone.now())
        return Response(status=204)


class Keep(PlayedTicket):
    """Take it for good."""

    def do(self, request: ApiRequest, number: int, at: datetime) -> None:
        services.keep(ticket=intake.visible(request, pk=number), by=request.user, at=at)


class Skip(PlayedTicket):
    """Not this one: you are not given it again within the hour."""

    def do(self, request: ApiRequest, number: int, at: datetime) -> None:
        services.pass_over(ticket=intake.visible(request, pk=number), by=request.user, at=at)


class Leave(PlayedTicket):
    """Free for others again."""

    def do(self, request: ApiRequest, number: int, at: datetime) -> None:
        services.let_go(ticket=intake.visible(request, pk=number), by=request.user)
