"""What a program can do to a ticket: the same services the pages call."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api import views as intake
from apps.intake.api.fields import Custom, DepartmentSlug, IssueCode, ProductCode, SeverityName
from apps.intake.api.representation import etag, represent
from apps.intake.api.serializers import UploadTokens
from apps.response import queries, services
from apps.response.macros.services import NotUsable, reply_using
from apps.response.models import Macro, Offer, Then
from apps.response.queries.tags import tags_like
from apps.response.query import read
from apps.response.services.answer import MAX_BODY
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer
from helpdesk.errors import DomainError
from helpdesk.http import ApiRequest, number_in
from helpdesk.models import Issue, Remedy, Role, Status, SuspectedCause, Ticket, User
from helpdesk.models.ticket import TicketQuerySet
from helpdesk.permissions import require


class Changed(DomainError):
    """The ticket is not as it was when you read it. Read it again, then decide."""

    code = "changed-meanwhile"
    status = 412


class ReplySerializer(StrictSerializer):
    """What we say to the customer."""

    body = serializers.CharField(max_length=MAX_BODY, trim_whitespace=False)
    then = serializers.ChoiceField(Then.choices, required=False, default=Then.STAY)
    seen = serializers.IntegerField(min_value=0, required=False)
    cc = serializers.ListField(
        child=serializers.CharField(max_length=320),
        max_length=20,
        required=False,
        help_text="Who is copied, instead of everybody who takes part.",
    )
    macro = serializers.IntegerField(
        min_value=1, required=False, help_text="The macro whose acts are done with it; the words are yours."
    )
    attachments = UploadTokens()


class NoteSerializer(StrictSerializer):
    """What only colleagues see."""

    body = serializers.CharField(max_length=MAX_BODY, trim_whitespace=False)
    attachments = UploadTokens()


@extend_schema_field({"type": "string", "format": "email"})
class Assignee(serializers.Field[User, str, str, User]):
    """A colleague by address; null gives the ticket back to everybody."""

    def to_internal_value(self, data: str) -> User:
        email = str(data).strip().lower()
        found = User.objects.filter(email=email).exclude(role__in=[Role.CUSTOMER, Role.SYSTEM]).first()
        if found is None:
            raise serializers.ValidationError("There is no colleague with this address.", "unknown")
        return found

    def to_representation(self, value: User) -> str:
        return value.email


class AssignSerializer(StrictSerializer):
    assignee = Assignee(allow_null=True)


class AnyIssueCode(IssueCode):
    """Retired ones and branches too: why one can't be used is the service's answer."""

    def find(self, code: str) -> Issue | None:
        return Issue.objects.filter(code=code).first()


class ClassifySerializer(StrictSerializer):
    issue = AnyIssueCode("issue")
    primary = serializers.BooleanField(required=False, default=True)
    suspected_cause = serializers.ChoiceField(
        SuspectedCause.choices, required=False, default="", allow_blank=True
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("issue") is None:
            raise serializers.ValidationError({"issue": ["Say which issue."]})
        return attrs


class HoldSerializer(StrictSerializer):
    waiting_on = serializers.ChoiceField([Status.WAITING_CUSTOMER.value, Status.WAITING_OWNER.value])
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class ReasonSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class EmptySerializer(StrictSerializer):
    pass


class MergeSerializer(StrictSerializer):
    into = serializers.IntegerField(min_value=1)


class MergeSeveralSerializer(StrictSerializer):
    tickets = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=50)


class RemedySerializer(StrictSerializer):
    remedy = serializers.ChoiceField(Remedy.choices)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, required=False, allow_null=True)
    issue = AnyIssueCode("issue")
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)
    offer = serializers.PrimaryKeyRelatedField(queryset=Offer.objects.all(), required=False, allow_null=True)


class PatchSerializer(StrictSerializer):
    """Only what is named is changed."""

    severity = SeverityName(required=False)
    department = DepartmentSlug("department")
    assignee = Assignee(allow_null=True, required=False)
    product = ProductCode("product")
    product_version = serializers.CharField(max_length=40, required=False, allow_blank=True)
    tags = serializers.ListField(child=serializers.CharField(max_length=60), max_length=50, required=False)
    # Keys that are named are changed, null takes a value away; the others stay.
    custom = Custom(required=False)


def act(
    view: ApiView,
    request: ApiRequest,
    number: int,
    serializer: type[StrictSerializer],
    do: Callable[[Ticket, dict[str, Any]], Any],
    status: int = 200,
) -> Response:
    """One POST: the ticket this program may see, its input, one service, and the ticket as it is afterwards."""

    def once() -> Response:
        ticket = intake.visible(request, pk=number)
        given = serializer(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        made = do(ticket, given.validated_data | {"by": request.user, "at": now})
        services.keep_played(ticket=ticket, by=request.user, at=now)
        shown = represent(intake.visible(request, pk=number)) | (made if isinstance(made, dict) else {})
        return Response(shown, status=status, headers={"ETag": etag(represent(ticket))})

    return view.answer_once(request, once)


class Tickets(intake.Tickets):
    """All tickets you may see, and the door for new ones."""

    def asked_for(self, request: ApiRequest) -> TicketQuerySet:
        """With `q`, in the queue's language. What a page leaves out and tells is refused here: nobody would read it."""
        tickets = super().asked_for(request)
        query = read(request.query_params.get("q", ""), at=timezone.now())
        found, unknown = queries.find(query, user=request.user, among=tickets, top=True)
        if wrong := (*query.wrong, *unknown):
            raise serializers.ValidationError({"q": [f"{one.token}: {one.reason}" for one in wrong]})
        return found


