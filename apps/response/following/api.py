"""Following, by program of the person who follows."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api import views as intake
from apps.response.following import services
from apps.response.following.models import Follower, Mention
from apps.response.following.queries import followers_of
from helpdesk.api.endpoint import ApiView
from helpdesk.http import ApiRequest
from helpdesk.models import Ticket
from helpdesk.permissions import require

MOST = 100


class FollowerOut(serializers.ModelSerializer[Follower]):
    name = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")

    class Meta:
        model = Follower
        fields = ("name", "email", "since")


class MentionOut(serializers.ModelSerializer[Mention]):
    ticket = serializers.IntegerField(source="note.ticket_id")
    subject = serializers.CharField(source="note.ticket.subject")
    by = serializers.CharField(source="note.author.name", default=None)

    class Meta:
        model = Mention
        fields = ("ticket", "subject", "note", "by", "at")


class Followers(ApiView):
    """Colleagues who are told what happens on a ticket."""

    @extend_schema(operation_id="ticket_followers", responses=FollowerOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        require(request.user, "response.view")
        rows = followers_of(intake.visible(request, pk=number))
        return Response({"data": FollowerOut(rows, many=True).data})

    @extend_schema(operation_id="ticket_follow", request=None, responses={201: FollowerOut})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Follow it yourself."""
        ticket = intake.visible(request, pk=number)
        row = services.follow(ticket=ticket, by=request.user, at=timezone.now())
        return Response(FollowerOut(row).data, status=201)

    @extend_schema(operation_id="ticket_unfollow", responses={204: None})
    def delete(self, request: ApiRequest, number: int) -> Response:
        """Follow it no longer."""
        services.unfollow(ticket=intake.visible(request, pk=number), by=request.user, at=timezone.now())
        return Response(status=204)


class Mentions(ApiView):
    @extend_schema(operation_id="mentions_of_me", responses=MentionOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        """The newest hundred notes that mention you, on tickets you may see; the notes' words stay on the ticket."""
        require(request.user, "response.note")
        visible = Ticket.objects.visible_to(request.user).values("pk")
        rows = Mention.objects.filter(user=request.user, note__ticket__in=visible)
        shown = rows.select_related("note__ticket", "note__author")[:MOST]
        return Response({"data": MentionOut(shown, many=True).data})
