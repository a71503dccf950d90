"""Who owns the causes of what, by API; and whose one case would be."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis import services
from apps.analysis.models import OwnershipRule
from apps.analysis.queries.ownership import rules_in_order
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer
from helpdesk.http import ApiRequest
from helpdesk.models import Department, Issue, Product, SuspectedCause, User
from helpdesk.permissions import require


def _person() -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(
        slug_field="email", queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )


class OwnershipIn(StrictSerializer):
    """The more precise rule wins; people by their address, nobody: the head of the department."""

    issue = serializers.SlugRelatedField(
        slug_field="code", queryset=Issue.objects.all(), required=False, allow_null=True
    )
    product = serializers.SlugRelatedField(
        slug_field="code", queryset=Product.objects.all(), required=False, allow_null=True
    )
    cause_class = serializers.ChoiceField(choices=SuspectedCause.choices, required=False, allow_blank=True)
    department = serializers.SlugRelatedField(slug_field="slug", queryset=Department.objects.all())
    person = _person()
    deputy = _person()
    sponsor = _person()


class OwnershipOut(serializers.Serializer):
    id = serializers.IntegerField()
    issue = serializers.CharField(source="issue.code", default=None)
    product = serializers.CharField(source="product.code", default=None)
    cause_class = serializers.CharField()
    department = serializers.CharField(source="department.slug")
    person = serializers.CharField(source="person.email", default=None)
    deputy = serializers.CharField(source="deputy.email", default=None)
    sponsor = serializers.CharField(source="sponsor.email", default=None)


class Ownership(ApiView, verb="analysis.route"):
    """The rules, the more precise one first."""

    read_scope = "cases:read"
    write_scope = "cases:write"

    @extend_schema(responses=OwnershipOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "analysis.route")
        return Response({"data": OwnershipOut(rules_in_order(), many=True).data})

    @extend_schema(request=OwnershipIn, responses={201: OwnershipOut})
    def post(self, request: ApiRequest) -> Response:
        asked = OwnershipIn(data=request.data)
        asked.is_valid(raise_exception=True)
        return self.answer_once(request, lambda: self._added(request, asked.validated_data))

    def _added(self, request: ApiRequest, given: dict[str, Any]) -> Response:
        rule = services.add_ownership_rule(**given, by=request.user)
        return Response(OwnershipOut(rule).data, status=201)


class OneOwnership(ApiView, verb="analysis.route"):
    read_scope = "cases:read"
    write_scope = "cases:write"

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """From now on less precise rules decide; what was routed stays where it is."""
        services.remove_ownership_rule(rule=get_object_or_404(OwnershipRule, pk=pk), by=request.user)
        return Response(status=204)
