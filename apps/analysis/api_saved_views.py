"""Saved views by API."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis import services
from apps.analysis.models import Every, SavedView
from apps.analysis.queries.saved_views import views_of
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class ViewIn(StrictSerializer):
    name = serializers.CharField(max_length=80)
    query = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    shared = serializers.BooleanField(required=False, source="is_shared")


class MailIn(StrictSerializer):
    every = serializers.ChoiceField(choices=Every.choices, allow_blank=True)


class ViewOut(serializers.Serializer):
    id = serializers.IntegerField(source="view.pk")
    name = serializers.CharField(source="view.name")
    query = serializers.CharField(source="view.query")
    owner = serializers.CharField(source="view.owner.name")
    shared = serializers.BooleanField(source="view.is_shared")
    by_mail = serializers.CharField(source="every")


class SavedViews(ApiView, verb="analysis.view"):
    """Ways to ask the analysis, kept under a name."""

    read_scope = "cases:read"
    write_scope = "cases:write"

    @extend_schema(responses=ViewOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "analysis.view")
        return Response({"data": ViewOut(views_of(request.user), many=True).data})

    @extend_schema(request=ViewIn, responses=ViewOut)
    def post(self, request: ApiRequest) -> Response:
        asked = ViewIn(data=request.data)
        asked.is_valid(raise_exception=True)
        return self.answer_once(request, lambda: self._saved(request, asked.validated_data))

    def _saved(self, request: ApiRequest, given: dict[str, Any]) -> Response:
        view = services.save_view(**{"query": ""} | given, by=request.user, at=timezone.now())
        row = next(row for row in views_of(request.user) if row.view.pk == view.pk)
        return Response(ViewOut(row).data, status=201)


class OneView(ApiView, verb="analysis.view"):
    read_scope = "cases:read"
    write_scope = "cases:write"

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """Forget it, and the letters of it."""
        services.forget_view(view=_seen(request, pk), by=request.user)
        return Response(status=204)


class ViewByMail(ApiView, verb="analysis.view"):
    read_scope = "cases:read"
    write_scope = "cases:write"

    @extend_schema(request=MailIn, responses={204: None})
    def put(self, request: ApiRequest, pk: int) -> Response:
        """Have it by mail each week or month; an empty `every` ends that."""
        asked = MailIn(data=request.data)
        asked.is_valid(raise_exception=True)
        services.mail_view(
            view=_seen(request, pk), **asked.validated_data, by=request.user, at=timezone.now()
        )
        return Response(status=204)


def _seen(request: ApiRequest, pk: int) -> SavedView:
    require(request.user, "analysis.view")
    return get_object_or_404(SavedView.objects.visible_to(request.user).select_related("owner"), pk=pk)
