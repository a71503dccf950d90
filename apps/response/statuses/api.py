"""States in the company's own words, by API."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.response.api import act
from apps.response.statuses import services
from apps.response.statuses.services import GIVEN_BY, VERBS
from helpdesk.api.endpoint import ApiView, SetUpView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Department, Status, TicketStatus
from helpdesk.permissions import require


class StatusIn(StrictSerializer):
    """A fixed category, or the key of a state in the company's own words."""

    status = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class OwnStatusIn(StrictSerializer):
    label = serializers.CharField(max_length=40)  # type: ignore[assignment]
    category = serializers.ChoiceField([one.value for one in VERBS])
    key = serializers.SlugField(max_length=40, allow_blank=True, default="")
    customer_label = serializers.CharField(max_length=80, allow_blank=True, default="")
    tone = serializers.ChoiceField(TicketStatus.Tone.choices, default="plain")
    department = serializers.SlugRelatedField(
        slug_field="slug", queryset=Department.objects.all(), required=False, allow_null=True, default=None
    )
    order = serializers.IntegerField(min_value=0, max_value=32_767, default=100)
    is_default = serializers.BooleanField(default=False)
    roles = serializers.ListField(child=serializers.ChoiceField(GIVEN_BY), default=list)
    comes_from = serializers.ListField(child=serializers.ChoiceField(Status.choices), default=list)


class OwnStatusOut(serializers.Serializer):
    id = serializers.IntegerField()
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    category = serializers.CharField()
    customer_label = serializers.CharField()
    tone = serializers.CharField()
    department = serializers.CharField(source="department.slug", default=None)
    order = serializers.IntegerField()
    is_default = serializers.BooleanField()
    roles = serializers.ListField(child=serializers.CharField())
    comes_from = serializers.ListField(child=serializers.CharField())
    retired_at = serializers.DateTimeField(allow_null=True)


class SetStatus(ApiView):
    @extend_schema(operation_id="tickets_status", request=StatusIn, responses={200: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Bring a ticket into a state."""
        return act(
            self,
            request,
            number,
            StatusIn,
            lambda ticket, given: services.set_status(
                ticket=ticket, to=given["status"], **{name: given[name] for name in given if name != "status"}
            ),
        )


class Statuses(SetUpView, verb="response.manage"):
    """States in the company's own words, retired ones too."""

    @extend_schema(responses=OwnStatusOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "response.view")
        rows = TicketStatus.objects.select_related("department")
        return Response({"data": OwnStatusOut(rows, many=True).data})

    @extend_schema(request=OwnStatusIn, responses={201: OwnStatusOut})
    def post(self, request: ApiRequest) -> Response:
        given = taken(OwnStatusIn(data=request.data))

        def make() -> Response:
            row = services.save_status(status=None, **given, by=request.user)
            return Response(OwnStatusOut(row).data, status=201)

        return self.answer_once(request, make)


class OneStatus(SetUpView, verb="response.manage"):
    """One of them. Deleting retires it: tickets that have it keep it."""

    @extend_schema(request=OwnStatusIn, responses=OwnStatusOut)
    def put(self, request: ApiRequest, pk: int) -> Response:
        row, given = get_object_or_404(TicketStatus, pk=pk), taken(OwnStatusIn(data=request.data))
        return Response(OwnStatusOut(services.save_status(status=row, **given, by=request.user)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        row = get_object_or_404(TicketStatus, pk=pk)
        services.retire_status(status=row, by=request.user, at=timezone.now())
        return Response(status=204)
