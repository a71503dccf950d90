"""Webhooks by API: the same as their pages. The secret stands in the answer that made it, and nowhere else."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.output.webhooks import services
from apps.output.webhooks.models import Webhook, WebhookDelivery, WebhookState
from apps.output.webhooks.queries import webhooks_of
from apps.output.webhooks.services import Shown
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class WebhookOut(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.CharField()
    description = serializers.CharField()
    kinds = serializers.ListField(child=serializers.CharField())
    sees_as = serializers.CharField(source="sees_as.email")
    is_on = serializers.BooleanField()
    off_reason = serializers.CharField()
    failures = serializers.IntegerField()
    waiting = serializers.IntegerField()
    given_up = serializers.IntegerField()
    last_arrived_at = serializers.DateTimeField(source="arrived", allow_null=True)
    two_secrets_until = serializers.DateTimeField(source="old_secret_until", allow_null=True)
    created_at = serializers.DateTimeField()


class WebhookWithSecretOut(WebhookOut):
    secret = serializers.CharField()


class WebhookIn(StrictSerializer):
    url = serializers.CharField(max_length=500)
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=40), allow_empty=False, max_length=100
    )
    description = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class WebhookChange(StrictSerializer):
    url = serializers.CharField(max_length=500, required=False)
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, allow_empty=False, max_length=100
    )
    description = serializers.CharField(max_length=200, required=False, allow_blank=True)
    is_on = serializers.BooleanField(required=False)


class DeliveryOut(serializers.Serializer):
    id = serializers.IntegerField()
    webhook_id = serializers.CharField(source="message_id")
    type = serializers.CharField(source="kind")
    state = serializers.ChoiceField(choices=WebhookState.choices)
    attempts = serializers.IntegerField()
    attempted_at = serializers.DateTimeField(allow_null=True)
    not_before = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True)
    answer = serializers.CharField()
    error = serializers.CharField()
    seconds = serializers.FloatField(allow_null=True)
    body = serializers.CharField()
    created_at = serializers.DateTimeField()


class WebhookView(ApiView, verb="output.webhooks"):
    read_scope = write_scope = "admin"

    def row(self, request: ApiRequest, pk: int) -> Webhook:
        require(request.user, services.VERB)
        return get_object_or_404(webhooks_of(request.user), pk=pk)

    def told(self, request: ApiRequest, pk: int) -> Response:
        return Response(WebhookOut(self.row(request, pk)).data)

    def shown(self, request: ApiRequest, shown: Shown, status: int) -> Response:
        """With its secret, which is why no answer is kept for an Idempotency-Key: it would be kept in plain."""
        row = WebhookOut(self.row(request, shown.webhook.pk)).data
        return Response({**row, "secret": shown.secret}, status=status, headers={"Cache-Control": "no-store"})


class Webhooks(WebhookView):
    """The addresses that are told what happens here. An API client has its own, which hear what it may see."""

    @extend_schema(responses=WebhookOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, services.VERB)
        pager = Cursor()
        page = pager.paginate_queryset(webhooks_of(request.user), request, self) or []
        return pager.get_paginated_response(WebhookOut(page, many=True).data)

    @extend_schema(request=WebhookIn, responses={201: WebhookWithSecretOut})
    def post(self, request: ApiRequest) -> Response:
        """`kinds`: "case.judged", "case.*" or "*". The same address again is refused with 409."""
        given = taken(WebhookIn(data=request.data))
        shown = services.add_webhook(**given, by=request.user, at=timezone.now())
        return self.shown(request, shown, 201)


class OneWebhook(WebhookView):
    """One webhook, and how it fares."""

    @extend_schema(responses=WebhookOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        return self.told(request, pk)

    @extend_schema(request=WebhookChange, responses=WebhookOut)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Fields that are not sent stay; `is_on` switches it off and on."""
        row, changes = self.row(request, pk), taken(WebhookChange(data=request.data))
        services.change_webhook(webhook=row, **changes, by=request.user, at=timezone.now())
        return self.told(request, pk)

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        services.remove_webhook(webhook=self.row(request, pk), by=request.user, at=timezone.now())
        return Response(status=204)


class RotateWebhook(WebhookView):
    """A new secret; for a day messages are signed with the old one as well."""

    @extend_schema(request=None, responses=WebhookWithSecretOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        row = self.row(request, pk)
        return self.shown(
            request, services.rotate_secret(webhook=row, by=request.user, at=timezone.now()), 200
        )


class TryWebhook(WebhookView):
    """Send a message of the type `webhook.test`."""

    @extend_schema(request=None, responses={202: DeliveryOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        row = services.send_test(webhook=self.row(request, pk), by=request.user, at=timezone.now())
        return Response(DeliveryOut(row).data, status=202)


class WebhookLog(WebhookView):
    """What was sent, the newest first, for 30 days."""

    @extend_schema(
        parameters=[OpenApiParameter("state", str, enum=WebhookState.values)],
        responses=DeliveryOut(many=True),
    )
    def get(self, request: ApiRequest, pk: int) -> Response:
        asked = LogAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        rows = self.row(request, pk).deliveries.all()
        if state := asked.validated_data.get("state"):
            rows = rows.filter(state=state)
        pager = Cursor()
        page = pager.paginate_queryset(rows, request, self) or []
        return pager.get_paginated_response(DeliveryOut(page, many=True).data)


class LogAsked(serializers.Serializer):
    state = serializers.ChoiceField(WebhookState.choices, required=False)


class ResendWebhook(WebhookView):
    """Send one message again, with the same `webhook-id`."""

    @extend_schema(request=None, responses={202: DeliveryOut})
    def post(self, request: ApiRequest, pk: int, delivery: int) -> Response:
        row = get_object_or_404(WebhookDelivery, pk=delivery, webhook=self.row(request, pk))
        again = services.resend(delivery=row, by=request.user, at=timezone.now())
        return Response(DeliveryOut(again).data, status=202)
