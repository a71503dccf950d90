"""Recoding by hand by API: its effect, the job, what became of each ticket, and the way back."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.response.api import AnyIssueCode
from apps.response.recoding import services
from apps.response.recoding.models import HandRecoding, HandState, RowState
from apps.response.recoding.queries import preview, recodings_of, rows_of
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class PickIn(StrictSerializer):
    query = serializers.CharField(max_length=500, help_text="In the language of the queue.")
    instead_of = AnyIssueCode("issue", help_text="The code that is replaced; the primary one without it.")
    target = AnyIssueCode("issue")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("target") is None:
            raise serializers.ValidationError({"target": ["Say which issue."]})
        return {"instead_of": None} | attrs


class RecodeIn(PickIn):
    reason = serializers.CharField(max_length=500)
    expected = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="How many the preview said: another number is refused with 409.",
    )


class UndoIn(StrictSerializer):
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class ChangeOut(serializers.Serializer):
    issue = serializers.CharField(source="issue.path")
    moving = serializers.IntegerField()
    now = serializers.IntegerField()
    then = serializers.IntegerField()


class RecodedSampleOut(serializers.Serializer):
    ticket = serializers.IntegerField()
    subject = serializers.CharField()
    text = serializers.CharField()
    issue = serializers.CharField(source="issue.path")
    at = serializers.DateTimeField()


class WrongOut(serializers.Serializer):
    token = serializers.CharField()
    reason = serializers.CharField()


class PreviewOut(serializers.Serializer):
    not_understood = WrongOut(many=True, source="wrong")
    found = serializers.IntegerField()
    to_recode = serializers.IntegerField()
    has_it_already = serializers.IntegerField(source="same")
    has_no_such_code = serializers.IntegerField(source="without")
    has_both = serializers.IntegerField(source="both")
    first = serializers.DateTimeField(allow_null=True)
    last = serializers.DateTimeField(allow_null=True)
    changes = ChangeOut(many=True)
    samples = RecodedSampleOut(many=True)


class RecodingOut(serializers.Serializer):
    id = serializers.IntegerField()
    query = serializers.CharField()
    instead_of = serializers.CharField(source="instead_of.path", default=None)
    target = serializers.CharField(source="target.path")
    reason = serializers.CharField()
    state = serializers.ChoiceField(choices=HandState.choices)
    total = serializers.IntegerField()
    seen = serializers.IntegerField()
    recoded = serializers.IntegerField()
    left = serializers.IntegerField()
    undone = serializers.IntegerField()
    asked_by = serializers.CharField(source="asked_by.name")
    asked_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    undo_until = serializers.DateTimeField()


class RecodedTicketOut(serializers.Serializer):
    ticket = serializers.IntegerField(source="ticket_id")
    issue_before = serializers.CharField(source="issue_before.path")
    state = serializers.ChoiceField(choices=RowState.choices)
    why = serializers.CharField()
    recoded_at = serializers.DateTimeField(allow_null=True)


class RecodingView(ApiView, verb="response.recode"):
    read_scope = "taxonomy:read"
    write_scope = "taxonomy:write"

    def row(self, request: ApiRequest, pk: int) -> HandRecoding:
        require(request.user, services.VERB)
        return get_object_or_404(recodings_of(request.user), pk=pk)

    def told(self, request: ApiRequest, pk: int, status: int = 200) -> Response:
        return Response(RecodingOut(self.row(request, pk)).data, status=status)


class Recodings(RecodingView):
    """Recodings by hand, the newest first."""

    @extend_schema(responses=RecodingOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, services.VERB)
        pager = Cursor()
        page = pager.paginate_queryset(recodings_of(request.user), request, self) or []
        return pager.get_paginated_response(RecodingOut(page, many=True).data)

    @extend_schema(request=RecodeIn, responses={202: RecodingOut})
    def post(self, request: ApiRequest) -> Response:
        """Give all tickets that a question finds another issue; it is done by a worker, and can be undone for 30
        days."""
        asked = RecodeIn(data=request.data)
        asked.is_valid(raise_exception=True)
        return self.answer_once(request, lambda: self._begun(request, asked.validated_data))

    def _begun(self, request: ApiRequest, given: dict[str, Any]) -> Response:
        row = services.recode_by_hand(**given, by=request.user, at=timezone.now())
        return self.told(request, row.pk, 202)


class PreviewRecoding(RecodingView):
    """What it would do: how many, each issue before and after, and some of the tickets. Changes nothing."""

    write_scope = "taxonomy:read"

    @extend_schema(request=PickIn, responses=PreviewOut)
    def post(self, request: ApiRequest) -> Response:
        asked = PickIn(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        found = preview(
            given["query"], target=given["target"], instead_of=given["instead_of"], user=request.user,
            at=timezone.now(),
        )  # fmt: skip
        return Response(PreviewOut(found).data)


class OneRecoding(RecodingView):
    """How far it is."""

    @extend_schema(responses=RecodingOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        return self.told(request, pk)


class RecodedTickets(RecodingView):
    """What became of each ticket; `why` it was left, or stays."""

    @extend_schema(
        parameters=[OpenApiParameter("state", str, enum=RowState.values)],
        responses=RecodedTicketOut(many=True),
    )
    def get(self, request: ApiRequest, pk: int) -> Response:
        state = request.query_params.get("state", "")
        if state not in ("", *RowState.values):
            raise serializers.ValidationError({"state": [f"One of {', '.join(RowState.values)}."]})
        pager = Cursor()
        rows = rows_of(self.row(request, pk), user=request.user, state=state)
        page = pager.paginate_queryset(rows, request, self) or []
        return pager.get_paginated_response(RecodedTicketOut(page, many=True).data)


class StopRecoding(RecodingView):
    """Not to go on; what is recoded stays so."""

    @extend_schema(request=None, responses=RecodingOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        services.stop_hand_recoding(recoding=self.row(request, pk), by=request.user, at=timezone.now())
        return self.told(request, pk)


class UndoRecoding(RecodingView):
    """Its tickets get back what they had, but for those that somebody has coded since."""

    @extend_schema(request=UndoIn, responses={202: RecodingOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        asked = UndoIn(data=request.data)
        asked.is_valid(raise_exception=True)
        services.undo_hand_recoding(
            recoding=self.row(request, pk), **asked.validated_data, by=request.user, at=timezone.now()
        )
        return self.told(request, pk, 202)
