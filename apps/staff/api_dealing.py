"""How tickets find their people, by program."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.staff import services
from apps.staff.api import StaffView
from apps.staff.models import DealingMode
from apps.staff.queries.dealing import departments_of, explain
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest, number_in
from helpdesk.models import Department, Ticket
from helpdesk.permissions import require


class DealingIn(StrictSerializer):
    mode = serializers.ChoiceField(DealingMode.choices)


class CandidateOut(serializers.Serializer):
    person = serializers.EmailField(source="user.email")
    skill = serializers.IntegerField(source="candidate.skill")
    open_tickets = serializers.IntegerField(source="candidate.open_tickets")
    capacity = serializers.IntegerField(source="candidate.capacity")
    why_not = serializers.CharField()


class DealingOut(serializers.Serializer):
    department = serializers.SlugField(source="department.slug")
    mode = serializers.ChoiceField(DealingMode.choices)
    is_set = serializers.BooleanField()
    waiting = serializers.IntegerField()
    why_waiting = serializers.CharField()
    next = serializers.EmailField(source="chosen.email", default=None)
    order = CandidateOut(many=True)


class DealingView(StaffView, verb="staff.manage"):
    def departments(self, request: ApiRequest) -> list[Department]:
        require(request.user, "staff.manage")
        return departments_of(request.user)

    def department(self, request: ApiRequest, slug: str) -> Department:
        found = next((one for one in self.departments(request) if one.slug == slug), None)
        if found is None:
            raise Http404
        return found


class Dealings(DealingView):
    @extend_schema(operation_id="dealing_list", responses=DealingOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        """Each department: how its tickets are dealt, who would get the next one and why."""
        rows = [explain(one, at=timezone.now()) for one in self.departments(request)]
        return Response({"data": DealingOut(rows, many=True).data})


class OneDealing(DealingView):
    @extend_schema(
        operation_id="dealing_explain",
        parameters=[OpenApiParameter("ticket", int, description="Explained for this ticket.")],
        responses=DealingOut,
    )
    def get(self, request: ApiRequest, slug: str) -> Response:
        department, ticket = self.department(request, slug), None
        if number := number_in(request.query_params.get("ticket", "")):
            rows = Ticket.objects.visible_to(request.user).select_related("primary_issue")
            ticket = rows.filter(pk=number).first()
            if ticket is None:
                raise Http404
        return Response(DealingOut(explain(department, ticket=ticket, at=timezone.now())).data)

    @extend_schema(operation_id="dealing_set", request=DealingIn, responses=DealingOut)
    def put(self, request: ApiRequest, slug: str) -> Response:
        department, given = self.department(request, slug), taken(DealingIn(data=request.data))
        services.set_dealing(department=department, **given, by=request.user, at=timezone.now())
        return Response(DealingOut(explain(department, at=timezone.now())).data)
