"""What the page *Needs you* lists, for programs: the same things in the same order."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis.api_origins import ProvenanceOut
from apps.analysis.queries.cases import Need, NeedKind, needs_of
from apps.analysis.queries.origins import of_money
from apps.analysis.services.access import may_be_needed
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import ListCursor
from helpdesk.http import ApiRequest
from helpdesk.links import on_site

KINDS = [kind.value for kind in NeedKind]


class NeedOut(serializers.Serializer):
    """`kind` says what is wanted; `verb` and `object` say it in words; `url` is the page where it is done. `case` is
    the number of the case it is about; `money` what is at risk in a quarter, or what an approval is about."""

    kind = serializers.ChoiceField(KINDS)
    verb = serializers.CharField()
    object = serializers.CharField()
    number = serializers.CharField()
    case = serializers.IntegerField(source="case.pk", default=None)
    url = serializers.SerializerMethodField()
    due_on = serializers.DateField(source="due", allow_null=True)
    is_overdue = serializers.BooleanField()
    money = serializers.DecimalField(14, 2, allow_null=True)
    money_provenance = serializers.SerializerMethodField()

    def get_url(self, row: Need) -> str:
        return on_site(row.url)

    @extend_schema_field(ProvenanceOut(allow_null=True))
    def get_money_provenance(self, row: Need) -> dict[str, Any] | None:
        found = self.context["money"].get(row.case.pk) if row.case else None
        return found.told if found else None


class Needs(ApiView):
    """What waits for the caller, the most urgent first."""

    read_scope = "cases:read"

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, many=True, enum=KINDS, description="These only; all without it"),
            OpenApiParameter("limit", int, description="At most 200 at once; 50 unless you say otherwise"),
            OpenApiParameter("cursor", str, description="The `next_cursor` of the page before"),
        ],
        responses=NeedOut(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        """The same as the page *Needs you*: cases to answer and to see through, actions, risks, questions of
        colleagues, approvals, articles on what was split. Things that are done leave the list; nobody strikes them
        off."""
        may_be_needed(request.user)
        wanted, pages = _kinds(request), ListCursor(request)
        needs = [need for need in needs_of(request.user, at=timezone.now()) if need.kind in wanted]
        return pages.answer(needs, place=lambda need: need.place, shown=_shown)


def _kinds(request: ApiRequest) -> set[str]:
    wanted = set(request.query_params.getlist("kind"))
    if strange := wanted - set(KINDS):
        raise serializers.ValidationError({"kind": [f"There is no kind {min(strange)}."]})
    return wanted or set(KINDS)


def _shown(needs: list[Need]) -> Any:
    money = of_money({need.case.pk: need.case for need in needs if need.case}.values())
    return NeedOut(needs, many=True, context={"money": money}).data
