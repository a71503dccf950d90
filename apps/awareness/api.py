"""Awareness's part of the API: what customers are told was put right."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.awareness import services
from apps.awareness.models import Audience, Notice, NoticeState
from apps.awareness.services.notices import MAX_BODY, MAX_TITLE
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer
from helpdesk.http import ApiRequest
from helpdesk.permissions import require

ACTS = {"publish": services.publish_notice, "withdraw": services.withdraw_notice}


class NoticeOut(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    body = serializers.CharField()
    published_at = serializers.DateTimeField()


class NoticeDetail(NoticeOut):
    """As colleagues see it: also drafts, and what was withdrawn."""

    state = serializers.ChoiceField(choices=NoticeState.choices)
    audience = serializers.ChoiceField(choices=Audience.choices)
    case = serializers.IntegerField(source="case_id", allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)


class NoticeChange(StrictSerializer):
    title = serializers.CharField(max_length=MAX_TITLE, required=False)
    body = serializers.CharField(max_length=MAX_BODY, required=False)
    audience = serializers.ChoiceField(choices=Audience.choices, required=False)


class NoticeActIn(StrictSerializer):
    act = serializers.ChoiceField(choices=sorted(ACTS))


class NewestFirst(Cursor):
    ordering = "-published_at"


class Notices(ApiView):
    """Published public notices, the newest first; any token that reads tickets may show them elsewhere."""

    @extend_schema(responses=NoticeOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        pages = NewestFirst()
        rows = pages.paginate_queryset(Notice.objects.public(), request, view=self)
        return pages.get_paginated_response(NoticeOut(rows, many=True).data)


class NoticeView(ApiView, verb="awareness.publish"):
    read_scope = "cases:read"
    write_scope = "cases:write"

    def row(self, request: ApiRequest, pk: int) -> Notice:
        require(request.user, "awareness.publish")
        return get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)


class AllNotices(NoticeView):
    """Drafts, what is published, and what was withdrawn, the latest first."""

    @extend_schema(responses=NoticeDetail(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "awareness.publish")
        pager = Cursor()
        page = pager.paginate_queryset(Notice.objects.visible_to(request.user), request, view=self) or []
        return pager.get_paginated_response(NoticeDetail(page, many=True).data)


class OneNotice(NoticeView):
    """One of them, in better words; published, or taken back."""

    @extend_schema(responses=NoticeDetail)
    def get(self, request: ApiRequest, pk: int) -> Response:
        return Response(NoticeDetail(self.row(request, pk)).data)

    @extend_schema(request=NoticeChange, responses=NoticeDetail)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        row, asked = self.row(request, pk), NoticeChange(data=request.data)
        asked.is_valid(raise_exception=True)
        kept = {name: getattr(row, name) for name in ("title", "body", "audience")} | asked.validated_data
        return Response(
            NoticeDetail(services.edit_notice(notice=row, **kept, by=request.user, at=timezone.now())).data
        )

    @extend_schema(operation_id="notice_act", request=NoticeActIn, responses=NoticeDetail)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Publish it, or withdraw it."""
        row, asked = self.row(request, pk), NoticeActIn(data=request.data)
        asked.is_valid(raise_exception=True)
        done = ACTS[asked.validated_data["act"]](notice=row, by=request.user, at=timezone.now())
        return Response(NoticeDetail(done).data)
