"""Splitting tickets by API."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api import views as intake
from apps.response import services
from apps.response.models import Split
from apps.response.queries.splitting import splits_of
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class SplitTicketIn(StrictSerializer):
    messages = serializers.ListField(
        child=serializers.IntegerField(min_value=1), min_length=1, max_length=500
    )
    subject = serializers.CharField(max_length=500, required=False, default="", help_text="Of a new ticket.")
    into = serializers.IntegerField(
        min_value=1,
        required=False,
        help_text="Another open ticket of the same customer; without it a new one.",
    )


class SplitTicketOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    split_from = serializers.IntegerField(source="source_id")
    split_to = serializers.IntegerField(source="target_id")
    opened = serializers.BooleanField(help_text="Whether the target was opened for these messages.")
    messages = serializers.ListField(child=serializers.IntegerField())
    made_at = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)


class SplitTicketsOut(serializers.Serializer):
    splits = SplitTicketOut(many=True)


class Splits(ApiView, verb="response.merge"):
    @extend_schema(operation_id="tickets_splits", responses={200: SplitTicketsOut})
    def get(self, request: ApiRequest, number: int) -> Response:
        """What was split off this ticket, or came to it from another."""
        require(request.user, "response.view")
        rows = splits_of(intake.visible(request, pk=number), user=request.user)
        return Response(SplitTicketsOut({"splits": rows}).data)

    @extend_schema(operation_id="tickets_split", request=SplitTicketIn, responses={201: SplitTicketOut})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Move messages with their files to a new ticket, or into another one of the same customer."""

        def once() -> Response:
            given = SplitTicketIn(data=request.data)
            given.is_valid(raise_exception=True)
            fields: dict[str, Any] = dict(given.validated_data)
            into = intake.visible(request, pk=fields.pop("into")) if fields.get("into") else None
            ticket = intake.visible(request, pk=number)
            made = services.split(ticket=ticket, **fields, into=into, by=request.user, at=timezone.now())
            return Response(SplitTicketOut(made).data, status=201)

        return self.answer_once(request, once)


class UndoSplit(ApiView, verb="response.merge"):
    @extend_schema(operation_id="tickets_undo_split", request=None, responses={200: SplitTicketOut})
    def post(self, request: ApiRequest, number: int, pk: int) -> Response:
        """The messages go back, within 30 days; refused with 409 where more was said on a ticket opened for them."""

        def once() -> Response:
            ticket = intake.visible(request, pk=number)
            row = get_object_or_404(Split.objects.select_related("source", "target"), pk=pk, source=ticket)
            services.undo_split(split=row, by=request.user, at=timezone.now())
            return Response(SplitTicketOut(row).data)

        return self.answer_once(request, once)
