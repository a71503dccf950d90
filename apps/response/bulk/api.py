"""Acts on many tickets by API: begun, how far it is, what became of each, and the way back."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.response.acting import names_for, read_acts
from apps.response.bulk import services
from apps.response.bulk.models import BulkJob, BulkState, RowState
from apps.response.bulk.queries import jobs_of, progress, rows_of
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.permissions import require

MOST_NUMBERS = 10_000


class ActIn(StrictSerializer):
    """`value` is a number, a code, an address or a text, as the act takes it; null for nobody and for nothing."""

    act = serializers.ChoiceField(names_for(alone=True))
    value = serializers.JSONField(required=False, allow_null=True)


class BulkIn(StrictSerializer):
    numbers = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62),
        required=False,
        max_length=MOST_NUMBERS,
    )
    q = serializers.CharField(max_length=500, required=False, help_text="In the language of the queue.")
    acts = ActIn(many=True)
    expected = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="How many tickets you looked at: another number is refused with 409.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs.get("numbers")) == bool(attrs.get("q")):
            raise serializers.ValidationError({"numbers": ["Name tickets by number or by a question in q."]})
        return attrs


class BulkOut(serializers.Serializer):
    id = serializers.IntegerField(source="job.pk")
    query = serializers.CharField(source="job.query")
    acts = serializers.JSONField(source="job.acts")
    told = serializers.ListField(child=serializers.CharField(), source="sentences")
    state = serializers.ChoiceField(choices=BulkState.choices, source="job.state")
    total = serializers.IntegerField(source="job.total")
    seen = serializers.IntegerField()
    done = serializers.IntegerField()
    same = serializers.IntegerField()
    refused = serializers.IntegerField()
    undone = serializers.IntegerField(source="back")
    stays = serializers.IntegerField()
    asked_by = serializers.CharField(source="job.asked_by.name")
    asked_at = serializers.DateTimeField(source="job.asked_at")
    ended_at = serializers.DateTimeField(source="job.ended_at", allow_null=True)
    undo_until = serializers.DateTimeField(source="job.undo_until")


class BulkRowOut(serializers.Serializer):
    ticket = serializers.IntegerField(source="ticket_id")
    state = serializers.ChoiceField(choices=RowState.choices)
    why = serializers.CharField()


class BulkView(ApiView):
    def job(self, request: ApiRequest, pk: int) -> BulkJob:
        require(request.user, "response.view")
        job: BulkJob = get_object_or_404(jobs_of(request.user), pk=pk)
        return job

    def told(self, request: ApiRequest, pk: int, status: int = 200) -> Response:
        return Response(BulkOut(progress(self.job(request, pk))).data, status=status)


class ActInBulk(BulkView, verb="response.view"):
    @extend_schema(operation_id="tickets_bulk", request=BulkIn, responses={202: BulkOut})
    def post(self, request: ApiRequest) -> Response:
        """Do the same acts to many tickets, named by number or found by a question; up to 10,000.

        Up to a hundred are done at once, more by a worker. Each ticket is changed wholly or not at all, and its row
        says what became of it. For a day it can be undone.
        """
        given = taken(BulkIn(data=request.data))
        answer = self.answer_once(request, lambda: self._begun(request, given))
        if "Idempotent-Replayed" in answer.headers:
            return answer
        # Outside the transaction that keeps the answer: each ticket is done by itself.
        job = services.do_at_once(job=self.job(request, answer.data["id"]), at=timezone.now())
        return self.told(request, job.pk, 202)

    def _begun(self, request: ApiRequest, given: dict[str, Any]) -> Response:
        job = services.begin_bulk(
            acts=read_acts([dict(act) for act in given["acts"]], alone=True),
            numbers=given.get("numbers", ()),
            query=given.get("q", ""),
            expected=given.get("expected"),
            by=request.user,
            at=timezone.now(),
        )
        return self.told(request, job.pk, 202)


class BulkJobs(BulkView):
    """What was done to many tickets at once, the newest first."""

    @extend_schema(operation_id="bulk_jobs_list", responses=BulkOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "response.view")
        pager = Cursor()
        page = pager.paginate_queryset(jobs_of(request.user), request, self) or []
        return pager.get_paginated_response(BulkOut([progress(job) for job in page], many=True).data)


class OneBulkJob(BulkView):
    """How far it is."""

    @extend_schema(operation_id="bulk_jobs_read", responses=BulkOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        return self.told(request, pk)


class BulkTickets(BulkView):
    """What became of each ticket; `why` it was refused, or stays."""

    @extend_schema(
        operation_id="bulk_jobs_tickets",
        parameters=[OpenApiParameter("state", str, enum=RowState.values)],
        responses=BulkRowOut(many=True),
    )
    def get(self, request: ApiRequest, pk: int) -> Response:
        state = request.query_params.get("state", "")
        if state not in ("", *RowState.values):
            raise serializers.ValidationError({"state": [f"One of {', '.join(RowState.values)}."]})
        pager = Cursor()
        page = pager.paginate_queryset(rows_of(self.job(request, pk), state=state), request, self) or []
        return pager.get_paginated_response(BulkRowOut(page, many=True).data)


class StopBulk(BulkView):
    """Not to go on; what is done stays done."""

    @extend_schema(operation_id="bulk_jobs_stop", request=None, responses=BulkOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        services.stop_bulk(job=self.job(request, pk), by=request.user, at=timezone.now())
        return self.told(request, pk)


class UndoBulk(BulkView):
    """Its tickets are as they were, but for what somebody has changed since."""

    @extend_schema(operation_id="bulk_jobs_undo", request=None, responses={202: BulkOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        services.undo_bulk(job=self.job(request, pk), by=request.user, at=timezone.now())
        return self.told(request, pk, 202)
