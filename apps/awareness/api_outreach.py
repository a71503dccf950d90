"""Outreach by API: prepare, start, stop, and read what it prevented."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.awareness import services
from apps.awareness.models.holdout import Outreach, OutreachKind
from apps.awareness.queries.holdout import outreach_page
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer
from helpdesk.http import ApiRequest
from helpdesk.models import Issue, Product
from helpdesk.permissions import require

ACTS = {"start": services.start_outreach, "stop": services.stop_outreach}


class OutreachIn(StrictSerializer):
    kind = serializers.ChoiceField(choices=OutreachKind.choices)
    issue = serializers.SlugRelatedField(slug_field="code", queryset=Issue.objects.all())
    subject = serializers.CharField(max_length=200)
    body = serializers.CharField(max_length=5_000)
    product = serializers.SlugRelatedField(
        slug_field="code", queryset=Product.objects.all(), required=False, allow_null=True
    )
    segment = serializers.CharField(max_length=60, required=False, allow_blank=True)
    region = serializers.CharField(max_length=60, required=False, allow_blank=True)
    had_it_before = serializers.BooleanField(required=False)
    held_back = serializers.FloatField(min_value=0.02, max_value=0.5, required=False)
    window_days = serializers.IntegerField(min_value=7, max_value=182, required=False)
    an_hour = serializers.IntegerField(min_value=1, required=False)


class OutreachActIn(StrictSerializer):
    act = serializers.ChoiceField(choices=sorted(ACTS))


class OutreachOut(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    state = serializers.CharField()
    issue = serializers.CharField(source="issue.code")
    subject = serializers.CharField()
    held_back = serializers.FloatField()
    window_days = serializers.IntegerField()
    seed = serializers.CharField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class OutreachView(ApiView, verb="awareness.publish"):
    read_scope = "cases:read"
    write_scope = "cases:write"


class Outreaches(OutreachView):
    """Letters that tell customers before they ask, the latest first."""

    @extend_schema(responses=OutreachOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "awareness.publish")
        pager, rows = Cursor(), Outreach.objects.select_related("issue").order_by("-id")
        page = pager.paginate_queryset(rows, request, self) or []
        return pager.get_paginated_response(OutreachOut(page, many=True).data)

    @extend_schema(request=OutreachIn, responses=OutreachOut)
    def post(self, request: ApiRequest) -> Response:
        asked = OutreachIn(data=request.data)
        asked.is_valid(raise_exception=True)
        return self.answer_once(request, lambda: self._drafted(request, asked.validated_data))

    def _drafted(self, request: ApiRequest, given: dict[str, Any]) -> Response:
        row = services.draft_outreach(**given, by=request.user, at=timezone.now())
        return Response(OutreachOut(row).data, status=201)


class OneOutreach(OutreachView):
    """One of them with what it prevented; a POST starts or stops it."""

    @extend_schema(responses=OutreachOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "awareness.publish")
        row = get_object_or_404(Outreach.objects.select_related("issue"), pk=pk)
        page = outreach_page(row, at=timezone.now())
        found = page.prevented
        shown = found and {
            "finding": found.finding.value, "told": found.told.customers, "held": found.held.customers,
            "contacts_told": found.told.contacts, "contacts_held": found.held.contacts,
            "ratio": found.ratio, "low": found.low, "high": found.high, "avoided": found.avoided,
        }  # fmt: skip
        return Response(
            {**OutreachOut(row).data, "sent": page.sent, "days_left": page.days_left, "prevented": shown}
        )

    @extend_schema(operation_id="outreach_act", request=OutreachActIn, responses=OutreachOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        asked = OutreachActIn(data=request.data)
        asked.is_valid(raise_exception=True)
        row = get_object_or_404(Outreach, pk=pk)
        done = ACTS[asked.validated_data["act"]](outreach=row, by=request.user, at=timezone.now())
        return Response(OutreachOut(done).data)
