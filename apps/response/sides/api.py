"""Side conversations by program."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api import views as intake
from apps.intake.api.serializers import UploadTokens
from apps.response.services.answer import MAX_BODY
from apps.response.sides import services
from apps.response.sides.queries import sides_of
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import SideConversation, SideLetter, SideState
from helpdesk.permissions import require


class SideIn(StrictSerializer):
    to = serializers.ListField(child=serializers.CharField(max_length=320), min_length=1, max_length=10)
    subject = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    body = serializers.CharField(max_length=MAX_BODY, allow_blank=True, trim_whitespace=False)
    forward = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        required=False,
        max_length=50,
        help_text="Messages to pass on by number; an empty list for all of them.",
    )
    files = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        required=False,
        max_length=20,
        help_text="Attachments of the ticket's messages that go along, by number.",
    )
    attachments = UploadTokens()


class SideLetterIn(StrictSerializer):
    body = serializers.CharField(max_length=MAX_BODY, trim_whitespace=False)
    attachments = UploadTokens()


class SideChange(StrictSerializer):
    state = serializers.ChoiceField(SideState.choices)


class SideLetterOut(serializers.ModelSerializer[SideLetter]):
    who = serializers.CharField()
    files = serializers.SerializerMethodField()

    class Meta:
        model = SideLetter
        fields = (
            "id",
            "direction",
            "who",
            "sender_email",
            "body",
            "files",
            "is_automatic",
            "at",
            "withdrawn_at",
        )

    def get_files(self, letter: SideLetter) -> list[str]:
        return [str(file["name"]) for file in letter.files]


class SideOut(serializers.ModelSerializer[SideConversation]):
    letters = SideLetterOut(many=True)
    opened_by = serializers.EmailField(source="opened_by.email")

    class Meta:
        model = SideConversation
        fields = ("id", "subject", "to", "is_forward", "state", "opened_by", "opened_at", "letters")


class Sides(ApiView, verb="response.reply"):
    """What is written about a ticket to others than its customer."""

    @extend_schema(operation_id="ticket_sides_list", responses=SideOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        require(request.user, "response.note")
        rows = sides_of(intake.visible(request, pk=number))
        return Response({"data": SideOut(rows, many=True).data})

    @extend_schema(operation_id="ticket_sides_open", request=SideIn, responses={201: SideOut})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Write to somebody else by mail, or forward what was said. What they answer is never shown to the customer."""

        def begin() -> Response:
            ticket = intake.visible(request, pk=number)
            given = taken(SideIn(data=request.data))
            files = given.pop("files", ())
            side = services.open_side(
                ticket=ticket, files_of_ticket=files, **given, by=request.user, at=timezone.now()
            )
            return Response(SideOut(side).data, status=201)

        return self.answer_once(request, begin)


class OneSide(ApiView, verb="response.reply"):
    """One of them."""

    @extend_schema(operation_id="ticket_sides_read", responses=SideOut)
    def get(self, request: ApiRequest, number: int, pk: int) -> Response:
        return Response(SideOut(_side(request, number, pk)).data)

    @extend_schema(operation_id="ticket_sides_change", request=SideChange, responses=SideOut)
    def patch(self, request: ApiRequest, number: int, pk: int) -> Response:
        """Done, or open again."""
        given = taken(SideChange(data=request.data))
        row = _side(request, number, pk)
        row = services.settle_side(side=row, state=given["state"], by=request.user, at=timezone.now())
        return Response(SideOut(row).data)


class SideLetters(ApiView, verb="response.reply"):
    @extend_schema(operation_id="ticket_sides_write", request=SideLetterIn, responses={201: SideLetterOut})
    def post(self, request: ApiRequest, number: int, pk: int) -> Response:
        """Go on with it."""

        def write() -> Response:
            row, given = _side(request, number, pk), taken(SideLetterIn(data=request.data))
            letter = services.write_side(side=row, **given, by=request.user, at=timezone.now())
            return Response(SideLetterOut(letter).data, status=201)

        return self.answer_once(request, write)


def _side(request: ApiRequest, number: int, pk: int) -> SideConversation:
    require(request.user, "response.note")
    ticket = intake.visible(request, pk=number)
    row = SideConversation.objects.select_related("ticket", "opened_by").filter(pk=pk, ticket=ticket).first()
    if row is None:
        raise Http404
    return row
