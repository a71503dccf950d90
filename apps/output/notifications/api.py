"""What one was told, and how one wants to be told, by program of the person."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.output import services
from apps.output.notifications.kinds import KINDS, Choice, Way
from apps.output.notifications.models import Notification, NotificationSettings
from apps.output.notifications.queries import rows_of, settings_of
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class NotificationOut(serializers.ModelSerializer[Notification]):
    ticket = serializers.IntegerField(source="ticket_id", allow_null=True)

    class Meta:
        model = Notification
        fields = ("id", "kind", "title", "ticket", "about", "url", "at", "read_at")


class ReadIn(StrictSerializer):
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1), max_length=500, required=False,
        help_text="Left out: all there are.",
    )  # fmt: skip


class ReadOut(serializers.Serializer):
    read = serializers.IntegerField()


class WayOut(StrictSerializer):
    kind = serializers.ChoiceField(choices=list(KINDS))
    in_app = serializers.BooleanField()
    mail = serializers.ChoiceField(choices=[str(way) for way in Way])


class NotificationSettingsOut(StrictSerializer):
    morning = serializers.IntegerField(
        min_value=0, max_value=23, required=False, help_text="The hour of the daily letter, in your zone."
    )
    ways = WayOut(many=True, required=False)


class MyNotifications(ApiView):
    @extend_schema(
        operation_id="my_notifications",
        parameters=[
            OpenApiParameter("unread", bool),
            OpenApiParameter("cursor", str),
            OpenApiParameter("limit", int),
        ],
        responses=NotificationOut(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        """What you were told, the newest first, on tickets you may see; the words stay on the ticket."""
        require(request.user, "response.view")
        rows = rows_of(request.user, only_unread=request.query_params.get("unread", "") in ("1", "true"))
        paginator = Cursor()
        page = paginator.paginate_queryset(rows, request, view=self)
        return paginator.get_paginated_response(NotificationOut(page, many=True).data)

    @extend_schema(operation_id="my_notifications_read", request=ReadIn, responses=ReadOut)
    def post(self, request: ApiRequest) -> Response:
        """These have been read, or all."""
        given = taken(ReadIn(data=request.data))
        count = services.read(numbers=given.get("ids"), by=request.user, at=timezone.now())
        return Response({"read": count})


class MyNotificationSettings(ApiView):
    @extend_schema(operation_id="my_notification_settings", responses=NotificationSettingsOut)
    def get(self, request: ApiRequest) -> Response:
        """For each kind whether it stands in your inbox, and when it goes out by mail."""
        require(request.user, "response.view")
        return Response(_shown(settings_of(request.user)))

    @extend_schema(
        operation_id="my_notification_settings_change",
        request=NotificationSettingsOut(partial=True),
        responses=NotificationSettingsOut,
    )
    def patch(self, request: ApiRequest) -> Response:
        """Choose; kinds that are not named stay as they are."""
        given = taken(NotificationSettingsOut(data=request.data, partial=True))
        ways = {one["kind"]: Choice(one["in_app"], Way(one["mail"])) for one in given.get("ways", [])}
        return Response(_shown(services.choose(ways=ways, morning=given.get("morning"), by=request.user)))


def _shown(row: NotificationSettings) -> dict[str, object]:
    ways = [
        {"kind": name, "in_app": one.in_app, "mail": str(one.mail)} for name, one in row.choices().items()
    ]
    return {"morning": row.morning, "ways": ways}
