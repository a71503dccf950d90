"""Views of the queue, by program: the caller's own and those shared with it."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api.fields import DepartmentSlug
from apps.response import services
from apps.response.columns import GROUPS
from apps.response.models import Sharing, TicketView
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Role
from helpdesk.permissions import require


class TicketViewIn(StrictSerializer):
    """A question to the queue, and how its answer is shown."""

    name = serializers.CharField(max_length=60)
    query = serializers.CharField(max_length=500)
    columns = serializers.ListField(child=serializers.CharField(max_length=60), required=False)
    group_by = serializers.ChoiceField(list(GROUPS), required=False, allow_blank=True)
    sharing = serializers.ChoiceField(Sharing.choices, required=False)
    department = DepartmentSlug("department")
    role = serializers.ChoiceField(Role.choices, required=False, allow_blank=True)
    position = serializers.IntegerField(min_value=0, max_value=999, required=False)


class TicketViewOut(serializers.ModelSerializer[TicketView]):
    owner = serializers.EmailField(source="owner.email")
    department = serializers.SlugField(source="department.slug", default=None)

    class Meta:
        model = TicketView
        fields = (
            "id",
            "name",
            "query",
            "columns",
            "group_by",
            "sharing",
            "department",
            "role",
            "position",
            "owner",
        )


class TicketViews(ApiView, verb="response.view"):
    """Questions to the queue under a name."""

    @extend_schema(operation_id="ticket_views_list", responses=TicketViewOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        """All you may use. Their tickets: `GET /tickets/?q=` with the view's query."""
        require(request.user, "response.view")
        rows = TicketView.objects.visible_to(request.user).select_related("owner", "department")
        return Response({"data": TicketViewOut(rows, many=True).data})

    @extend_schema(operation_id="ticket_views_save", request=TicketViewIn, responses={201: TicketViewOut})
    def post(self, request: ApiRequest) -> Response:
        """Keep a question under a name; one with a mistake in it is refused."""
        return self.answer_once(request, lambda: _saved(request, None, status=201))


class TicketViewByNumber(ApiView, verb="response.view"):
    """One of them."""

    @extend_schema(operation_id="ticket_views_read", responses=TicketViewOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        return Response(TicketViewOut(_found(request, pk)).data)

    @extend_schema(
        operation_id="ticket_views_change", request=TicketViewIn(partial=True), responses=TicketViewOut
    )
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Change what is named of a view of your own."""
        return _saved(request, _found(request, pk))

    @extend_schema(operation_id="ticket_views_forget", responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        services.forget_view(view=_found(request, pk), by=request.user)
        return Response(status=204)


def _found(request: ApiRequest, pk: int) -> TicketView:
    require(request.user, "response.view")
    view: TicketView | None = TicketView.objects.visible_to(request.user).filter(pk=pk).first()
    if view is None:
        raise Http404
    return view


def _saved(request: ApiRequest, view: TicketView | None, status: int = 200) -> Response:
    given = taken(TicketViewIn(data=request.data, partial=view is not None))
    kept = view.given if view else {}
    saved = services.save_view(**kept | given, view=view, by=request.user, at=timezone.now())
    return Response(TicketViewOut(saved).data, status=status)
