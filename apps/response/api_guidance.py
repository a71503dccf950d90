"""Guidance, offers, remedies and approvals by program."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api import views as intake
from apps.response import services
from apps.response.api import AnyIssueCode
from apps.response.models import (
    GUIDANCE_FIELDS,
    Approval,
    FoundFact,
    GivenRemedy,
    Guidance,
    GuidanceEdition,
    Offer,
    RemedyCeiling,
)
from apps.response.models.knowledge import MAX_ANSWER, MAX_QUESTION
from apps.response.models.remedy import RANKS, YEAR
from apps.response.queries.remedies import approvals_of, approvals_waiting
from apps.response.queries.remedy_figures import remedy_figures
from helpdesk.api.endpoint import ApiView, SetUpView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Issue, Remedy
from helpdesk.permissions import require


def money() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=12, decimal_places=2, required=False)


class GuidanceIn(StrictSerializer):
    questions = serializers.CharField(required=False, allow_blank=True)
    solution_space = serializers.CharField(required=False, allow_blank=True)
    explanation = serializers.CharField(required=False, allow_blank=True)
    prevention_tip = serializers.CharField(required=False, allow_blank=True)
    known_error = serializers.CharField(required=False, allow_blank=True)
    agent_limit = money()
    lead_limit = money()
    publish = serializers.BooleanField(required=False, default=True)


class GuidanceOut(serializers.ModelSerializer[Guidance]):
    issue = serializers.CharField(source="issue.code")

    class Meta:
        model = Guidance
        fields = ("issue", *GUIDANCE_FIELDS, "version")


class GuidanceVersionOut(serializers.ModelSerializer[GuidanceEdition]):
    made_by = serializers.EmailField(source="made_by.email", default=None)

    class Meta:
        model = GuidanceEdition
        fields = ("number", "words", "made_by", "made_at")


class OfferIn(StrictSerializer):
    remedy = serializers.ChoiceField(Remedy.choices)
    words = serializers.CharField(max_length=200)
    segment = serializers.CharField(max_length=60, required=False, allow_blank=True)
    alone_from = serializers.ChoiceField([role.value for role in RANKS], required=False)
    agent_limit = money()
    lead_limit = money()
    position = serializers.IntegerField(min_value=0, max_value=999, required=False)


class OfferOut(serializers.ModelSerializer[Offer]):
    issue = serializers.CharField(source="issue.code")

    class Meta:
        model = Offer
        fields = (
            "id", "issue", "remedy", "words", "segment", "alone_from", "agent_limit", "lead_limit", "position",
        )  # fmt: skip


class CeilingIn(StrictSerializer):
    per_day = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    per_customer = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)


class GivenOut(serializers.ModelSerializer[GivenRemedy]):
    issue = serializers.CharField(source="issue.code")
    given_by = serializers.EmailField(source="given_by.email", default=None)

    class Meta:
        model = GivenRemedy
        fields = (
            "id", "issue", "remedy", "amount", "currency", "reason", "offer", "guidance_version", "given_by",
            "given_at", "struck_at", "struck_why",
        )  # fmt: skip


class StrikeRemedyIn(StrictSerializer):
    why = serializers.CharField(max_length=200)


class FactIn(StrictSerializer):
    issue = AnyIssueCode("issue")
    question = serializers.CharField(max_length=MAX_QUESTION)
    answer = serializers.CharField(max_length=MAX_ANSWER, allow_blank=True)


class FactOut(serializers.ModelSerializer[FoundFact]):
    issue = serializers.CharField(source="issue.code")
    found_by = serializers.EmailField(source="found_by.email")

    class Meta:
        model = FoundFact
        fields = ("issue", "question", "answer", "found_by", "found_at")


class ApprovalIn(StrictSerializer):
    remedy = serializers.ChoiceField(Remedy.choices)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, required=False, allow_null=True)
    issue = AnyIssueCode("issue")
    offer = serializers.PrimaryKeyRelatedField(queryset=Offer.objects.all(), required=False, allow_null=True)
    why = serializers.CharField(max_length=500)
    until = serializers.DateTimeField(required=False)


class ApprovalAct(StrictSerializer):
    act = serializers.ChoiceField(["approve", "refuse", "ask_back", "explain", "give", "withdraw"])
    words = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class ApprovalOut(serializers.ModelSerializer[Approval]):
    issue = serializers.CharField(source="issue.code")
    asked_by = serializers.EmailField(source="asked_by.email")
    answered_by = serializers.EmailField(source="answered_by.email", default=None)

    class Meta:
        model = Approval
        fields = (
            "id", "kind", "ticket", "issue", "remedy", "amount", "why", "above", "asked_by", "asked_at", "until",
            "state", "answered_by", "answered_at", "answer",
        )  # fmt: skip


def _issue(code: str) -> Issue:
    return get_object_or_404(Issue, code=code)


class GuidanceByIssue(SetUpView, verb="response.manage"):
    """How one issue is answered."""

    @extend_schema(operation_id="guidance_read", responses=GuidanceOut)
    def get(self, request: ApiRequest, code: str) -> Response:
        """What agents see; 404 where an issue has none of its own."""
        require(request.user, "response.view")
        return Response(GuidanceOut(get_object_or_404(Guidance, issue__code=code)).data)

    @extend_schema(operation_id="guidance_save", request=GuidanceIn, responses={200: dict})
    def put(self, request: ApiRequest, code: str) -> Response:
        """Publish the next version, or with `publish: false` keep it as the draft."""
        issue, given = _issue(code), taken(GuidanceIn(data=request.data))
        who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
        publish = given.pop("publish")
        if not publish:
            draft = services.draft_guidance(issue=issue, words=given, **who)
            return Response(GuidanceVersionOut(draft).data)
        return Response(GuidanceOut(services.save_guidance(issue=issue, **given, **who)).data)


class GuidanceVersions(ApiView):
    @extend_schema(operation_id="guidance_versions", responses=GuidanceVersionOut(many=True))
    def get(self, request: ApiRequest, code: str) -> Response:
        """Every version there was, the newest first."""
        require(request.user, "response.view")
        rows = GuidanceEdition.objects.filter(issue=_issue(code), number__isnull=False)
        return Response({"data": GuidanceVersionOut(rows.select_related("made_by"), many=True).data})


class Offers(SetUpView, verb="response.manage"):
    @extend_schema(operation_id="offers_list", responses=OfferOut(many=True))
    def get(self, request: ApiRequest, code: str) -> Response:
        """What may be given for an issue."""
        require(request.user, "response.view")
        rows = Offer.objects.in_force().filter(issue=_issue(code)).select_related("issue")
        return Response({"data": OfferOut(rows, many=True).data})

    @extend_schema(operation_id="offers_add", request=OfferIn, responses={201: OfferOut})
    def post(self, request: ApiRequest, code: str) -> Response:
        def add() -> Response:
            given = taken(OfferIn(data=request.data))
            row = services.save_offer(issue=_issue(code), **given, by=request.user, at=timezone.now())
            return Response(OfferOut(row).data, status=201)

        return self.answer_once(request, add)


class OneOffer(SetUpView, verb="response.manage"):
    @extend_schema(operation_id="offers_change", request=OfferIn, responses=OfferOut)
    def put(self, request: ApiRequest, pk: int) -> Response:
        row = get_object_or_404(Offer.objects.in_force().select_related("issue"), pk=pk)
        given = taken(OfferIn(data=request.data))
        services.save_offer(issue=row.issue, offer=row, **given, by=request.user, at=timezone.now())
        return Response(OfferOut(row).data)

    @extend_schema(operation_id="offers_retire", responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        services.retire_offer(offer=get_object_or_404(Offer, pk=pk), by=request.user, at=timezone.now())
        return Response(status=204)


class Ceiling(SetUpView, verb="response.manage"):
    @extend_schema(operation_id="remedy_ceiling", responses=CeilingIn)
    def get(self, request: ApiRequest) -> Response:
        """How much money may be given in all without approval."""
        require(request.user, "response.view")
        return Response(CeilingIn(RemedyCeiling.objects.first() or RemedyCeiling()).data)

    @extend_schema(operation_id="remedy_ceiling_set", request=CeilingIn, responses=CeilingIn)
    def put(self, request: ApiRequest) -> Response:
        given = taken(CeilingIn(data=request.data))
        row = services.set_remedy_ceiling(**given, by=request.user, at=timezone.now())
        return Response(CeilingIn(row).data)


class Remedies(ApiView):
    @extend_schema(operation_id="ticket_remedies", responses=GivenOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        """What was given on a ticket, what was struck out included."""
        require(request.user, "response.view")
        rows = GivenRemedy.objects.filter(ticket=intake.visible(request, pk=number))
        return Response({"data": GivenOut(rows.select_related("issue", "given_by"), many=True).data})


class StrikeRemedy(ApiView, verb="response.solve"):
    @extend_schema(operation_id="ticket_remedies_strike", request=StrikeRemedyIn, responses=GivenOut)
    def post(self, request: ApiRequest, number: int, pk: int) -> Response:
        rows = GivenRemedy.objects.filter(ticket=intake.visible(request, pk=number))
        row = get_object_or_404(rows.select_related("ticket", "issue", "given_by"), pk=pk)
        given = taken(StrikeRemedyIn(data=request.data))
        struck = services.strike_remedy(given=row, **given, by=request.user, at=timezone.now())
        return Response(GivenOut(struck).data)


class Facts(ApiView, verb="response.note"):
    @extend_schema(operation_id="ticket_facts", responses=FactOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        """What was found out on a ticket."""
        require(request.user, "response.view")
        rows = FoundFact.objects.filter(ticket=intake.visible(request, pk=number))
        return Response({"data": FactOut(rows.select_related("issue", "found_by"), many=True).data})

    @extend_schema(operation_id="ticket_facts_note", request=FactIn, responses={200: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Write an answer down; an empty one takes it back."""
        ticket, given = intake.visible(request, pk=number), taken(FactIn(data=request.data))
        given["issue"] = given.get("issue") or ticket.primary_issue
        row = services.note_fact(ticket=ticket, **given, by=request.user, at=timezone.now())
        return Response(FactOut(row).data if row else {})


