"""Exports and erasures by API."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.output.customers.api import CustomerView
from apps.output.privacy.models import CustomerExport
from apps.output.privacy.services import erasing, exporting
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class ExportIn(StrictSerializer):
    with_notes = serializers.BooleanField(required=False, default=False)


class ExportOut(serializers.Serializer):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(CustomerExport.State.choices)
    with_notes = serializers.BooleanField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    size = serializers.IntegerField()
    asked_at = serializers.DateTimeField()
    kept_until = serializers.DateTimeField(allow_null=True)


class EraseIn(StrictSerializer):
    typed = serializers.CharField(max_length=254)
    reason = serializers.CharField(max_length=200)


class ErasureOut(serializers.Serializer):
    id = serializers.IntegerField()
    step = serializers.IntegerField()
    steps = serializers.IntegerField()
    asked_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class CustomerExports(CustomerView, verb="output.export_customers"):
    """Everything known of a customer as one archive."""

    read_scope = write_scope = "admin"

    @extend_schema(responses=ExportOut(many=True))
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, exporting.EXPORT)
        return self.page(request, CustomerExport.objects.filter(customer=self.row(request, pk)), ExportOut)

    @extend_schema(request=ExportIn, responses={202: ExportOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Have one made; it is fetched from its own address once it is ready, for a week."""
        given = taken(ExportIn(data=request.data))
        row = exporting.ask_for_export(
            customer=self.row(request, pk), **given, by=request.user, at=timezone.now()
        )
        return Response(ExportOut(row).data, status=202)


class OneCustomerExport(CustomerView):
    """One archive."""

    read_scope = write_scope = "admin"

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: ApiRequest, pk: int, export: int) -> FileResponse:
        """The archive; 409 while it is not ready, or no longer kept."""
        row = CustomerExport.objects.filter(pk=export, customer=self.row(request, pk)).first()
        if row is None:
            raise Http404
        row = exporting.fetch_export(export=row, by=request.user, at=timezone.now())
        return FileResponse(
            default_storage.open(row.place), as_attachment=True, filename=f"customer-{pk}.zip"
        )


class EraseCustomer(CustomerView, verb="output.erase_customers"):
    """A customer who asks to be forgotten."""

    read_scope = write_scope = "admin"

    @extend_schema(request=EraseIn, responses={202: ErasureOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Erase them; `typed` is their address, or else their name. It can't be undone. A worker does it."""
        given = taken(EraseIn(data=request.data))
        row = erasing.erase_customer(
            customer=self.row(request, pk), **given, by=request.user, at=timezone.now()
        )
        return Response(ErasureOut(row).data, status=202)