class TicketByNumber(intake.TicketByNumber):
    """One ticket, to read and to change."""

    @extend_schema(operation_id="tickets_change", request=PatchSerializer, responses={200: dict})
    def patch(self, request: ApiRequest, number: int) -> Response:
        """Change what is named: all of it or nothing. With `If-Match`, only if the ticket is still as you read it."""
        given = PatchSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        ticket = intake.visible(request, pk=number)
        wanted = request.headers.get("If-Match", "")
        if wanted not in ("", "*", etag(represent(ticket))):
            raise Changed
        services.change(ticket=ticket, **given.validated_data, by=request.user, at=timezone.now())
        shown = represent(intake.visible(request, pk=number))
        return Response(shown, headers={"ETag": etag(shown)})


class Replies(ApiView, verb="response.reply"):
    @extend_schema(operation_id="tickets_reply", request=ReplySerializer, responses={201: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Answer the customer; `then` waits for them or solves the ticket. With `seen` (the newest message you know)
        it is refused when somebody wrote since."""
        return act(self, request, number, ReplySerializer, _reply, status=201)


def _reply(ticket: Ticket, given: dict[str, Any]) -> dict[str, Any]:
    number = given.pop("macro", None)
    macro = Macro.objects.filter(pk=number).first() if number else None
    if number and macro is None:
        raise NotUsable(pointer="macro")
    return {"message": reply_using(ticket=ticket, macro=macro, **given).pk}


class Notes(ApiView, verb="response.note"):
    @extend_schema(operation_id="tickets_note", request=NoteSerializer, responses={201: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Tell colleagues something the customer never sees."""
        return act(self, request, number, NoteSerializer, _note, status=201)


def _note(ticket: Ticket, given: dict[str, Any]) -> dict[str, Any]:
    return {"note": services.add_note(ticket=ticket, **given).pk}


class Assign(ApiView, verb="response.assign"):
    @extend_schema(operation_id="tickets_assign", request=AssignSerializer, responses={200: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Give the ticket to a colleague, or with null to nobody."""
        return act(
            self,
            request,
            number,
            AssignSerializer,
            lambda ticket, given: services.assign(ticket=ticket, **given),
        )


class Classify(ApiView, verb="response.classify"):
    @extend_schema(operation_id="tickets_classify", request=ClassifySerializer, responses={200: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Say what the ticket is about."""
        return act(
            self,
            request,
            number,
            ClassifySerializer,
            lambda ticket, given: services.classify(ticket=ticket, **given),
        )


class Hold(ApiView, verb="response.hold"):
    @extend_schema(operation_id="tickets_hold", request=HoldSerializer, responses={200: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Wait for the customer or for an owner."""
        return act(
            self, request, number, HoldSerializer, lambda ticket, given: services.hold(ticket=ticket, **given)
        )


class Solve(ApiView, verb="response.solve"):
    @extend_schema(operation_id="tickets_solve", request=EmptySerializer, responses={200: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """The customer has an answer."""
        return act(
            self,
            request,
            number,
            EmptySerializer,
            lambda ticket, given: services.solve(ticket=ticket, **given),
        )


class Reopen(ApiView, verb="response.reopen"):
    @extend_schema(operation_id="tickets_reopen", request=ReasonSerializer, responses={200: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """It was not over."""
        return act(
            self,
            request,
            number,
            ReasonSerializer,
            lambda ticket, given: services.reopen(ticket=ticket, **given),
        )


class Merge(ApiView, verb="response.merge"):
    @extend_schema(operation_id="tickets_merge", request=MergeSerializer, responses={200: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """The ticket is about the same thing as another one of the same customer."""

        def merge(ticket: Ticket, given: dict[str, Any]) -> None:
            into = intake.visible(request, pk=given.pop("into"))
            services.merge(ticket=ticket, into=into, **given)

        return act(self, request, number, MergeSerializer, merge)


class MergeIn(ApiView, verb="response.merge"):
    @extend_schema(operation_id="tickets_merge_in", request=MergeSeveralSerializer, responses={200: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Take several tickets of the same customer into this one, all of them or none."""

        def merge_in(ticket: Ticket, given: dict[str, Any]) -> None:
            chosen = [intake.visible(request, pk=one) for one in given.pop("tickets")]
            services.merge_all(tickets=chosen, into=ticket, **given)

        return act(self, request, number, MergeSeveralSerializer, merge_in)


class UndoMerge(ApiView, verb="response.merge"):
    @extend_schema(operation_id="tickets_undo_merge", request=EmptySerializer, responses={200: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Part the ticket from the one it was merged into, within 30 days; what came meanwhile stays there."""
        return act(
            self,
            request,
            number,
            EmptySerializer,
            lambda ticket, given: services.undo_merge(ticket=ticket, **given),
        )


class TicketMomentOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    at = serializers.DateTimeField()
    by = serializers.IntegerField()
    name = serializers.CharField(source="who")
    kind = serializers.CharField()
    text = serializers.CharField()


class TicketHistoryOut(serializers.Serializer):
    moments = TicketMomentOut(many=True)
    has_more = serializers.BooleanField(source="more")


class History(ApiView):
    @extend_schema(
        operation_id="tickets_history",
        parameters=[OpenApiParameter("group", str, enum=list(queries.GROUPS)), OpenApiParameter("by", int)],
        responses={200: TicketHistoryOut},
    )
    def get(self, request: ApiRequest, number: int) -> Response:
        """The newest 500 changes of the ticket in words, newest first; of one group, or by one person."""
        require(request.user, "response.view")
        asked = request.query_params
        if asked.get("group") and asked["group"] not in queries.GROUPS:
            raise intake.refused("group", f"One of {', '.join(queries.GROUPS)}.")
        by = number_in(asked.get("by", ""))
        if asked.get("by") and by is None:
            raise intake.refused("by", "The number of a person.")
        past = queries.past(intake.visible(request, pk=number), group=asked.get("group", ""), by=by)
        return Response(TicketHistoryOut(past).data)


class TagInUseOut(serializers.Serializer):
    name = serializers.CharField()
    tickets = serializers.IntegerField()


class TagsInUseOut(serializers.Serializer):
    tags = TagInUseOut(many=True)


class Tags(ApiView):
    @extend_schema(
        operation_id="tags_like", parameters=[OpenApiParameter("q", str)], responses={200: TagsInUseOut}
    )
    def get(self, request: ApiRequest) -> Response:
        """Tags in use on the newest tickets you may see: those that begin with `q`, then those that hold it."""
        require(request.user, "response.view")
        found = tags_like(request.query_params.get("q", "")[:60], user=request.user)
        return Response(TagsInUseOut({"tags": found}).data)


class GiveRemedy(ApiView, verb="response.solve"):
    @extend_schema(operation_id="tickets_remedy", request=RemedySerializer, responses={200: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Record what the customer was given; further ones add up."""
        return act(
            self,
            request,
            number,
            RemedySerializer,
            lambda ticket, given: services.give_remedy(ticket=ticket, **given),
        )