class TicketApprovals(ApiView, verb="response.solve"):
    @extend_schema(operation_id="ticket_approvals", responses=ApprovalOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        """What was asked on a ticket, and what became of it."""
        require(request.user, "response.view")
        return Response(
            {"data": ApprovalOut(approvals_of(intake.visible(request, pk=number)), many=True).data}
        )

    @extend_schema(operation_id="ticket_approvals_ask", request=ApprovalIn, responses={201: ApprovalOut})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Ask for what is above the caller's authority."""

        def ask() -> Response:
            ticket, given = intake.visible(request, pk=number), taken(ApprovalIn(data=request.data))
            row = services.ask_approval(ticket=ticket, **given, by=request.user, at=timezone.now())
            return Response(ApprovalOut(row).data, status=201)

        return self.answer_once(request, ask)


class GivenInMonthOut(serializers.Serializer):
    month = serializers.DateField()
    issue = serializers.CharField()
    with_money = serializers.IntegerField()
    without = serializers.IntegerField()
    money = serializers.DecimalField(max_digits=14, decimal_places=2)


class SatisfiedWithOut(serializers.Serializer):
    """`published`: the share of satisfied customers that others have found."""

    kind = serializers.CharField()
    tickets = serializers.IntegerField()
    answered = serializers.IntegerField()
    satisfied = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    published = serializers.FloatField(allow_null=True)


class RemedyFiguresOut(serializers.Serializer):
    months = GivenInMonthOut(many=True)
    kinds = SatisfiedWithOut(many=True)


class RemedyFigures(ApiView):
    @extend_schema(operation_id="remedies_figures", responses=RemedyFiguresOut)
    def get(self, request: ApiRequest) -> Response:
        """What was given within a year, by month and issue, and how satisfied customers were with each kind."""
        require(request.user, "evaluation.view")
        now = timezone.now()
        figures = remedy_figures(user=request.user, since=now - YEAR, until=now)
        return Response(RemedyFiguresOut(figures).data)


class Approvals(ApiView):
    @extend_schema(operation_id="approvals_waiting", responses=ApprovalOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        """What waits for the caller."""
        require(request.user, "response.view")
        return Response({"data": ApprovalOut(approvals_waiting(request.user), many=True).data})


class OneApproval(ApiView):
    @extend_schema(operation_id="approvals_read", responses=ApprovalOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "response.view")
        return Response(ApprovalOut(_approval(request, pk)).data)

    @extend_schema(operation_id="approvals_act", request=ApprovalAct, responses=ApprovalOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Answer it (`approve`, `refuse` and `ask_back` with `words`), or go on with it as the agent: `explain` with
        `words`, `give` once it is approved and promised, `withdraw`."""
        row, given = _approval(request, pk), taken(ApprovalAct(data=request.data))
        act, words = given["act"], given["words"]
        who: dict[str, Any] = {"approval": row, "by": request.user, "at": timezone.now()}
        match act:
            case "approve" | "refuse":
                row = services.answer_approval(approve=act == "approve", answer=words, **who)
            case "ask_back":
                row = services.ask_back(question=words, **who)
            case "explain":
                row = services.explain_approval(why=words, **who)
            case "give":
                row = services.use_approval(**who)
            case "withdraw":
                row = services.withdraw_approval(**who)
        return Response(ApprovalOut(row).data)


def _approval(request: ApiRequest, pk: int) -> Approval:
    related = Approval.objects.select_related("ticket", "issue", "asked_by", "answered_by", "offer")
    row = get_object_or_404(related, pk=pk)
    if not row.is_visible_to(request.user):
        raise Http404
    return row
