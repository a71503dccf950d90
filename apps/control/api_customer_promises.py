"""Promises to customers by program."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.control import services
from apps.control.models import CustomerPromise
from apps.control.models.customer_promise import MAX_TEXT
from apps.control.queries_customer_promises import (
    YEAR,
    customer_promises_for,
    customer_promises_of,
    promises_by_month,
)
from apps.response.api import Assignee
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Ticket
from helpdesk.permissions import require


class CustomerPromiseIn(StrictSerializer):
    text = serializers.CharField(max_length=MAX_TEXT)
    due_at = serializers.DateTimeField(required=False)
    working_hours = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    owner = Assignee(required=False)
    is_public = serializers.BooleanField(required=False)


class CustomerPromiseAct(StrictSerializer):
    act = serializers.ChoiceField(["keep", "withdraw"])
    why = serializers.CharField(max_length=MAX_TEXT, required=False, allow_blank=True, default="")


class CustomerPromiseOut(serializers.ModelSerializer[CustomerPromise]):
    owner = serializers.EmailField(source="owner.email")

    class Meta:
        model = CustomerPromise
        fields = (
            "id", "ticket", "message", "text", "due_at", "owner", "is_public", "state", "made_at", "broken_at",
            "settled_at", "why",
        )  # fmt: skip


class TicketPromises(ApiView, verb="control.promise"):
    """What was promised to the customer of a ticket."""

    @extend_schema(operation_id="ticket_promises", responses=CustomerPromiseOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        require(request.user, "control.view")
        ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
        return Response({"data": CustomerPromiseOut(customer_promises_of(ticket), many=True).data})

    @extend_schema(
        operation_id="ticket_promises_make", request=CustomerPromiseIn, responses={201: CustomerPromiseOut}
    )
    def post(self, request: ApiRequest, number: int) -> Response:
        """Promise something until `due_at`, or within so many `working_hours`."""
        ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
        given = taken(CustomerPromiseIn(data=request.data))

        def make() -> Response:
            row = services.make_promise(ticket=ticket, **given, by=request.user, at=timezone.now())
            return Response(CustomerPromiseOut(row).data, status=201)

        return self.answer_once(request, make)


class CustomerPromises(ApiView):
    @extend_schema(operation_id="promises_mine", responses=CustomerPromiseOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        """What the caller has to keep, due first; with `?everybody=1` what anybody has to, on tickets they see."""
        require(request.user, services.PROMISE)
        rows = customer_promises_for(request.user, everybody="everybody" in request.query_params)
        return Response({"data": CustomerPromiseOut(rows, many=True).data})


class OneCustomerPromise(ApiView, verb="control.promise"):
    @extend_schema(operation_id="promises_settle", request=CustomerPromiseAct, responses=CustomerPromiseOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """It was kept, or with a reason it is withdrawn."""
        row = get_object_or_404(CustomerPromise.objects.select_related("ticket", "owner"), pk=pk)
        if not row.is_visible_to(request.user):
            raise Http404
        given = taken(CustomerPromiseAct(data=request.data))
        who: dict[str, Any] = {"promise": row, "by": request.user, "at": timezone.now()}
        if given["act"] == "keep":
            return Response(CustomerPromiseOut(services.keep_promise(**who)).data)
        return Response(CustomerPromiseOut(services.withdraw_promise(**who, why=given["why"])).data)


class PromisesOfMonthOut(serializers.Serializer):
    """By the month in which they were due; `share` is that of those kept among kept and broken."""

    month = serializers.DateField()
    department = serializers.CharField()
    kept = serializers.IntegerField()
    broken = serializers.IntegerField()
    open = serializers.IntegerField()
    withdrawn = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)


class PromiseFigures(ApiView):
    @extend_schema(operation_id="promises_figures", responses=PromisesOfMonthOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        """How many promises to customers were kept, by department and month, a year back and a year ahead."""
        require(request.user, "control.view")
        now = timezone.now()
        rows = promises_by_month(user=request.user, since=now - YEAR, until=now + YEAR)
        return Response({"data": PromisesOfMonthOut(rows, many=True).data})
