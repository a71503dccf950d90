"""Recurring tickets by program: the same as their pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.control.models import Calendar, OffDays, RecurringTicket, Rhythm
from apps.control.recurring import services
from apps.control.recurring.queries import made_of, next_of, when_of
from apps.control.recurring.services import MAX_BODY, MAX_NAME, VERB, Given, given_of
from apps.response.checklists.models import Checklist
from apps.response.rules.api import RuleActIn
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Department
from helpdesk.models.ticket import MAX_SUBJECT
from helpdesk.permissions import require


class RecurringIn(StrictSerializer):
    """`weekdays`: 0 is Monday. `week`: 1 to 4, or -1 for the last of the month. `day` 31 is the last there is."""

    name = serializers.CharField(max_length=MAX_NAME)
    department = serializers.SlugRelatedField(slug_field="slug", queryset=Department.objects.all())
    customer = serializers.EmailField(max_length=254)
    subject = serializers.CharField(max_length=MAX_SUBJECT)
    body = serializers.CharField(max_length=MAX_BODY)
    rhythm = serializers.ChoiceField(Rhythm.choices)
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), max_length=7, required=False
    )
    week = serializers.IntegerField(min_value=-1, max_value=4, required=False)
    day = serializers.IntegerField(min_value=1, max_value=31, required=False)
    month = serializers.IntegerField(min_value=1, max_value=12, required=False)
    time = serializers.TimeField(required=False)
    time_zone = serializers.CharField(max_length=60, required=False)
    calendar = serializers.PrimaryKeyRelatedField(
        queryset=Calendar.objects.all(), required=False, allow_null=True, help_text="Only its working days."
    )
    off_days = serializers.ChoiceField(OffDays.choices, required=False)
    start_on = serializers.DateField()
    end_on = serializers.DateField(required=False, allow_null=True)
    acts = RuleActIn(many=True, required=False)
    checklist = serializers.PrimaryKeyRelatedField(
        queryset=Checklist.objects.filter(is_active=True), required=False, allow_null=True
    )


class RecurringChange(RecurringIn):
    is_paused = serializers.BooleanField(required=False)


class RecurringOut(serializers.ModelSerializer[RecurringTicket]):
    department = serializers.SlugField(source="department.slug")
    customer = serializers.CharField(source="customer.email", allow_null=True)
    rhythm = serializers.ChoiceField(Rhythm.choices)
    off_days = serializers.ChoiceField(OffDays.choices)
    told = serializers.SerializerMethodField()

    class Meta:
        model = RecurringTicket
        fields: tuple[str, ...] = (
            "id", "name", "department", "customer", "subject", "body", "rhythm", "weekdays", "week", "day", "month",
            "time", "time_zone", "calendar", "off_days", "start_on", "end_on", "acts", "checklist", "is_paused",
            "why_paused", "next_at", "told",
        )  # fmt: skip

    def get_told(self, row: RecurringTicket) -> str:
        return when_of(row)


class MadeTicketOut(serializers.Serializer):
    due_at = serializers.DateTimeField()
    ticket = serializers.IntegerField(source="ticket_id")


class RecurringFullOut(RecurringOut):
    """With its next five moments, and the newest tickets it made."""

    upcoming = serializers.SerializerMethodField()
    made = serializers.SerializerMethodField()

    class Meta(RecurringOut.Meta):
        fields = (*RecurringOut.Meta.fields, "upcoming", "made")

    def get_upcoming(self, row: RecurringTicket) -> list[str]:
        return [one.isoformat() for one in next_of(row, at=timezone.now())]

    def get_made(self, row: RecurringTicket) -> list[dict[str, Any]]:
        return [dict(one) for one in MadeTicketOut(made_of(row, self.context["user"]), many=True).data]


class RecurringPreviewOut(serializers.Serializer):
    told = serializers.CharField()
    upcoming = serializers.ListField(child=serializers.DateTimeField())


class RecurringView(ApiView, verb=VERB):
    def rows(self, request: ApiRequest) -> Any:
        require(request.user, VERB)
        rows = RecurringTicket.objects.visible_to(request.user)
        return rows.select_related("department", "customer", "calendar", "checklist")

    def row(self, request: ApiRequest, pk: int) -> RecurringTicket:
        row: RecurringTicket = get_object_or_404(self.rows(request), pk=pk)
        return row

    def whole(self, request: ApiRequest, pk: int) -> Any:
        return RecurringFullOut(self.row(request, pk), context={"user": request.user}).data


class RecurringTickets(RecurringView):
    """Tickets that open themselves."""

    @extend_schema(operation_id="recurring_tickets_list", responses=RecurringOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        return Response({"data": RecurringOut(self.rows(request), many=True).data})

    @extend_schema(
        operation_id="recurring_tickets_write", request=RecurringIn, responses={201: RecurringFullOut}
    )
    def post(self, request: ApiRequest) -> Response:
        def write() -> Response:
            given = Given(**taken(RecurringIn(data=request.data)))
            row = services.save_recurring(given=given, by=request.user, at=timezone.now())
            return Response(self.whole(request, row.pk), status=201)

        return self.answer_once(request, write)


class OneRecurringTicket(RecurringView):
    @extend_schema(operation_id="recurring_tickets_read", responses=RecurringFullOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        return Response(self.whole(request, pk))

    @extend_schema(
        operation_id="recurring_tickets_change",
        request=RecurringChange(partial=True),
        responses=RecurringFullOut,
    )
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Change what is named; `is_paused` lets it rest or go on."""
        row = self.row(request, pk)
        given = taken(RecurringChange(data=request.data, partial=True))
        paused = given.pop("is_paused", None)
        who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
        if given:
            services.save_recurring(given=Given(**given_of(row=row).__dict__ | given), row=row, **who)
        if paused is not None:
            services.pause_recurring(row=row, on=paused, **who)
        return Response(self.whole(request, pk))

    @extend_schema(operation_id="recurring_tickets_remove", responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        services.remove_recurring(row=self.row(request, pk), by=request.user)
        return Response(status=204)


class RecurringPreview(RecurringView):
    @extend_schema(
        operation_id="recurring_tickets_preview", request=RecurringIn, responses=RecurringPreviewOut
    )
    def post(self, request: ApiRequest) -> Response:
        """The next five moments of it; nothing is kept."""
        at = timezone.now()
        row = services.draft(given=Given(**taken(RecurringIn(data=request.data))), at=at)
        return Response(RecurringPreviewOut({"told": when_of(row), "upcoming": next_of(row, at=at)}).data)
