"""Time on tickets, by program."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api import views as intake
from apps.response.timekeeping import services
from apps.response.timekeeping.models import TimeEntry
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class TimeIn(StrictSerializer):
    minutes = serializers.IntegerField()
    what = serializers.CharField(max_length=200, required=False, allow_blank=True)
    worked_at = serializers.DateTimeField(required=False)


class StrikeIn(StrictSerializer):
    why = serializers.CharField(max_length=200)


class TimeOut(serializers.ModelSerializer[TimeEntry]):
    user = serializers.EmailField(source="user.email")

    class Meta:
        model = TimeEntry
        fields = ("id", "user", "minutes", "what", "worked_at", "made_at", "struck_at", "struck_why")


class TicketTime(ApiView, verb="response.note"):
    """How long people worked on a ticket."""

    @extend_schema(operation_id="ticket_time_list", responses={200: dict})
    def get(self, request: ApiRequest, number: int) -> Response:
        """The sum, and what it consists of; what was struck out too."""
        require(request.user, "response.view")
        ticket = intake.visible(request, pk=number)
        rows = TimeEntry.objects.filter(ticket=ticket).select_related("user")
        return Response({"handling_minutes": ticket.handling_minutes, "data": TimeOut(rows, many=True).data})

    @extend_schema(operation_id="ticket_time_book", request=TimeIn, responses={201: TimeOut})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Write minutes of the caller's own work down."""

        def book() -> Response:
            ticket, given = intake.visible(request, pk=number), taken(TimeIn(data=request.data))
            row = services.book_time(ticket=ticket, **given, by=request.user, at=timezone.now())
            return Response(TimeOut(row).data, status=201)

        return self.answer_once(request, book)


class StrikeTime(ApiView, verb="response.note"):
    """What was written down wrongly."""

    @extend_schema(operation_id="ticket_time_strike_out", request=StrikeIn, responses=TimeOut)
    def post(self, request: ApiRequest, number: int, pk: int) -> Response:
        """Strike an entry out, with the reason: it counts no more and stays to be read."""
        ticket, given = intake.visible(request, pk=number), taken(StrikeIn(data=request.data))
        entry = TimeEntry.objects.select_related("ticket").filter(pk=pk, ticket=ticket).first()
        if entry is None:
            raise Http404
        row = services.strike_out(entry=entry, **given, by=request.user, at=timezone.now())
        return Response(TimeOut(row).data)
