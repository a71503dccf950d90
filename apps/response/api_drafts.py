"""What a person has begun to write, for programs that are their composer elsewhere: a phone, a mail client."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake import uploads
from apps.intake.api import views as intake
from apps.response import services
from apps.response.models import Draft, DraftKind
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class DraftSerializer(StrictSerializer):
    """A save: the composer that makes it, its revision, and the draft it goes on with as that was when it was read."""

    kind = serializers.ChoiceField(DraftKind.choices)
    text = serializers.CharField(max_length=400_000, allow_blank=True, trim_whitespace=False)
    writer = serializers.CharField(max_length=40)
    revision = serializers.IntegerField(min_value=1, max_value=2_000_000_000)
    draft = serializers.IntegerField(min_value=1, required=False)
    seen = serializers.IntegerField(min_value=1, required=False)
    attachments = serializers.ListField(child=serializers.CharField(max_length=2_000), required=False)
    macro = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    cc = serializers.ListField(child=serializers.CharField(max_length=254), max_length=20, required=False)


class Drafts(ApiView):
    """Your own drafts on a ticket."""

    @extend_schema(operation_id="tickets_drafts", responses={200: dict})
    def get(self, request: ApiRequest, number: int) -> Response:
        """What you have written here and not sent, newest first."""
        require(request.user, "response.view")
        ticket = intake.visible(request, pk=number)
        rows = Draft.objects.filter(ticket=ticket, user=request.user)
        return Response({"data": [_shown(row) for row in rows if not row.is_empty]})

    @extend_schema(operation_id="tickets_save_draft", request=DraftSerializer, responses={200: dict})
    def put(self, request: ApiRequest, number: int) -> Response:
        """Keep what is being written. An older save never takes the place of a newer one: the draft as it is now comes
        back; of two that go on with the same draft both are kept."""
        given = DraftSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        told: dict[str, Any] = given.validated_data
        draft = services.save_draft(
            ticket=intake.visible(request, pk=number),
            kind=told["kind"],
            text=told["text"],
            files=[uploads.look_up(token) for token in told.get("attachments", ())],
            macro=told.get("macro"),
            cc=told.get("cc"),
            composer=services.Composer(told["writer"], told["revision"]),
            goes_on_with=services.Read(told.get("draft", 0), told.get("seen", 0)),
            by=request.user,
            at=timezone.now(),
        )
        return Response(_shown(draft))


class OneDraft(ApiView):
    @extend_schema(operation_id="tickets_discard_draft", responses={204: None})
    def delete(self, request: ApiRequest, number: int, pk: int) -> Response:
        """Discard it."""
        draft = get_object_or_404(Draft, pk=pk, ticket=number, user=request.user)
        services.discard_draft(draft=draft, by=request.user, at=timezone.now())
        return Response(status=204)


def _shown(draft: Draft) -> dict[str, Any]:
    shown = {name: getattr(draft, name) for name in ("kind", "text", "writer", "revision")}
    files = [{"name": file["name"], "size": file["size"]} for file in draft.files]
    at = draft.at.isoformat().replace("+00:00", "Z")
    return {"id": draft.pk, **shown, "attachments": files, "macro": draft.macro_id, "cc": draft.cc, "at": at}
