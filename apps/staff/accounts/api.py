"""Accounts of colleagues and departments, by API."""

from dataclasses import asdict

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api.fields import DepartmentSlug
from apps.staff.accounts import queries, services
from apps.staff.queries.people import STAFF, staff
from helpdesk.api.endpoint import SetUpView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Department, User
from helpdesk.permissions import require


class ColleagueIn(StrictSerializer):
    """Owners, leads and agents need a department: they see its tickets."""

    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(STAFF)
    department = DepartmentSlug("department")
    language = serializers.CharField(max_length=10, allow_blank=True, default="")
    time_zone = serializers.CharField(max_length=60, default="UTC")


class ColleagueChange(ColleagueIn):
    is_active = serializers.BooleanField(default=True)


class ColleagueOut(serializers.ModelSerializer[User]):
    """`last_login`: never, for who has not chosen a password yet."""

    department = serializers.SlugField(source="department.slug", default=None, allow_null=True)

    class Meta:
        model = User
        fields = (
            "id", "name", "email", "role", "department", "language", "time_zone", "is_active", "last_login",
        )  # fmt: skip


class Colleagues(SetUpView, verb="staff.accounts"):
    """Who works here, or did."""

    read_scope = "staff:read"

    @extend_schema(operation_id="colleagues", responses=ColleagueOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "staff.view")
        pages = Cursor()
        rows = pages.paginate_queryset(queries.colleagues().order_by("-pk"), request, view=self)
        return pages.get_paginated_response(ColleagueOut(rows, many=True).data)

    @extend_schema(operation_id="colleagues_add", request=ColleagueIn, responses={201: ColleagueOut})
    def post(self, request: ApiRequest) -> Response:
        """Give somebody an account; a letter leads them to their password."""
        given = taken(ColleagueIn(data=request.data))

        def add() -> Response:
            row = services.add_colleague(**{"department": None} | given, by=request.user, at=timezone.now())
            return Response(ColleagueOut(row).data, status=201)

        return self.answer_once(request, add)


class OneColleague(SetUpView, verb="staff.accounts"):
    """One of them. `is_active: false` is for who has left: their open tickets go to others."""

    read_scope = "staff:read"

    @extend_schema(operation_id="colleague", responses=ColleagueOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "staff.view")
        return Response(ColleagueOut(get_object_or_404(queries.colleagues(), pk=pk)).data)

    @extend_schema(operation_id="colleague_change", request=ColleagueChange, responses=ColleagueOut)
    def put(self, request: ApiRequest, pk: int) -> Response:
        row, given = get_object_or_404(queries.colleagues(), pk=pk), taken(ColleagueChange(data=request.data))
        on, now = given.pop("is_active"), timezone.now()
        row = services.change_colleague(user=row, **{"department": None} | given, by=request.user, at=now)
        if row.is_active != on:
            row = services.switch_colleague(user=row, on=on, by=request.user, at=now)
        return Response(ColleagueOut(row).data)


class InviteColleague(SetUpView, verb="staff.accounts"):
    """A letter with a link to choose a password, to who never got in, or does not any more."""

    @extend_schema(operation_id="colleague_invite", request=None, responses={204: None})
    def post(self, request: ApiRequest, pk: int) -> Response:
        row = get_object_or_404(staff(), pk=pk)
        services.send_password_link(user=row, by=request.user, at=timezone.now())
        return Response(status=204)


class ActOut(serializers.Serializer[object]):
    verb = serializers.CharField()
    words = serializers.CharField()


class RoleOut(serializers.Serializer[object]):
    """`sees`: which tickets; `may`: what else, each in the words of the page."""

    role = serializers.ChoiceField(STAFF)
    name = serializers.CharField(source="label")
    sees = serializers.CharField()
    people = serializers.IntegerField()
    may = ActOut(many=True)


class Roles(SetUpView, verb="staff.accounts"):
    """What each role of colleagues may do."""

    read_scope = "staff:read"

    @extend_schema(operation_id="roles", responses=RoleOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "staff.view")
        acts = [act for _, acts in queries.acts_of_roles() for act in acts]
        rows = [
            asdict(row) | {"may": [act for act in acts if act.granted[nth]]}
            for nth, row in enumerate(queries.roles())
        ]
        return Response({"data": RoleOut(rows, many=True).data})


class DepartmentIn(StrictSerializer):
    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(allow_blank=True, default="")
    head = serializers.SlugRelatedField(
        slug_field="email", queryset=staff(), required=False, allow_null=True, default=None
    )
    is_default = serializers.BooleanField(default=False)


class NewDepartmentIn(DepartmentIn):
    """`slug` stays for ever; empty: out of the name."""

    slug = serializers.SlugField(max_length=60, allow_blank=True, default="")


class DepartmentOut(serializers.ModelSerializer[Department]):
    head = serializers.EmailField(source="head.email", default=None, allow_null=True)

    class Meta:
        model = Department
        fields = ("slug", "name", "email", "head", "is_default")


class Departments(SetUpView, verb="staff.accounts"):
    """The parts of the company that answer tickets."""

    @extend_schema(operation_id="departments", responses=DepartmentOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "response.view")
        return Response({"data": DepartmentOut(queries.departments(), many=True).data})

    @extend_schema(operation_id="departments_add", request=NewDepartmentIn, responses={201: DepartmentOut})
    def post(self, request: ApiRequest) -> Response:
        given = taken(NewDepartmentIn(data=request.data))

        def add() -> Response:
            row = services.add_department(**given, by=request.user, at=timezone.now())
            return Response(DepartmentOut(row).data, status=201)

        return self.answer_once(request, add)


class OneDepartment(SetUpView, verb="staff.accounts"):
    """One of them."""

    @extend_schema(operation_id="departments_change", request=DepartmentIn, responses=DepartmentOut)
    def put(self, request: ApiRequest, slug: str) -> Response:
        row, given = get_object_or_404(Department, slug=slug), taken(DepartmentIn(data=request.data))
        row = services.change_department(department=row, **given, by=request.user, at=timezone.now())
        return Response(DepartmentOut(row).data)
