"""The calendar by API: release trains and price lists enter themselves what they change."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis import services
from apps.analysis.models import CalendarEntry, EntryKind
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer
from helpdesk.http import ApiRequest
from helpdesk.models import Product
from helpdesk.permissions import require


class EntryIn(StrictSerializer):
    kind = serializers.ChoiceField(choices=EntryKind.choices)
    day = serializers.DateField()
    until = serializers.DateField(required=False, allow_null=True)
    product = serializers.SlugRelatedField(
        slug_field="code", queryset=Product.objects.all(), required=False, allow_null=True
    )
    region = serializers.CharField(max_length=60, required=False, allow_blank=True)
    words = serializers.CharField(max_length=200)


class EntryOut(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    day = serializers.DateField()
    until = serializers.DateField(allow_null=True)
    product = serializers.CharField(source="product.code", default=None)
    region = serializers.CharField()
    words = serializers.CharField()


class Calendar(ApiView, verb="analysis.case"):
    """What happened in the company, and may be behind a change in contacts."""

    read_scope = "cases:read"
    write_scope = "cases:write"

    @extend_schema(parameters=[OpenApiParameter("since", OpenApiTypes.DATE)], responses=EntryOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "analysis.view")
        rows = CalendarEntry.objects.standing().select_related("product").order_by("-id")
        if since := request.query_params.get("since"):
            rows = rows.filter(day__gte=serializers.DateField().run_validation(since))
        pager = Cursor()
        page = pager.paginate_queryset(rows, request, self) or []
        return pager.get_paginated_response(EntryOut(page, many=True).data)

    @extend_schema(request=EntryIn, responses=EntryOut)
    def post(self, request: ApiRequest) -> Response:
        asked = EntryIn(data=request.data)
        asked.is_valid(raise_exception=True)
        return self.answer_once(request, lambda: self._added(request, asked.validated_data))

    def _added(self, request: ApiRequest, given: dict[str, Any]) -> Response:
        entry = services.add_entry(**given, by=request.user, at=timezone.now())
        return Response(EntryOut(entry).data, status=201)


class OneEntry(ApiView, verb="analysis.case"):
    read_scope = "cases:read"
    write_scope = "cases:write"

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """It was entered by mistake: nothing is held against it any more, and what was stays told."""
        entry = get_object_or_404(CalendarEntry.objects.standing(), pk=pk)
        services.withdraw_entry(entry=entry, by=request.user, at=timezone.now())
        return Response(status=204)
