"""Customers by API: the same as their pages."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.output.customers import services
from apps.output.customers.models import CustomerNote
from apps.output.customers.queries import fitting, version_of
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Customer
from helpdesk.permissions import require


class CustomerOut(serializers.Serializer):
    id = serializers.IntegerField()
    email = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    phone = serializers.CharField()
    organisation = serializers.CharField()
    segment = serializers.CharField()
    region = serializers.CharField()
    language = serializers.CharField()
    time_zone = serializers.CharField()
    value = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    joined_on = serializers.DateField(allow_null=True)
    left_on = serializers.DateField(allow_null=True)
    external_id = serializers.CharField(allow_null=True)
    anonymised_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    version = serializers.SerializerMethodField()

    def get_version(self, row: Customer) -> int:
        return version_of(row)


class CustomerShortOut(CustomerOut):
    """A row of the list: without its version, which would cost a query each."""

    version = None  # type: ignore[assignment]


class CustomerChangeIn(StrictSerializer):
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    organisation = serializers.CharField(max_length=200, required=False, allow_blank=True)
    segment = serializers.CharField(max_length=60, required=False, allow_blank=True)
    region = serializers.CharField(max_length=60, required=False, allow_blank=True)
    language = serializers.CharField(max_length=10, required=False, allow_blank=True)
    time_zone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    value = serializers.DecimalField(max_digits=12, decimal_places=2, required=False, allow_null=True)
    joined_on = serializers.DateField(required=False, allow_null=True)
    left_on = serializers.DateField(required=False, allow_null=True)
    external_id = serializers.CharField(max_length=200, required=False, allow_null=True)
    version = serializers.IntegerField(required=False, min_value=0)


class CustomerIn(CustomerChangeIn):
    email = serializers.EmailField(max_length=254, required=False, allow_null=True)
    version = None  # type: ignore[assignment]


class NoteIn(StrictSerializer):
    body = serializers.CharField(max_length=services.MAX_NOTE)


class NoteOut(serializers.Serializer):
    id = serializers.IntegerField()
    body = serializers.CharField()
    by = serializers.CharField(source="by.email")
    at = serializers.DateTimeField()


class CustomerView(ApiView, verb="output.edit_customers"):
    """Whom we serve. A program of one department knows those who wrote to it."""

    read_scope = "customers:read"
    write_scope = "customers:write"

    def row(self, request: ApiRequest, pk: int) -> Customer:
        require(request.user, "output.customers")
        row = Customer.objects.visible_to(request.user).filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def page(self, request: ApiRequest, rows: QuerySet, out: type[serializers.Serializer]) -> Response:
        pager = Cursor()
        found = pager.paginate_queryset(rows, request, self) or []
        return pager.get_paginated_response(out(found, many=True).data)


class Customers(CustomerView):
    """The customers, the newest first."""

    @extend_schema(
        parameters=[
            OpenApiParameter("email", str, description="The whole address, any of theirs"),
            OpenApiParameter("external_id", str),
            OpenApiParameter(
                "q", str, description="Name (with a slip of the pen), address, number, organisation"
            ),
        ],
        responses=CustomerShortOut(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "output.customers")
        rows, asked = Customer.objects.visible_to(request.user), request.query_params
        if email := asked.get("email"):
            rows = rows.filter(addresses__email=email.strip().lower())
        if external_id := asked.get("external_id"):
            rows = rows.filter(external_id=external_id)
        if text := " ".join(asked.get("q", "").split())[:200]:
            rows = rows.filter(pk__in=fitting(text), anonymised_at=None)
        return self.page(request, rows, CustomerShortOut)

    @extend_schema(request=CustomerIn, responses={201: CustomerOut})
    def post(self, request: ApiRequest) -> Response:
        """Make a customer known before they write. One with this address or external id is refused with 409."""
        return self.answer_once(request, lambda: self._made(request))

    def _made(self, request: ApiRequest) -> Response:
        given = taken(CustomerIn(data=request.data))
        row = services.add_customer(values=given, by=request.user, at=timezone.now())
        return Response(CustomerOut(row).data, status=201)


class OneCustomer(CustomerView):
    """One customer."""

    @extend_schema(responses=CustomerOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        return Response(CustomerOut(self.row(request, pk)).data)

    @extend_schema(request=CustomerChangeIn, responses=CustomerOut)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Fields that are not sent stay. With `version`, somebody else's change meanwhile is refused with 409."""
        row, values = self.row(request, pk), taken(CustomerChangeIn(data=request.data))
        version: Any = values.pop("version", None)
        row = services.change_customer(
            customer=row, values=values, version=version, by=request.user, at=timezone.now()
        )
        return Response(CustomerOut(row).data)


class CustomerNotes(CustomerView):
    """What colleagues should know of a customer, whatever the ticket."""

    @extend_schema(responses=NoteOut(many=True))
    def get(self, request: ApiRequest, pk: int) -> Response:
        rows = CustomerNote.objects.filter(customer=self.row(request, pk)).select_related("by")
        return self.page(request, rows, NoteOut)

    @extend_schema(request=NoteIn, responses={201: NoteOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        return self.answer_once(request, lambda: self._noted(request, pk))

    def _noted(self, request: ApiRequest, pk: int) -> Response:
        row, given = self.row(request, pk), taken(NoteIn(data=request.data))
        note = services.note_customer(customer=row, **given, by=request.user, at=timezone.now())
        return Response(NoteOut(note).data, status=201)
