from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api import views as intake
from apps.output import queries, services
from helpdesk.api.endpoint import ApiView
from helpdesk.http import ApiRequest
from helpdesk.models import Message, SideLetter
from helpdesk.permissions import require


class Search(ApiView):
    @extend_schema(
        operation_id="search", parameters=[OpenApiParameter("q", str, required=True)], responses={200: dict}
    )
    def get(self, request: ApiRequest) -> Response:
        """Tickets, messages, notes and names of files that hold the words, best first.

        `excerpt` is HTML with the words in <mark>.
        """
        require(request.user, "output.search")
        text = request.query_params.get("q", "")
        if not text.strip():
            raise serializers.ValidationError({"q": ["Say what to look for."]})
        found = queries.search(text, user=request.user)
        rows = [
            {
                "kind": hit.kind,
                "ticket": hit.ticket.pk,
                "subject": hit.ticket.subject,
                "at": hit.at.isoformat().replace("+00:00", "Z"),
                "excerpt": hit.excerpt,
            }
            for hit in found.hits
        ]
        return Response({"data": rows, "has_more": found.more})


class UndoReply(ApiView, verb="output.undo"):
    @extend_schema(operation_id="ticket_replies_undo", request=None, responses={204: None})
    def post(self, request: ApiRequest, number: int, pk: int) -> Response:
        """Take a reply back while it is held, with what it did to the ticket. 409 once it has left."""
        ticket = intake.visible(request, pk=number)
        message = get_object_or_404(Message.objects.select_related("ticket__customer"), pk=pk, ticket=ticket)
        services.undo(message=message, **_now(request))
        return Response(status=204)


class UndoSideLetter(ApiView, verb="output.undo"):
    @extend_schema(operation_id="ticket_side_letters_undo", request=None, responses={204: None})
    def post(self, request: ApiRequest, number: int, pk: int) -> Response:
        """Take a letter to somebody else back while it is held. 409 once it has left."""
        ticket = intake.visible(request, pk=number)
        rows = SideLetter.objects.select_related("side__ticket")
        services.undo_side(letter=get_object_or_404(rows, pk=pk, side__ticket=ticket), **_now(request))
        return Response(status=204)


def _now(request: ApiRequest) -> dict[str, Any]:
    return {"by": request.user, "at": timezone.now()}
