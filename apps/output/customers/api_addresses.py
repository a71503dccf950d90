"""Addresses and numbers of a customer by API."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.output.customers import services
from apps.output.customers.api import CustomerView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import CustomerAddress


class AddressIn(StrictSerializer):
    email = serializers.EmailField(max_length=254)


class AddressChangeIn(StrictSerializer):
    is_primary = serializers.BooleanField()

    def validate_is_primary(self, value: bool) -> bool:
        if not value:
            raise serializers.ValidationError("Make another address the primary one instead.")
        return value


class AddressOut(serializers.Serializer):
    id = serializers.IntegerField()
    email = serializers.CharField()
    is_primary = serializers.SerializerMethodField()
    is_proven = serializers.BooleanField()
    reached_at = serializers.DateTimeField(allow_null=True)
    agreed_at = serializers.DateTimeField(allow_null=True)
    undeliverable_until = serializers.DateTimeField(allow_null=True)
    added_at = serializers.DateTimeField()

    def get_is_primary(self, row: CustomerAddress) -> bool:
        return row.email == row.customer.email


class PhoneIn(StrictSerializer):
    number = serializers.CharField(max_length=40)


class PhoneOut(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.CharField()
    added_at = serializers.DateTimeField()


class AddressView(CustomerView, verb="output.edit_customers"):
    def address(self, request: ApiRequest, pk: int, address: int) -> CustomerAddress:
        rows = CustomerAddress.objects.select_related("customer")
        row = rows.filter(pk=address, customer=self.row(request, pk)).first()
        if row is None:
            raise Http404
        return row


class Addresses(AddressView):
    """The addresses of a customer. A claimed one finds them; a proven one speaks for them."""

    @extend_schema(responses=AddressOut(many=True))
    def get(self, request: ApiRequest, pk: int) -> Response:
        rows = CustomerAddress.objects.filter(customer=self.row(request, pk)).select_related("customer")
        return self.page(request, rows, AddressOut)

    @extend_schema(request=AddressIn, responses={201: AddressOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Add one as claimed; letters ask whether it is theirs. 409 where it is another customer's."""
        return self.answer_once(request, lambda: self._added(request, pk))

    def _added(self, request: ApiRequest, pk: int) -> Response:
        row, given = self.row(request, pk), taken(AddressIn(data=request.data))
        address = services.add_address(customer=row, **given, by=request.user, at=timezone.now())
        return Response(AddressOut(address).data, status=201)


class OneAddress(AddressView):
    @extend_schema(request=AddressChangeIn, responses=AddressOut)
    def patch(self, request: ApiRequest, pk: int, address: int) -> Response:
        """`is_primary: true`: we write there from now on. 409 unless it is proven."""
        taken(AddressChangeIn(data=request.data))
        row = self.address(request, pk, address)
        services.make_primary(address=row, by=request.user, at=timezone.now())
        return Response(AddressOut(self.address(request, pk, address)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int, address: int) -> Response:
        row = self.address(request, pk, address)
        services.remove_address(address=row, by=request.user, at=timezone.now())
        return Response(status=204)


class Phones(AddressView):
    """Further phone numbers of a customer."""

    @extend_schema(responses=PhoneOut(many=True))
    def get(self, request: ApiRequest, pk: int) -> Response:
        return self.page(request, self.row(request, pk).phones.all(), PhoneOut)

    @extend_schema(request=PhoneIn, responses={201: PhoneOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        return self.answer_once(request, lambda: self._added(request, pk))

    def _added(self, request: ApiRequest, pk: int) -> Response:
        row, given = self.row(request, pk), taken(PhoneIn(data=request.data))
        phone = services.add_phone(customer=row, **given, by=request.user, at=timezone.now())
        return Response(PhoneOut(phone).data, status=201)


class OnePhone(AddressView):
    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int, phone: int) -> Response:
        row = self.row(request, pk).phones.select_related("customer").filter(pk=phone).first()
        if row is None:
            raise Http404
        services.remove_phone(phone=row, by=request.user, at=timezone.now())
        return Response(status=204)
