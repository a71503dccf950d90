"""What colleagues suggest by API: made, backed and answered with the forms and services of the pages."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis.api_forms import filled_in, sent_fields
from apps.staff import services
from apps.staff.answers import ANSWERS
from apps.staff.forms.suggestion import SuggestionForm
from apps.staff.models import Suggestion
from apps.staff.models.suggestion import SuggestionState
from apps.staff.queries import suggestion as queries
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class SuggestionMoneyOut(serializers.Serializer):
    """A quarter's money at risk; null with the reason in `note`."""

    low = serializers.DecimalField(14, 2, allow_null=True)
    likely = serializers.DecimalField(14, 2, allow_null=True)
    high = serializers.DecimalField(14, 2, allow_null=True)
    note = serializers.CharField()


class WeighedOut(serializers.Serializer):
    """One suggestion, what it weighs and what became of it."""

    id = serializers.IntegerField(source="row.pk")
    title = serializers.CharField(source="row.title")
    problem = serializers.CharField(source="row.problem")
    remedy = serializers.CharField(source="row.remedy")
    issue = serializers.IntegerField(source="row.issue_id", allow_null=True)
    product = serializers.IntegerField(source="row.product_id", allow_null=True)
    department = serializers.IntegerField(source="row.department_id", allow_null=True)
    ticket = serializers.IntegerField(source="row.ticket_id", allow_null=True)
    state = serializers.CharField(source="row.state")
    answer = serializers.CharField(source="row.answer")
    case = serializers.IntegerField(source="row.case_id", allow_null=True)
    merged_into = serializers.IntegerField(source="row.merged_into_id", allow_null=True)
    proposed_label = serializers.CharField(source="row.proposed_label")
    proposed_code = serializers.CharField(source="row.proposed_code")
    suggested_by = serializers.CharField(source="row.suggested_by.name")
    suggested_at = serializers.DateTimeField(source="row.suggested_at")
    voices = serializers.IntegerField()
    tickets = serializers.IntegerField(allow_null=True)
    money = SuggestionMoneyOut(allow_null=True)
    became = serializers.CharField()


class Endpoint(ApiView, verb="staff.suggest"):
    """What all addresses of suggestions share."""

    read_scope = "cases:read"
    write_scope = "cases:write"

    def told(self, request: ApiRequest, pk: int, status: int = 200) -> Response:
        """The suggestion as it stands now."""
        one = queries.weighed([self.found(pk)], user=request.user, at=timezone.now())[0]
        return Response(WeighedOut(one).data, status=status)

    def found(self, pk: int) -> Suggestion:
        return get_object_or_404(queries.suggestions(), pk=pk)


class Suggestions(Endpoint):
    """The newest first; `?state=waiting` for those that wait. POST suggests something."""

    @extend_schema(
        parameters=[OpenApiParameter("state", str, enum=SuggestionState.values)],
        responses=WeighedOut(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "staff.suggest")
        rows = queries.suggestions().order_by("-id")
        if state := request.query_params.get("state"):
            if state not in SuggestionState.values:
                raise serializers.ValidationError({"state": [f"One of {', '.join(SuggestionState.values)}."]})
            rows = rows.filter(state=state)
        pager = Cursor()
        page = pager.paginate_queryset(rows, request, self) or []
        found = queries.weighed(page, user=request.user, at=timezone.now())
        return pager.get_paginated_response(WeighedOut(found, many=True).data)

    @extend_schema(request=OpenApiTypes.OBJECT, responses=WeighedOut)
    def post(self, request: ApiRequest) -> Response:
        return self.answer_once(request, lambda: self._made(request))

    def _made(self, request: ApiRequest) -> Response:
        given = filled_in(_form(request))
        row = services.suggest(**given, by=request.user, at=timezone.now())
        return self.told(request, row.pk, status=201)


class OneSuggestion(Endpoint):
    """One of them; PUT says it better while it waits."""

    @extend_schema(responses=WeighedOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "staff.suggest")
        return self.told(request, pk)

    @extend_schema(request=OpenApiTypes.OBJECT, responses=WeighedOut)
    def put(self, request: ApiRequest, pk: int) -> Response:
        row = self.found(pk)
        given = filled_in(_form(request, row))
        services.edit_suggestion(suggestion=row, **given, by=request.user, at=timezone.now())
        return self.told(request, pk)


class OneVoice(Endpoint):
    """PUT backs it, DELETE takes the voice back; either twice is once."""

    @extend_schema(request=None, responses=WeighedOut)
    def put(self, request: ApiRequest, pk: int) -> Response:
        services.back_suggestion(suggestion=self.found(pk), by=request.user, at=timezone.now())
        return self.told(request, pk)

    @extend_schema(request=None, responses=WeighedOut)
    def delete(self, request: ApiRequest, pk: int) -> Response:
        services.withdraw_voice(suggestion=self.found(pk), by=request.user, at=timezone.now())
        return self.told(request, pk)


class Answer(Endpoint, verb="staff.answer"):
    """One answer, with the fields of its form on the page: `take-up` (`case` or `issue`), `propose` (`label`,
    `under`), `merge` (`into`), `decline` (`answer`), `reopen`, `draft`."""

    @extend_schema(
        operation_id="suggestions_answer",
        parameters=[OpenApiParameter("name", str, OpenApiParameter.PATH, enum=list(ANSWERS))],
        request=OpenApiTypes.OBJECT,
        responses=WeighedOut,
    )
    def post(self, request: ApiRequest, pk: int, name: str) -> Response:
        row = self.found(pk)
        if name not in ANSWERS:
            raise Http404
        return self.answer_once(request, lambda: self._answered(request, row, name))

    def _answered(self, request: ApiRequest, row: Suggestion, name: str) -> Response:
        way = ANSWERS[name]
        form = way.form(sent_fields(request, way.form), user=request.user, row=row)
        way.service(suggestion=row, **filled_in(form), by=request.user, at=timezone.now())
        return self.told(request, row.pk)


def _form(request: ApiRequest, row: Suggestion | None = None) -> Any:
    return SuggestionForm(sent_fields(request, SuggestionForm), user=request.user, row=row)
