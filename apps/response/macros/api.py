"""Macros by program: kept, looked at on a ticket, and used there."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api import views as intake
from apps.intake.api.fields import DepartmentSlug
from apps.response.acting import read_acts
from apps.response.api import act
from apps.response.bulk.api import ActIn
from apps.response.macros import services
from apps.response.macros.queries import Kept, Preview, kept, kept_macros, macro_for, macros_for, preview
from apps.response.models import Macro, Then
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Ticket
from helpdesk.permissions import may, require


class MacroIn(StrictSerializer):
    name = serializers.CharField(max_length=120)
    body = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, help_text="With {{ fields }}, or empty."
    )
    then = serializers.ChoiceField(Then.choices, required=False, allow_blank=True)
    acts = ActIn(many=True, required=False)
    department = DepartmentSlug("department")
    is_own = serializers.BooleanField(required=False, help_text="Of nobody but you.")
    is_active = serializers.BooleanField(required=False)


class MacroOut(serializers.Serializer):
    id = serializers.IntegerField(source="macro.pk")
    name = serializers.CharField(source="macro.name")
    body = serializers.CharField(source="macro.body")
    then = serializers.ChoiceField(Then.choices, source="macro.then")
    acts = serializers.JSONField(source="macro.acts")
    department = serializers.SlugField(source="macro.department.slug", default=None)
    is_own = serializers.SerializerMethodField()
    is_active = serializers.BooleanField(source="macro.is_active")
    uses = serializers.IntegerField(help_text="In the last 90 days.")
    last_used = serializers.DateTimeField(allow_null=True)

    def get_is_own(self, kept: Kept) -> bool:
        return kept.macro.owner_id is not None


class OfferedOut(serializers.ModelSerializer[Macro]):
    class Meta:
        model = Macro
        fields = ("id", "name", "body", "then", "acts")


class MacroPreviewOut(serializers.Serializer):
    id = serializers.IntegerField(source="macro.pk")
    text = serializers.CharField()
    missing = serializers.ListField(child=serializers.CharField())
    told = serializers.ListField(child=serializers.CharField(), source="sentences")


class Macros(ApiView, verb="response.reply"):
    """What we do often."""

    @extend_schema(
        operation_id="macros_list",
        parameters=[OpenApiParameter("q", str), OpenApiParameter("unused", bool)],
        responses=MacroOut(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        """Those that are shared, and your own, with how often they were used in 90 days."""
        require(request.user, "response.reply")
        asked = request.query_params
        unused = asked.get("unused", "") in ("1", "true")
        rows = kept_macros(request.user, words=asked.get("q", "")[:200], unused=unused, at=timezone.now())
        return Response({"data": MacroOut(rows, many=True).data})

    @extend_schema(operation_id="macros_add", request=MacroIn, responses={201: MacroOut})
    def post(self, request: ApiRequest) -> Response:
        """Keep a new one: a text, acts, or both."""

        def add() -> Response:
            given = _read(taken(MacroIn(data=request.data)))
            row = services.save_macro(**given, by=request.user, at=timezone.now())
            return Response(_shown(row), status=201)

        return self.answer_once(request, add)


class OneMacro(ApiView, verb="response.reply"):
    """One of them."""

    @extend_schema(operation_id="macros_read", responses=MacroOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        return Response(_shown(_macro(request, pk)))

    @extend_schema(operation_id="macros_change", request=MacroIn(partial=True), responses=MacroOut)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Change what is named."""
        row = _macro(request, pk)
        given = _read(taken(MacroIn(data=request.data, partial=True)))
        now = {name: getattr(row, name) for name in ("name", "body", "then", "department", "is_active")}
        now |= {"acts": read_acts(row.acts) if row.acts else (), "is_own": row.owner_id is not None}
        row = services.save_macro(**(now | given), macro=row, by=request.user, at=timezone.now())
        return Response(_shown(row))

    @extend_schema(operation_id="macros_retire", responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """It is offered no more; what was done with it stays."""
        services.retire_macro(macro=_macro(request, pk), by=request.user, at=timezone.now())
        return Response(status=204)


class TicketMacros(ApiView):
    @extend_schema(
        operation_id="ticket_macros",
        parameters=[OpenApiParameter("q", str)],
        responses=OfferedOut(many=True),
    )
    def get(self, request: ApiRequest, number: int) -> Response:
        """What you may use on this ticket, by name and words."""
        require(request.user, "response.reply")
        ticket = intake.visible(request, pk=number)
        words = request.query_params.get("q", "")[:200]
        return Response({"data": OfferedOut(macros_for(ticket, request.user, words=words), many=True).data})


class PreviewMacro(ApiView):
    @extend_schema(operation_id="ticket_macros_preview", responses=MacroPreviewOut)
    def get(self, request: ApiRequest, number: int, pk: int) -> Response:
        """What it would say and do on this ticket, and what is missing for it."""
        require(request.user, "response.reply")
        ticket = intake.visible(request, pk=number)
        found = macro_for(ticket, request.user, pk)
        if found is None:
            raise Http404
        use: Preview = preview(found, ticket, request.user)
        return Response(MacroPreviewOut(use).data)


class ApplyMacro(ApiView):
    @extend_schema(operation_id="ticket_macros_apply", request=None, responses={200: dict})
    def post(self, request: ApiRequest, number: int, pk: int) -> Response:
        """Send its text as it stands, filled for this ticket, and do its acts; refused where a field is not known."""

        def do(ticket: Ticket, given: dict[str, Any]) -> dict[str, Any]:
            found = macro_for(ticket, request.user, pk)
            if found is None:
                raise services.NotUsable(pointer="macro")
            use = services.apply_macro(ticket=ticket, macro=found, **given)
            return {"message": use.message_id}

        return act(self, request, number, StrictSerializer, do)


def _read(given: dict[str, Any]) -> dict[str, Any]:
    if acts := given.get("acts"):
        return given | {"acts": read_acts([dict(one) for one in acts])}
    return given


def _macro(request: ApiRequest, pk: int) -> Macro:
    require(request.user, "response.reply")
    shared = may(request.user, services.SHARE) or request.method == "GET"
    row = Macro.objects.kept_by(request.user, shared=shared).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _shown(row: Macro) -> dict[str, Any]:
    return dict(MacroOut(kept(row, at=timezone.now())).data)
