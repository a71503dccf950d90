"""Tickets that close by themselves, by API."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.response.api import act
from apps.response.closing import services
from apps.response.closing.models import DayKind
from apps.response.closing.queries import preview, rules
from apps.response.closing.services import LONGEST
from helpdesk.api.endpoint import ApiView, SetUpView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Department, Status, TicketStatus
from helpdesk.permissions import require


class ClosingRuleIn(StrictSerializer):
    """Days of waiting on the customer, `calendar` days or `working` days of the department's calendar; texts by
    language, then by `reminder` and `warning`."""

    department = serializers.SlugRelatedField(
        slug_field="slug", queryset=Department.objects.all(), required=False, allow_null=True, default=None
    )
    status = serializers.SlugRelatedField(
        slug_field="key", queryset=TicketStatus.objects.all(), required=False, allow_null=True, default=None
    )
    counted_in = serializers.ChoiceField(DayKind.choices, default=DayKind.CALENDAR.value)
    remind_after = serializers.IntegerField(min_value=1, max_value=LONGEST, allow_null=True, default=None)
    warn_after = serializers.IntegerField(min_value=1, max_value=LONGEST, allow_null=True, default=None)
    close_after = serializers.IntegerField(min_value=1, max_value=LONGEST)
    ends_as = serializers.ChoiceField([Status.SOLVED.value, Status.CLOSED.value], default=Status.SOLVED.value)
    texts = serializers.DictField(child=serializers.DictField(child=serializers.CharField()), default=dict)


class ClosingRuleOut(serializers.Serializer):
    id = serializers.IntegerField()
    department = serializers.CharField(source="department.slug", default=None, allow_null=True)
    status = serializers.CharField(source="status.key", default=None, allow_null=True)
    counted_in = serializers.CharField()
    remind_after = serializers.IntegerField(allow_null=True)
    warn_after = serializers.IntegerField(allow_null=True)
    close_after = serializers.IntegerField()
    ends_as = serializers.CharField()
    texts = serializers.DictField()
    is_on = serializers.BooleanField()


class SwitchIn(StrictSerializer):
    on = serializers.BooleanField()


class KeepOpenIn(StrictSerializer):
    on = serializers.BooleanField(required=False, default=True)


class PlannedOut(serializers.Serializer):
    step = serializers.CharField(source="kind")
    count = serializers.IntegerField()
    tickets = serializers.SerializerMethodField()

    def get_tickets(self, planned: object) -> list[int]:
        return [ticket.pk for ticket in getattr(planned, "tickets", [])]


class ClosingRules(SetUpView, verb="response.manage"):
    """By which rules tickets that wait on their customer end by themselves."""

    @extend_schema(operation_id="closing_rules", responses=ClosingRuleOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "response.view")
        return Response({"data": ClosingRuleOut(rules(), many=True).data})

    @extend_schema(operation_id="closing_rules_add", request=ClosingRuleIn, responses={201: ClosingRuleOut})
    def post(self, request: ApiRequest) -> Response:
        """A new one is switched off: look at its preview first."""
        given = taken(ClosingRuleIn(data=request.data))

        def make() -> Response:
            row = services.save_rule(rule=None, **given, by=request.user)
            return Response(ClosingRuleOut(row).data, status=201)

        return self.answer_once(request, make)


class OneClosingRule(SetUpView, verb="response.manage"):
    @extend_schema(operation_id="closing_rules_change", request=ClosingRuleIn, responses=ClosingRuleOut)
    def put(self, request: ApiRequest, pk: int) -> Response:
        row, given = get_object_or_404(rules(), pk=pk), taken(ClosingRuleIn(data=request.data))
        return Response(ClosingRuleOut(services.save_rule(rule=row, **given, by=request.user)).data)

    @extend_schema(operation_id="closing_rules_forget", responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        services.forget_rule(rule=get_object_or_404(rules(), pk=pk), by=request.user)
        return Response(status=204)


class ClosingPreview(ApiView):
    @extend_schema(operation_id="closing_rules_preview", responses=PlannedOut(many=True))
    def get(self, request: ApiRequest, pk: int) -> Response:
        """What it would do now: how many tickets each step, and the first of them."""
        require(request.user, "response.manage")
        planned = preview(get_object_or_404(rules(), pk=pk), at=timezone.now())
        return Response({"data": PlannedOut(planned, many=True).data})


class ClosingSwitch(SetUpView, verb="response.manage"):
    @extend_schema(operation_id="closing_rules_switch", request=SwitchIn, responses=ClosingRuleOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Let it work, or rest."""
        row, given = get_object_or_404(rules(), pk=pk), taken(SwitchIn(data=request.data))
        return Response(ClosingRuleOut(services.switch_rule(rule=row, **given, by=request.user)).data)


class KeepOpen(ApiView, verb="response.hold"):
    @extend_schema(operation_id="tickets_keep_open", request=KeepOpenIn, responses={200: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """It does not close by itself; with `on` false it may again."""
        return act(
            self,
            request,
            number,
            KeepOpenIn,
            lambda ticket, given: services.keep_open(ticket=ticket, **given),
        )
