"""Who I am to the API, and how I read."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from helpdesk import services
from helpdesk.api.endpoint import ApiView
from helpdesk.http import ApiRequest
from helpdesk.models import User


class MeOut(serializers.ModelSerializer):
    department: serializers.SlugRelatedField = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = User
        fields = (
            "email",
            "name",
            "role",
            "department",
            "language",
            "time_zone",
            "follow_mentions",
            "show_presence",
        )


class MeIn(serializers.Serializer):
    language = serializers.CharField(
        max_length=10, required=False, allow_blank=True, help_text="`en`, `de`; empty: as the browser asks."
    )
    time_zone = serializers.CharField(max_length=60, required=False, help_text="As in `Europe/Berlin`.")
    follow_mentions = serializers.BooleanField(required=False)
    show_presence = serializers.BooleanField(required=False)


class Me(ApiView):
    """Whoever the token or the session belongs to. Times in answers stay in UTC, whatever the zone."""

    @extend_schema(responses=MeOut)
    def get(self, request: ApiRequest) -> Response:
        return Response(MeOut(request.user).data)

    @extend_schema(request=MeIn, responses=MeOut)
    def patch(self, request: ApiRequest) -> Response:
        """Language and time zone of a person; fields that are not sent stay."""
        given = MeIn(data=request.data)
        given.is_valid(raise_exception=True)
        names = ("language", "time_zone", "follow_mentions", "show_presence")
        known = {name: getattr(request.user, name) for name in names}
        services.set_preferences(**(known | given.validated_data), by=request.user)
        return Response(MeOut(request.user).data)
