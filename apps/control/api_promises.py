"""Calendars, days off, promises of time and their ladders, by API: what the pages of clocks can do."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.control import ics, queries, services
from apps.control.clock import due_at
from apps.control.fitting import Facts, trials
from apps.control.models import Calendar, Rung, ServicePolicy
from apps.control.queries_recount import recount_preview
from apps.control.services.policies import LONGEST, MOST_TIMES, PROMISES, Terms
from helpdesk.api.endpoint import ApiView, SetUpView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.errors import Invalid
from helpdesk.http import ApiRequest, number_in
from helpdesk.models import Channel, Customer, Department, Issue, Severity, Ticket, User
from helpdesk.permissions import require

DAYS_A_WEEK = 7
SHOWN = 200


def _slug(model: Any, field: str) -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(
        slug_field=field, queryset=model.objects.all(), required=False, allow_null=True, default=None
    )


class CalendarIn(StrictSerializer):
    name = serializers.CharField(max_length=80)
    time_zone = serializers.CharField(max_length=60)
    week = serializers.ListField(
        child=serializers.CharField(max_length=80, allow_blank=True),
        min_length=DAYS_A_WEEK,
        max_length=DAYS_A_WEEK,
    )
    country = serializers.CharField(max_length=2, allow_blank=True, default="")
    subdivision = serializers.CharField(max_length=10, allow_blank=True, default="")


class CalendarOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    time_zone = serializers.CharField()
    week = serializers.ListField(child=serializers.CharField())
    country = serializers.CharField()
    subdivision = serializers.CharField()
    days_off = serializers.SerializerMethodField()

    def get_days_off(self, row: Calendar) -> list[dict[str, str]]:
        names = row.names_of_days
        return [{"day": day.isoformat(), "name": names.get(day.isoformat(), "")} for day in row.days_off]


class DayOffIn(StrictSerializer):
    day = serializers.DateField()
    name = serializers.CharField(max_length=120, allow_blank=True, default="")


class DaysOffIn(StrictSerializer):
    """Days one by one, or the text of a calendar file; with `preview` nothing is kept."""

    days = DayOffIn(many=True, default=list)
    ics = serializers.CharField(max_length=ics.MOST_CHARACTERS, allow_blank=True, default="")
    preview = serializers.BooleanField(default=False)


class BackIn(StrictSerializer):
    days = serializers.ListField(child=serializers.DateField(), max_length=2_000)


class DueIn(CalendarIn):
    """A calendar that is kept, or one that is only thought of, and a moment."""

    name = serializers.CharField(max_length=80, default="Tried")
    time_zone = serializers.CharField(max_length=60, required=False)
    week = serializers.ListField(
        child=serializers.CharField(max_length=80, allow_blank=True), min_length=DAYS_A_WEEK, max_length=DAYS_A_WEEK,
        required=False,
    )  # fmt: skip
    calendar = serializers.PrimaryKeyRelatedField(queryset=Calendar.objects.all(), required=False)
    start = serializers.DateTimeField()
    minutes = serializers.IntegerField(min_value=0, max_value=LONGEST)


class PolicyIn(StrictSerializer):
    name = serializers.CharField(max_length=80)
    calendar = serializers.PrimaryKeyRelatedField(queryset=Calendar.objects.all())
    department = _slug(Department, "slug")
    issue = _slug(Issue, "code")
    customer = _slug(Customer, "email")
    severity = serializers.ChoiceField(Severity.choices, allow_null=True, default=None)
    segment = serializers.CharField(max_length=60, allow_blank=True, default="")
    organisation = serializers.CharField(max_length=200, allow_blank=True, default="")
    channel = serializers.ChoiceField(Channel.choices, allow_blank=True, default="")
    pauses_on = serializers.ListField(
        child=serializers.CharField(max_length=16), default=["waiting_customer"]
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        times = {
            name: serializers.IntegerField(min_value=0, max_value=LONGEST, allow_null=True, default=None)
            for name in PROMISES
        }
        return super().get_fields() | times


class RungIn(StrictSerializer):
    after_minutes = serializers.IntegerField(min_value=0, max_value=LONGEST)
    tell = serializers.ChoiceField(Rung.Tell.choices)
    person = _slug(User, "email")
    role = serializers.CharField(max_length=12, allow_blank=True, default="")
    department = _slug(Department, "slug")
    times = serializers.IntegerField(min_value=1, max_value=MOST_TIMES, default=1)
    repeat_minutes = serializers.IntegerField(min_value=1, max_value=LONGEST, allow_null=True, default=None)


class RungOut(serializers.Serializer):
    id = serializers.IntegerField()
    after_minutes = serializers.IntegerField()
    tell = serializers.CharField()
    person = serializers.CharField(source="person.email", default=None)
    role = serializers.CharField()
    department = serializers.CharField(source="department.slug", default=None)
    times = serializers.IntegerField()
    repeat_minutes = serializers.IntegerField(allow_null=True)


class PolicyOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    order = serializers.IntegerField()
    calendar = serializers.IntegerField(source="calendar_id")
    department = serializers.CharField(source="department.slug", default=None)
    issue = serializers.CharField(source="issue.code", default=None)
    customer = serializers.CharField(source="customer.email", default=None)
    severity = serializers.IntegerField(allow_null=True)
    segment = serializers.CharField()
    organisation = serializers.CharField()
    channel = serializers.CharField()
    pauses_on = serializers.ListField(child=serializers.CharField())
    retired_at = serializers.DateTimeField(allow_null=True)
    rungs = RungOut(many=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | {name: serializers.IntegerField(allow_null=True) for name in PROMISES}


class OrderIn(StrictSerializer):
    order = serializers.ListField(child=serializers.IntegerField(), max_length=1_000)


class RecountIn(StrictSerializer):
    policy = serializers.IntegerField(allow_null=True, default=None)
    calendar = serializers.IntegerField(allow_null=True, default=None)


class Calendars(SetUpView, verb="control.manage"):
    """When somebody is there."""

    @extend_schema(responses=CalendarOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "control.manage")
        return Response({"data": CalendarOut(Calendar.objects.all(), many=True).data})

    @extend_schema(request=CalendarIn, responses={201: CalendarOut})
    def post(self, request: ApiRequest) -> Response:
        given = taken(CalendarIn(data=request.data))

        def act() -> Response:
            row = services.save_calendar(calendar=None, **given, by=request.user)
            return Response(CalendarOut(row).data, status=201)

        return self.answer_once(request, act)


class OneCalendar(SetUpView, verb="control.manage"):
    """A calendar: its hours and holidays."""

    @extend_schema(responses=CalendarOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "control.manage")
        return Response(CalendarOut(get_object_or_404(Calendar, pk=pk)).data)

    @extend_schema(request=CalendarIn, responses=CalendarOut)
    def put(self, request: ApiRequest, pk: int) -> Response:
        row, given = get_object_or_404(Calendar, pk=pk), taken(CalendarIn(data=request.data))
        return Response(CalendarOut(services.save_calendar(calendar=row, **given, by=request.user)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        services.drop_calendar(calendar=get_object_or_404(Calendar, pk=pk), by=request.user)
        return Response(status=204)


class DaysOff(SetUpView, verb="control.manage"):
    """Own days off: one by one, or out of a calendar file, which can be previewed."""

    @extend_schema(request=DaysOffIn, responses=OpenApiTypes.OBJECT)
    def post(self, request: ApiRequest, pk: int) -> Response:
        row, given = get_object_or_404(Calendar, pk=pk), taken(DaysOffIn(data=request.data))
        found = {one["day"]: one["name"] for one in given["days"]}
        reading = ics.read(given["ics"], today=timezone.localdate()) if given["ics"] else ics.Reading((), ())
        found |= {one.day: one.name for one in reading.days}
        answer = {
            "days": [{"day": day.isoformat(), "name": name} for day, name in sorted(found.items())],
            "not_taken": [{"name": one.name, "reason": one.reason} for one in reading.not_taken],
            "new": len(set(found) - set(row.days_off)),
        }
        if given["preview"]:
            return Response(answer)

        def act() -> Response:
            new = services.take_days_off(calendar=row, days=found, by=request.user)
            return Response(answer | {"new": new})

        return self.answer_once(request, act)

    @extend_schema(request=BackIn, responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        row, given = get_object_or_404(Calendar, pk=pk), taken(BackIn(data=request.data))
        services.give_days_back(calendar=row, days=given["days"], by=request.user)
        return Response(status=204)


class Due(SetUpView, verb="control.manage"):
    """When a promise would be due, in a calendar that is kept or in one that is only thought of."""

    @extend_schema(request=DueIn, responses=OpenApiTypes.OBJECT)
    def post(self, request: ApiRequest) -> Response:
        given = taken(DueIn(data=request.data))
        start, minutes, known = given.pop("start"), given.pop("minutes"), given.pop("calendar", None)
        if known is None and not {"time_zone", "week"} <= set(given):
            raise Invalid("Name a calendar, or give its time_zone and week.", pointer="calendar")
        row = known or Calendar(**given | {"name": " "})
        if known is None:
            services.check_calendar(calendar=Calendar(**given))
        return Response({"start": start, "due_at": due_at(start, minutes, row.hours(around=start.date()))})


class Policies(SetUpView, verb="control.manage"):
    """What is promised in time, in the order in which it is tried."""

    @extend_schema(responses=PolicyOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "control.manage")
        return Response({"data": PolicyOut(queries.policies_in_force(), many=True).data})

    @extend_schema(request=PolicyIn, responses={201: PolicyOut})
    def post(self, request: ApiRequest) -> Response:
        terms = Terms(**taken(PolicyIn(data=request.data)))

        def act() -> Response:
            row = services.save_policy(policy=None, terms=terms, by=request.user)
            return Response(PolicyOut(row).data, status=201)

        return self.answer_once(request, act)


class OnePolicy(SetUpView, verb="control.manage"):
    """A policy. Deleting retires it: what it promised stays promised."""

    @extend_schema(responses=PolicyOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "control.manage")
        return Response(PolicyOut(get_object_or_404(ServicePolicy, pk=pk)).data)

    @extend_schema(request=PolicyIn, responses=PolicyOut)
    def put(self, request: ApiRequest, pk: int) -> Response:
        row, terms = get_object_or_404(ServicePolicy, pk=pk), Terms(**taken(PolicyIn(data=request.data)))
        return Response(PolicyOut(services.save_policy(policy=row, terms=terms, by=request.user)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        row = get_object_or_404(ServicePolicy, pk=pk)
        services.retire_policy(policy=row, by=request.user, at=timezone.now())
        return Response(status=204)


class Order(SetUpView, verb="control.manage"):
    """The order in which policies are tried."""

    @extend_schema(request=OrderIn, responses=PolicyOut(many=True))
    def put(self, request: ApiRequest) -> Response:
        given = taken(OrderIn(data=request.data))
        services.order_policies(numbers=given["order"], by=request.user)
        return Response({"data": PolicyOut(queries.policies_in_force(), many=True).data})


class Fitting(ApiView):
    """Which policy a ticket gets, and what keeps each of the others from it."""

    @extend_schema(parameters=[OpenApiParameter("ticket", int, required=True)], responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "control.manage")
        number = number_in(request.query_params.get("ticket", ""))
        seen = Ticket.objects.visible_to(request.user).select_related("customer", "primary_issue")
        facts: Facts = queries.facts_of(get_object_or_404(seen, pk=number))
        found = trials(queries.policies_in_force(), facts)
        return Response(
            {
                "policy": next((one.policy.pk for one in found if one.is_chosen), None),
                "tried": [{"policy": one.policy.pk, "name": one.policy.name, "misfits": one.misfits} for one in found],
            }
        )  # fmt: skip


class Recount(SetUpView, verb="control.manage"):
    """Running promises counted anew: what it would do, and the doing."""

    @extend_schema(
        parameters=[OpenApiParameter("policy", int), OpenApiParameter("calendar", int)],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "control.manage")
        chosen = {name: number_in(request.query_params.get(name, "")) for name in ("policy", "calendar")}
        preview = recount_preview(**chosen, at=timezone.now())
        return Response(
            {
                "looked_at": preview.looked_at, "is_all": preview.is_all, "changed": len(preview.changed),
                "earlier": preview.earlier, "later": preview.later, "overdue": preview.overdue, "void": preview.void,
                "promises": [
                    {
                        "ticket": row.clock.ticket_id, "kind": row.clock.kind, "due_at": row.clock.due_at,
                        "would_be_due_at": row.due_at, "policy": row.policy.pk if row.policy else None,
                    }
                    for row in preview.changed[:SHOWN]
                ],
            }
        )  # fmt: skip

    @extend_schema(request=RecountIn, responses=OpenApiTypes.OBJECT)
    def post(self, request: ApiRequest) -> Response:
        given = taken(RecountIn(data=request.data))
        return Response({"changed": services.recount(**given, by=request.user, at=timezone.now())})


class Rungs(SetUpView, verb="control.manage"):
    """The ladder of a policy."""

    @extend_schema(request=RungIn, responses={201: RungOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        row, given = get_object_or_404(ServicePolicy, pk=pk), taken(RungIn(data=request.data))

        def act() -> Response:
            return Response(RungOut(services.add_rung(policy=row, **given, by=request.user)).data, status=201)

        return self.answer_once(request, act)


class OneRung(SetUpView, verb="control.manage"):
    """A step to be taken out of the ladder."""

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int, rung: int) -> Response:
        row = get_object_or_404(Rung.objects.select_related("policy"), pk=rung, policy=pk)
        services.take_out_rung(rung=row, by=request.user)
        return Response(status=204)
