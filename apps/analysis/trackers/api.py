"""Trackers by API: the same as their pages. Tokens and secrets go in, or are shown once; none comes out again."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis.trackers import services
from apps.analysis.trackers.models import Tracker, TrackerKind
from apps.analysis.trackers.views import hook_of
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class TrackerRowOut(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=TrackerKind.choices)
    name = serializers.CharField()
    project = serializers.CharField()
    is_on = serializers.BooleanField()
    items = serializers.IntegerField(source="linked")
    could_not_be_told = serializers.IntegerField(source="failed")
    heard_at = serializers.DateTimeField(allow_null=True)


class TrackerOut(TrackerRowOut):
    base_url = serializers.CharField()
    account = serializers.CharField()
    item_type = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField())
    error = serializers.CharField()
    hook = serializers.SerializerMethodField()

    def get_hook(self, row: Tracker) -> str:
        return hook_of(row)


class TrackerWithSecretOut(TrackerOut):
    secret = serializers.CharField()


def _labels() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(max_length=50), required=False, max_length=20)


class TrackerChange(StrictSerializer):
    name = serializers.CharField(max_length=80, required=False)
    base_url = serializers.CharField(max_length=300, required=False, allow_blank=True)
    account = serializers.CharField(max_length=200, required=False, allow_blank=True)
    item_type = serializers.CharField(max_length=60, required=False, allow_blank=True)
    labels = _labels()
    token = serializers.CharField(max_length=500, required=False, write_only=True)
    is_on = serializers.BooleanField(required=False)


class TrackerIn(StrictSerializer):
    kind = serializers.ChoiceField(choices=TrackerKind.choices)
    name = serializers.CharField(max_length=80)
    project = serializers.CharField(max_length=120)
    base_url = serializers.CharField(max_length=300, required=False, allow_blank=True)
    account = serializers.CharField(max_length=200, required=False, allow_blank=True)
    item_type = serializers.CharField(max_length=60, required=False, allow_blank=True)
    labels = _labels()
    token = serializers.CharField(max_length=500, write_only=True)


class TrackerView(ApiView, verb="analysis.trackers"):
    read_scope = write_scope = "admin"

    def row(self, request: ApiRequest, pk: int) -> Tracker:
        require(request.user, services.VERB)
        return get_object_or_404(Tracker.objects.with_counts(), pk=pk)

    def told(self, request: ApiRequest, pk: int) -> Response:
        return Response(TrackerOut(self.row(request, pk)).data)

    def shown(self, request: ApiRequest, shown: services.TrackerShown, status: int) -> Response:
        """With its secret, which is why no answer is kept for an Idempotency-Key: it would be kept in plain."""
        row = TrackerOut(self.row(request, shown.tracker.pk)).data
        return Response({**row, "secret": shown.secret}, status=status, headers={"Cache-Control": "no-store"})


class Trackers(TrackerView):
    """The trackers there are; their numbers are what `create-in-tracker` and `link-to-tracker` of a case ask for."""

    read_scope = "cases:read"

    @extend_schema(responses=TrackerRowOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "analysis.view")
        return Response({"data": TrackerRowOut(Tracker.objects.with_counts(), many=True).data})

    @extend_schema(request=TrackerIn, responses={201: TrackerWithSecretOut})
    def post(self, request: ApiRequest) -> Response:
        """Connect one. `hook` is the address it is to call, `secret` what it signs with: it is shown this once."""
        given = taken(TrackerIn(data=request.data))
        shown = services.add_tracker(**given, by=request.user, at=timezone.now())
        return self.shown(request, shown, 201)


class OneTracker(TrackerView):
    """One tracker, and how it fares."""

    @extend_schema(responses=TrackerOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        return self.told(request, pk)

    @extend_schema(request=TrackerChange, responses=TrackerOut)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Fields that are not sent stay; another `base_url` wants the `token` with it; `is_on` switches it."""
        row, changes = self.row(request, pk), taken(TrackerChange(data=request.data))
        services.change_tracker(tracker=row, **changes, by=request.user, at=timezone.now())
        return self.told(request, pk)


class TryTracker(TrackerView):
    """Ask it for the project with our token; 409 `tracker-away` with what it said."""

    @extend_schema(request=None, responses=TrackerOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        services.try_tracker(tracker=self.row(request, pk), by=request.user)
        return self.told(request, pk)


class NewHookSecret(TrackerView):
    """A new secret for its webhooks; the old one counts no more."""

    @extend_schema(request=None, responses=TrackerWithSecretOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        shown = services.new_hook_secret(tracker=self.row(request, pk), by=request.user, at=timezone.now())
        return self.shown(request, shown, 200)
