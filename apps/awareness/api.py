"""Awareness's part of the API: what customers are told was put right."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.awareness.models import Notice
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.http import ApiRequest


class NoticeOut(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    body = serializers.CharField()
    published_at = serializers.DateTimeField()


class NewestFirst(Cursor):
    ordering = "-published_at"


class Notices(ApiView):
    """Published public notices, the newest first; any token that reads tickets may show them elsewhere."""

    @extend_schema(responses=NoticeOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        pages = NewestFirst()
        rows = pages.paginate_queryset(Notice.objects.public(), request, view=self)
        return pages.get_paginated_response(NoticeOut(rows, many=True).data)
