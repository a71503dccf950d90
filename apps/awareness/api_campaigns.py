"""Campaigns by API: set up and read like on their page."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis.deadlines import today
from apps.awareness import services
from apps.awareness.models.campaign import Campaign, Where
from apps.awareness.queries.campaigns import CampaignPage, campaign_page, campaigns
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer
from helpdesk.http import ApiRequest
from helpdesk.links import absolute
from helpdesk.models import Issue
from helpdesk.permissions import require


class CampaignIn(StrictSerializer):
    name = serializers.CharField(max_length=120)
    where = serializers.ChoiceField(choices=Where.choices)
    question = serializers.CharField(max_length=1_000)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    segment = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    region = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    reach = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    issues = serializers.ListField(
        child=serializers.SlugRelatedField(slug_field="code", queryset=Issue.objects.all()),
        max_length=12, required=False, default=list,
    )  # fmt: skip
    days_back = serializers.IntegerField(min_value=7, max_value=366, required=False, default=90)


class CampaignOut(serializers.Serializer):
    id = serializers.IntegerField()
    key = serializers.CharField()
    address = serializers.SerializerMethodField()
    name = serializers.CharField()
    where = serializers.CharField()
    question = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    state = serializers.SerializerMethodField()
    segment = serializers.CharField()
    region = serializers.CharField()
    reach = serializers.IntegerField(allow_null=True)
    visits = serializers.IntegerField(source="seen")
    replies = serializers.IntegerField(source="answered")
    tickets = serializers.IntegerField(source="brought")

    def get_address(self, row: Campaign) -> str:
        return absolute("asked", key=row.key)

    def get_state(self, row: Campaign) -> str:
        return row.stands(today(timezone.now()))


class CampaignView(ApiView, verb="awareness.publish"):
    read_scope = "cases:read"
    write_scope = "cases:write"


class Campaigns(CampaignView):
    """Where customers were asked to tell us, the latest first."""

    @extend_schema(responses=CampaignOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "awareness.publish")
        pager = Cursor()
        page = pager.paginate_queryset(campaigns().order_by("-id"), request, self) or []
        return pager.get_paginated_response(CampaignOut(page, many=True).data)

    @extend_schema(request=CampaignIn, responses=CampaignOut)
    def post(self, request: ApiRequest) -> Response:
        asked = CampaignIn(data=request.data)
        asked.is_valid(raise_exception=True)
        return self.answer_once(request, lambda: self._opened(request, asked.validated_data))

    def _opened(self, request: ApiRequest, given: dict[str, Any]) -> Response:
        row = services.open_campaign(**given, by=request.user, at=timezone.now())
        return Response(CampaignOut(campaigns().get(pk=row.pk)).data, status=201)


class OneCampaign(CampaignView):
    """One campaign with what it showed: the lift beside it, and what share of customers tells us."""

    @extend_schema(responses=CampaignOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "awareness.publish")
        row = get_object_or_404(campaigns(), pk=pk)
        return Response({**CampaignOut(row).data, **_showed(campaign_page(row, at=timezone.now()))})

    @extend_schema(request=CampaignIn, responses=CampaignOut)
    def put(self, request: ApiRequest, pk: int) -> Response:
        asked = CampaignIn(data=request.data)
        asked.is_valid(raise_exception=True)
        row = get_object_or_404(Campaign, pk=pk)
        services.edit_campaign(campaign=row, **asked.validated_data, by=request.user, at=timezone.now())
        return Response(CampaignOut(campaigns().get(pk=pk)).data)


def _showed(page: CampaignPage) -> dict[str, Any]:
    lift = page.spill.best
    return {
        "lift": lift and {"ratio": lift.ratio, "low": lift.low, "high": lift.high},
        "complaint_rates": [
            {
                "issue": row.issue.code, "had": row.rate.had, "told_before": row.rate.told_before,
                "told_after": row.rate.told_after,
                "multiplier": row.rate.multiplier and dict(
                    zip(("low", "likely", "high"), row.rate.multiplier, strict=True)
                ),
            }
            for row in page.rates
        ],
    }  # fmt: skip
