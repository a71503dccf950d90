"""The staffing forecast by API: for a planning tool, and what people are planned by."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis.api_forms import filled_in
from apps.control.models import Calendar
from apps.staff import services
from apps.staff.erlang import TooManyPeople
from apps.staff.forecast import NotEnoughHistory, Tested
from apps.staff.forms.staffing import LeversForm
from apps.staff.models import StaffingRule
from apps.staff.queries import staffing as queries
from apps.staff.queries.forecast_page import finding, sums
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer
from helpdesk.errors import DomainError, Invalid
from helpdesk.http import ApiRequest
from helpdesk.models import Department
from helpdesk.permissions import require

ASKED = ("department", "weeks", *LeversForm.base_fields)


class TooLittleKnown(DomainError):
    """Nothing can be forecast yet."""

    code = "not-enough-history"
    status = 409


class SumsOut(serializers.Serializer):
    """Of an average week: paid hours needed and there; open hours of all weeks in which people are missing."""

    needed = serializers.FloatField()
    there = serializers.FloatField()
    short_hours = serializers.IntegerField()
    peak = serializers.IntegerField()
    reached = serializers.FloatField(allow_null=True)


class TestedOut(serializers.Serializer):
    """The last four weeks, forecast from the days before: how far off the days were together, as a share."""

    error = serializers.FloatField(allow_null=True)
    naive_error = serializers.FloatField(allow_null=True)
    inside = serializers.FloatField()


class DayOut(serializers.Serializer):
    day = serializers.DateField()
    contacts = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    needed_hours = serializers.FloatField()
    there_hours = serializers.FloatField()


class HourOut(serializers.Serializer):
    day = serializers.DateField()
    hour = serializers.IntegerField()
    live = serializers.FloatField()
    deferred = serializers.FloatField()
    needed = serializers.IntegerField()
    needed_low = serializers.IntegerField()
    needed_high = serializers.IntegerField()
    there = serializers.FloatField()


class PartOut(serializers.Serializer):
    weekday = serializers.IntegerField()
    part = serializers.CharField()
    needed = serializers.FloatField()
    there = serializers.FloatField()
    gap = serializers.FloatField()


class ForecastOut(serializers.Serializer):
    department = serializers.CharField(allow_null=True)
    as_of = serializers.DateTimeField()
    finding = serializers.CharField()
    sums = SumsOut()
    tested = TestedOut(allow_null=True)
    parts = PartOut(many=True)
    days = DayOut(many=True)
    hours = HourOut(many=True)


class Forecast(ApiView):
    """Contacts expected, people needed and people there, by day and open hour; with the levers of the page."""

    @extend_schema(
        parameters=[OpenApiParameter(name, OpenApiTypes.STR) for name in ASKED], responses=ForecastOut
    )
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "staff.plan")
        asked = request.query_params
        if unknown := sorted(set(asked) - set(ASKED)):
            raise serializers.ValidationError({name: [f"Known: {', '.join(ASKED)}."] for name in unknown})
        weeks = asked.get("weeks", str(queries.USUAL_WEEKS))
        if weeks not in map(str, queries.WEEKS):
            raise serializers.ValidationError({"weeks": [f"One of {', '.join(map(str, queries.WEEKS))}."]})
        department = _department(request, asked.get("department", ""))
        levers = LeversForm(asked)
        filled_in(levers)
        at = timezone.now()
        try:
            plan = queries.make_plan(queries.read_basis(department, weeks=int(weeks), at=at), levers.levers())
        except NotEnoughHistory as error:
            raise TooLittleKnown(str(error)) from error
        except TooManyPeople as error:
            raise Invalid(str(error)) from error
        return Response(ForecastOut(_told(plan, at)).data)


def _told(plan: queries.Plan, at: Any) -> dict[str, Any]:
    department, opened = plan.basis.department, plan.basis.open_share > 0
    contacts = plan.contacts
    columns = (plan.days, contacts.expected, contacts.low, contacts.high, plan.hours_a_day(plan.need.rota),
               plan.hours_a_day(plan.there))  # fmt: skip
    names = ("day", "contacts", "low", "high", "needed_hours", "there_hours")
    return {
        "department": department.slug if department else None,
        "as_of": at,
        "finding": finding(plan),
        "sums": sums(plan),
        "tested": _tested(plan.tested),
        "parts": plan.parts,
        "days": [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)],
        "hours": [
            {
                "day": day, "hour": hour, "live": plan.live_hours[n, hour],
                "deferred": plan.deferred_hours[n, hour], "needed": plan.need.rota[n, hour],
                "needed_low": plan.low.rota[n, hour], "needed_high": plan.high.rota[n, hour],
                "there": plan.there[n, hour],
            }
            for n, day in enumerate(plan.days)
            for hour in opened[n].nonzero()[0].tolist()
        ],
    }  # fmt: skip


def _tested(found: Tested | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"error": found.error, "naive_error": found.naive_error, "inside": found.inside}


class StaffingRuleIn(StrictSerializer):
    department = serializers.SlugRelatedField(
        slug_field="slug", queryset=Department.objects.all(), allow_null=True
    )
    calendar = serializers.SlugRelatedField(
        slug_field="name", queryset=Calendar.objects.all(), allow_null=True, default=None
    )
    answered_share = serializers.FloatField(default=0.8)
    answered_seconds = serializers.IntegerField(default=20)
    busiest = serializers.FloatField(default=0.85)
    shrinkage = serializers.FloatField(default=0.3)
    promised_hours = serializers.IntegerField(default=8)
    blends = serializers.BooleanField(default=True)
    hours_a_week = serializers.FloatField(default=40.0)
    live_minutes = serializers.FloatField(allow_null=True, default=None)
    deferred_minutes = serializers.FloatField(allow_null=True, default=None)
    minutes_source = serializers.CharField(max_length=250, allow_blank=True, default="")
    minutes_dated_on = serializers.DateField(allow_null=True, default=None)


class StaffingRuleOut(serializers.ModelSerializer):
    department = serializers.CharField(source="department.slug", default=None)
    calendar = serializers.CharField(source="calendar.name", default=None)
    set_by = serializers.CharField(source="set_by.name")

    class Meta:
        model = StaffingRule
        fields = (*StaffingRuleIn().fields, "set_by", "set_at")


class Rules(ApiView, verb="staff.manage"):
    """What people are planned by, by department; the row without one holds for all that have none. PUT replaces one."""

    write_scope = "admin"

    @extend_schema(responses=StaffingRuleOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "staff.plan")
        planned = {one.pk if one else None for one in queries.departments_of(request.user)} | {None}
        rows = [row for key, row in queries.staffing_rules().items() if key in planned]
        return Response({"data": StaffingRuleOut(rows, many=True).data})

    @extend_schema(request=StaffingRuleIn, responses=StaffingRuleOut)
    def put(self, request: ApiRequest) -> Response:
        given = StaffingRuleIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        department = values.pop("department")
        row = services.set_staffing(
            department=department, planned=services.Planned(**values), by=request.user, at=timezone.now()
        )
        return Response(StaffingRuleOut(row).data)


def _department(request: ApiRequest, slug: str) -> Department | None:
    """The one asked for, among those this caller plans; without one asked for the first of them."""
    planned = queries.departments_of(request.user)
    if not slug and planned:
        return planned[0]
    wanted = get_object_or_404(Department, slug=slug)
    if wanted not in planned:
        raise serializers.ValidationError({"department": ["You plan no such department."]})
    return wanted
