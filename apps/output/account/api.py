"""Where a customer is signed in, by API: seen, and ended."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.output.account import services
from apps.output.account.queries import sessions_of
from apps.output.customers.api import CustomerView
from helpdesk.http import ApiRequest


class CustomerSessionOut(serializers.Serializer):
    begun_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField()


class CustomerSessions(CustomerView):
    """Browsers in which a customer is signed in to the help pages, the one that was used last first."""

    @extend_schema(operation_id="customer_sessions", responses=CustomerSessionOut(many=True))
    def get(self, request: ApiRequest, pk: int) -> Response:
        rows = sessions_of(self.row(request, pk), timezone.now())
        return Response({"data": CustomerSessionOut(rows, many=True).data})

    @extend_schema(operation_id="customer_sessions_end", responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """End them all, and the links by letter that nobody has used yet. Again is as good as once."""
        services.sign_out_customer(customer=self.row(request, pk), by=request.user, at=timezone.now())
        return Response(status=204)
