"""Rules of retention, and holds, by API."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.output.customers.api import CustomerView
from apps.output.privacy.models import LegalHold, RetentionRule
from apps.output.privacy.services import retention as services
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Customer, Department, Ticket
from helpdesk.permissions import require


class RetentionRuleOut(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(RetentionRule.Kind.choices)
    department = serializers.CharField(source="department.slug", allow_null=True, default=None)
    days = serializers.IntegerField()
    is_on = serializers.BooleanField()
    due = serializers.SerializerMethodField(help_text="How many rows it would take now")

    def get_due(self, row: RetentionRule) -> int:
        return services.due(row, at=timezone.now()).count()


class RetentionRuleIn(StrictSerializer):
    kind = serializers.ChoiceField(RetentionRule.Kind.choices)
    department = serializers.SlugRelatedField(
        slug_field="slug", queryset=Department.objects.all(), required=False, allow_null=True, default=None
    )
    days = serializers.IntegerField(min_value=7, max_value=36_500)


class RetentionSwitchIn(StrictSerializer):
    is_on = serializers.BooleanField()


class LegalHoldOut(serializers.Serializer):
    id = serializers.IntegerField()
    ticket = serializers.IntegerField(source="ticket_id", allow_null=True)
    customer = serializers.IntegerField(source="customer_id", allow_null=True)
    reason = serializers.CharField()
    placed_at = serializers.DateTimeField()
    lifted_at = serializers.DateTimeField(allow_null=True)


class LegalHoldIn(StrictSerializer):
    ticket = serializers.PrimaryKeyRelatedField(queryset=Ticket.objects.all(), required=False)
    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.all(), required=False)
    reason = serializers.CharField(max_length=200)


class RetentionView(CustomerView, verb="output.retention"):
    read_scope = write_scope = "admin"

    def rule(self, request: ApiRequest, pk: int) -> RetentionRule:
        require(request.user, services.RETENTION)
        row = RetentionRule.objects.select_related("department").filter(pk=pk).first()
        if row is None:
            raise Http404
        return row


class RetentionRules(RetentionView):
    """How long words are kept."""

    @extend_schema(responses=RetentionRuleOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, services.RETENTION)
        return self.page(request, RetentionRule.objects.select_related("department"), RetentionRuleOut)

    @extend_schema(request=RetentionRuleIn, responses={201: RetentionRuleOut})
    def post(self, request: ApiRequest) -> Response:
        """A new rule; it does nothing until it is switched on."""
        given = taken(RetentionRuleIn(data=request.data))
        row = services.set_rule(**given, by=request.user, at=timezone.now())
        return Response(RetentionRuleOut(row).data, status=201)


class OneRetentionRule(RetentionView):
    """One rule."""

    @extend_schema(request=RetentionSwitchIn, responses=RetentionRuleOut)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Switch it on or off."""
        row, given = self.rule(request, pk), taken(RetentionSwitchIn(data=request.data))
        row = services.switch_rule(rule=row, **given, by=request.user, at=timezone.now())
        return Response(RetentionRuleOut(row).data)

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        services.remove_rule(rule=self.rule(request, pk), by=request.user, at=timezone.now())
        return Response(status=204)


class LegalHolds(RetentionView):
    """What must be kept, whatever the rules say."""

    @extend_schema(responses=LegalHoldOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, services.RETENTION)
        return self.page(request, LegalHold.objects.all(), LegalHoldOut)

    @extend_schema(request=LegalHoldIn, responses={201: LegalHoldOut})
    def post(self, request: ApiRequest) -> Response:
        """Hold a ticket, or everything of a customer."""
        given = taken(LegalHoldIn(data=request.data))
        row = services.place_hold(**given, by=request.user, at=timezone.now())
        return Response(LegalHoldOut(row).data, status=201)


class LiftLegalHold(RetentionView):
    """A hold that is not needed any more."""

    @extend_schema(request=None, responses=LegalHoldOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        row = LegalHold.objects.filter(pk=pk).first()
        if row is None:
            raise Http404
        row = services.lift_hold(hold=row, by=request.user, at=timezone.now())
        return Response(LegalHoldOut(row).data)
