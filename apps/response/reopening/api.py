"""What a customer's words do to a ticket that is over, by API."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.response.api import EmptySerializer, act
from apps.response.reopening import services
from apps.response.reopening.models import LateAnswer, ReopenPolicy, ReturnsTo
from helpdesk.api.endpoint import ApiView, SetUpView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Department, Ticket
from helpdesk.permissions import require


class ReopenPolicyIn(StrictSerializer):
    """Days: null for always, 0 for never. Department: null for the company. Texts by language, then `refusal`."""

    department = serializers.SlugRelatedField(
        slug_field="slug", queryset=Department.objects.all(), required=False, allow_null=True, default=None
    )
    days = serializers.IntegerField(min_value=0, max_value=services.LONGEST, allow_null=True)
    returns_to = serializers.ChoiceField(ReturnsTo.choices, default=ReturnsTo.ASSIGNEE)
    late_answer = serializers.ChoiceField(LateAnswer.choices, default=LateAnswer.NEW_TICKET)
    texts = serializers.DictField(child=serializers.DictField(child=serializers.CharField()), default=dict)


class ReopenPolicyOut(serializers.Serializer):
    department = serializers.CharField(source="department.slug", default=None, allow_null=True)
    days = serializers.IntegerField(allow_null=True)
    returns_to = serializers.CharField()
    late_answer = serializers.CharField()
    texts = serializers.DictField()


class ReopenPolicies(SetUpView, verb="response.manage"):
    """For how long an answer opens a ticket again, and what becomes of a later one: the company's policy, and those of
    departments that do otherwise."""

    @extend_schema(operation_id="reopen_policies", responses=ReopenPolicyOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "response.view")
        rows = ReopenPolicy.objects.select_related("department").order_by("pk")
        return Response({"data": ReopenPolicyOut(rows, many=True).data})

    @extend_schema(operation_id="reopen_policies_save", request=ReopenPolicyIn, responses=ReopenPolicyOut)
    def put(self, request: ApiRequest) -> Response:
        """Say it for the company, or for one department."""
        row = services.save_policy(**taken(ReopenPolicyIn(data=request.data)), by=request.user)
        return Response(ReopenPolicyOut(row).data)


class OneReopenPolicy(SetUpView, verb="response.manage"):
    @extend_schema(operation_id="reopen_policies_forget", responses={204: None})
    def delete(self, request: ApiRequest, slug: str) -> Response:
        """The department does as the company does."""
        services.forget_policy(department=get_object_or_404(Department, slug=slug), by=request.user)
        return Response(status=204)


class DenyThanks(ApiView, verb="response.reopen"):
    @extend_schema(operation_id="tickets_deny_thanks", request=EmptySerializer, responses={200: dict})
    def post(self, request: ApiRequest, number: int, pk: int) -> Response:
        """A message was taken for a mere thank-you and is none: the ticket is open again."""

        def do(ticket: Ticket, given: dict[str, Any]) -> Ticket:
            message = get_object_or_404(ticket.messages.select_related("ticket"), pk=pk)
            return services.deny_thanks(message=message, **given)

        return act(self, request, number, EmptySerializer, do)
