"""Answers for later, by program."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api import views as intake
from apps.response.api import ReplySerializer
from apps.response.macros.services import NotUsable
from apps.response.models import LaterReply, Macro
from apps.response.sending_later import services
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class LaterIn(ReplySerializer):
    due_at = serializers.DateTimeField()
    holds = serializers.BooleanField(
        required=False, help_text="Whether it waits once the customer writes: so unless you say otherwise."
    )


class LaterChange(StrictSerializer):
    due_at = serializers.DateTimeField(required=False)
    holds = serializers.BooleanField(required=False)


class LaterOut(serializers.ModelSerializer[LaterReply]):
    by = serializers.EmailField(source="by.email")

    class Meta:
        model = LaterReply
        fields = (
            "id", "by", "body", "cc", "then", "macro", "due_at", "holds", "state", "why", "message", "made_at",
        )  # fmt: skip


class LaterReplies(ApiView, verb="response.reply"):
    """Answers that go out later."""

    @extend_schema(operation_id="ticket_later_list", responses=LaterOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        require(request.user, "response.view")
        ticket = intake.visible(request, pk=number)
        rows = LaterReply.objects.filter(ticket=ticket).select_related("by")
        return Response({"data": LaterOut(rows, many=True).data})

    @extend_schema(operation_id="ticket_later_add", request=LaterIn, responses={201: LaterOut})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Answer the customer at a time to come, once or, if it was taken back, never."""

        def add() -> Response:
            ticket = intake.visible(request, pk=number)
            given = taken(LaterIn(data=request.data))
            given.pop("seen", None)
            macro = Macro.objects.filter(pk=given["macro"]).first() if given.get("macro") else None
            if given.pop("macro", None) and macro is None:
                raise NotUsable(pointer="macro")
            row = services.send_later(ticket=ticket, macro=macro, **given, by=request.user, at=timezone.now())
            return Response(LaterOut(row).data, status=201)

        return self.answer_once(request, add)


class OneLaterReply(ApiView, verb="response.reply"):
    """One of them."""

    @extend_schema(operation_id="ticket_later_change", request=LaterChange, responses=LaterOut)
    def patch(self, request: ApiRequest, number: int, pk: int) -> Response:
        """Another time; one that was held back waits again."""
        row, given = _later(request, number, pk), taken(LaterChange(data=request.data))
        row = services.change_time(
            later=row,
            due_at=given.get("due_at", row.due_at),
            holds=given.get("holds", row.holds),
            by=request.user,
            at=timezone.now(),
        )
        return Response(LaterOut(row).data)

    @extend_schema(operation_id="ticket_later_take_back", responses={204: None})
    def delete(self, request: ApiRequest, number: int, pk: int) -> Response:
        """Take it back; its words are a draft of its author's."""
        services.take_back_later(later=_later(request, number, pk), by=request.user, at=timezone.now())
        return Response(status=204)


class SendLaterReply(ApiView, verb="response.reply"):
    @extend_schema(operation_id="ticket_later_send", request=None, responses={200: LaterOut})
    def post(self, request: ApiRequest, number: int, pk: int) -> Response:
        """Let it go now, whoever wrote meanwhile."""
        row = _later(request, number, pk)
        services.send_now(later=row, by=request.user, at=timezone.now())
        row.refresh_from_db()
        return Response(LaterOut(row).data)


def _later(request: ApiRequest, number: int, pk: int) -> LaterReply:
    require(request.user, "response.reply")
    ticket = intake.visible(request, pk=number)
    row = LaterReply.objects.select_related("ticket", "by").filter(pk=pk, ticket=ticket).first()
    if row is None:
        raise Http404
    return row
