"""Merging customers by API."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.output.customers import services
from apps.output.customers.api import CustomerView
from apps.output.customers.models import CustomerMerge
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest


class MergeIn(StrictSerializer):
    gone = serializers.IntegerField(min_value=1, help_text="The customer that becomes part of this one")


class MergeOut(serializers.Serializer):
    id = serializers.IntegerField()
    kept = serializers.IntegerField(source="kept_id")
    gone = serializers.IntegerField(source="gone_id")
    at = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)


class MergeCustomer(CustomerView, verb="output.merge_customers"):
    """Two customers are one person."""

    @extend_schema(request=MergeIn, responses={201: MergeOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Everything of `gone` becomes this customer's. It can be undone for thirty days."""
        return self.answer_once(request, lambda: self._merged(request, pk))

    def _merged(self, request: ApiRequest, pk: int) -> Response:
        kept, given = self.row(request, pk), taken(MergeIn(data=request.data))
        merge = services.merge_customers(
            kept=kept, gone=self.row(request, given["gone"]), by=request.user, at=timezone.now()
        )
        return Response(MergeOut(merge).data, status=201)


class UndoMerge(CustomerView, verb="output.merge_customers"):
    """They are two after all."""

    @extend_schema(request=None, responses=MergeOut)
    def post(self, request: ApiRequest, pk: int, merge: int) -> Response:
        rows = CustomerMerge.objects.select_related("kept", "gone")
        row = rows.filter(pk=merge, kept=self.row(request, pk)).first()
        if row is None:
            raise Http404
        return Response(MergeOut(services.undo_merge(merge=row, by=request.user, at=timezone.now())).data)
