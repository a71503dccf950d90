"""Links of tickets by API: who hangs together with whom, children, and one answer for all of them."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api import views as intake
from apps.intake.api.fields import DepartmentSlug
from apps.intake.api.representation import represent
from apps.response.links import queries, services
from apps.response.links.models import RELATIONS, JointAnswer, TicketLink
from apps.response.models import Then
from apps.response.services.answer import MAX_BODY
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer
from helpdesk.http import ApiRequest
from helpdesk.models import Message, Ticket
from helpdesk.permissions import require


class TicketLinkIn(StrictSerializer):
    """What this ticket is to the other."""

    relation = serializers.ChoiceField(choices=list(RELATIONS))
    ticket = serializers.IntegerField(min_value=1, help_text="The number of the other ticket.")


class TicketLinkOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    relation = serializers.CharField(source="relation.name")
    ticket = serializers.IntegerField(source="number", help_text="Of a ticket you may not see, all there is.")
    subject = serializers.CharField(source="ticket.subject", default=None)
    status = serializers.CharField(source="ticket.status", default=None)


class TicketLinksOut(serializers.Serializer):
    links = TicketLinkOut(many=True)


class ChildIn(StrictSerializer):
    department = DepartmentSlug("department")
    subject = serializers.CharField(max_length=500, required=False, default="")
    task = serializers.CharField(max_length=20_000, help_text="What they should do: a note.")
    messages = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        min_length=1,
        max_length=100,
        help_text="Their ids, as in `expand=messages`.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("department") is None:
            raise serializers.ValidationError({"department": ["Say which department."]})
        return attrs


class AnswerChildrenIn(StrictSerializer):
    body = serializers.CharField(max_length=MAX_BODY, trim_whitespace=False)
    children = serializers.ListField(
        child=serializers.IntegerField(min_value=1), min_length=1, max_length=1_000
    )
    then = serializers.ChoiceField(Then.choices, required=False, default=Then.STAY)


class AnsweredChildOut(serializers.Serializer):
    ticket = serializers.IntegerField(source="ticket_id")
    message = serializers.IntegerField(source="message_id", allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    why_not = serializers.CharField()


class ToChildrenOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    tickets = AnsweredChildOut(many=True, source="rows.all")


class Links(ApiView, verb="response.link"):
    @extend_schema(operation_id="tickets_links", responses={200: TicketLinksOut})
    def get(self, request: ApiRequest, number: int) -> Response:
        """What hangs together with this ticket, and with what was merged into it; the number alone of what you may not
        see."""
        require(request.user, "response.view")
        return Response(_shown(request, intake.visible(request, pk=number)))

    @extend_schema(operation_id="tickets_link", request=TicketLinkIn, responses={201: TicketLinksOut})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Link two tickets, once for each kind. What would come round in a circle is refused with 409."""

        def once() -> Response:
            given = TicketLinkIn(data=request.data)
            given.is_valid(raise_exception=True)
            ticket = intake.visible(request, pk=number)
            other = intake.visible(request, pk=given.validated_data["ticket"])
            as_ = given.validated_data["relation"]
            services.add_link(ticket=ticket, other=other, as_=as_, by=request.user, at=timezone.now())
            return Response(_shown(request, ticket), status=201)

        return self.answer_once(request, once)


class OneLink(ApiView, verb="response.link"):
    @extend_schema(operation_id="tickets_unlink", responses={204: None})
    def delete(self, request: ApiRequest, number: int, pk: int) -> Response:
        """They have nothing to do with each other after all."""
        ticket = intake.visible(request, pk=number)
        link = get_object_or_404(TicketLink, pk=pk)
        services.remove_link(link=link, ticket=ticket, by=request.user, at=timezone.now())
        return Response(status=204)


class Children(ApiView, verb="response.link"):
    @extend_schema(operation_id="tickets_open_child", request=ChildIn, responses={201: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Open a child for another department, with the customer's messages chosen and a note of what is to be done."""

        def once() -> Response:
            given = ChildIn(data=request.data)
            given.is_valid(raise_exception=True)
            ticket = intake.visible(request, pk=number)
            fields: dict[str, Any] = dict(given.validated_data)
            fields["messages"] = list(
                Message.objects.filter(ticket=ticket, pk__in=fields["messages"]).order_by("at", "pk")
            )
            child = services.open_child(ticket=ticket, **fields, by=request.user, at=timezone.now())
            return Response(represent(child), status=201)

        return self.answer_once(request, once)


class AnswerChildren(ApiView, verb="response.reply"):
    @extend_schema(
        operation_id="tickets_answer_children", request=AnswerChildrenIn, responses={202: ToChildrenOut}
    )
    def post(self, request: ApiRequest, number: int) -> Response:
        """Write one reply to the customer of each child; up to 20 at once, more of them by and by."""

        def once() -> Response:
            given = AnswerChildrenIn(data=request.data)
            given.is_valid(raise_exception=True)
            ticket = intake.visible(request, pk=number)
            row = services.answer_children(
                ticket=ticket, **given.validated_data, by=request.user, at=timezone.now()
            )
            return Response(
                ToChildrenOut(JointAnswer.objects.prefetch_related("rows").get(pk=row.pk)).data, status=202
            )

        return self.answer_once(request, once)


class ChildrenAnswered(ApiView):
    @extend_schema(operation_id="tickets_children_answered", responses={200: ToChildrenOut})
    def get(self, request: ApiRequest, number: int, pk: int) -> Response:
        """How far a joint answer is."""
        require(request.user, "response.view")
        ticket = intake.visible(request, pk=number)
        rows = JointAnswer.objects.filter(parent=ticket).prefetch_related("rows")
        return Response(ToChildrenOut(get_object_or_404(rows, pk=pk)).data)


def _shown(request: ApiRequest, ticket: Ticket) -> dict[str, Any]:
    return dict(TicketLinksOut({"links": queries.links_of(ticket, user=request.user)}).data)
