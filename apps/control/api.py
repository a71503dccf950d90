"""Control's part of the API: the clocks of a ticket, and referrals."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.control import queries, services
from apps.control.models import Referral
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Department, Ticket
from helpdesk.permissions import require


class ClockOut(serializers.Serializer):
    kind = serializers.CharField()
    state = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    met_at = serializers.DateTimeField(allow_null=True)
    working_minutes_left = serializers.SerializerMethodField()

    def get_working_minutes_left(self, face: queries.Face) -> float:
        return round(face.left.total_seconds() / 60, 1)


class ReferralIn(StrictSerializer):
    department = serializers.SlugRelatedField(
        slug_field="slug", queryset=Department.objects.all(), required=False, allow_null=True
    )
    outside_name = serializers.CharField(max_length=120, required=False)
    outside_email = serializers.EmailField(required=False)
    reference = serializers.CharField(max_length=80, required=False)
    question = serializers.CharField(max_length=5_000)


class AnswerIn(StrictSerializer):
    answer = serializers.CharField(max_length=20_000)


class ReferralOut(serializers.Serializer):
    id = serializers.IntegerField()
    ticket = serializers.IntegerField(source="ticket_id")
    department = serializers.CharField(source="department.slug", default=None)
    outside_name = serializers.CharField()
    reference = serializers.CharField()
    question = serializers.CharField()
    state = serializers.CharField()
    answer = serializers.CharField()
    asked_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    checked_at = serializers.DateTimeField(allow_null=True)
    customer_confirmed = serializers.BooleanField(allow_null=True)
    customer_words = serializers.CharField()
    closed_why = serializers.CharField()


class CloseReferralIn(StrictSerializer):
    customer_confirmed = serializers.BooleanField(allow_null=True, required=False, default=None)
    why = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class NothingIn(StrictSerializer):
    pass


def _ticket(request: ApiRequest, number: int) -> Ticket:
    return get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)


class Clocks(ApiView):
    """The promises of time on a ticket."""

    @extend_schema(responses=ClockOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        require(request.user, "response.view")
        faces = queries.faces_of(_ticket(request, number), at=timezone.now())
        return Response({"data": ClockOut(faces, many=True).data})


class Referrals(ApiView, verb="control.refer"):
    """Work on a ticket that other departments have been asked for."""

    @extend_schema(responses=ReferralOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        require(request.user, "response.view")
        rows = queries.referrals_of(_ticket(request, number))
        return Response({"data": ReferralOut(rows, many=True).data})

    @extend_schema(request=ReferralIn, responses={201: ReferralOut})
    def post(self, request: ApiRequest, number: int) -> Response:
        ticket, given = _ticket(request, number), taken(ReferralIn(data=request.data))

        def act() -> Response:
            row = services.refer(ticket=ticket, **given, by=request.user, at=timezone.now())
            return Response(ReferralOut(row).data, status=201)

        return self.answer_once(request, act)


class Answer(ApiView, verb="control.answer_referral"):
    """A department's answer to a referral."""

    @extend_schema(request=AnswerIn, responses=ReferralOut)
    def post(self, request: ApiRequest, number: int) -> Response:
        row, given = get_object_or_404(Referral, pk=number), taken(AnswerIn(data=request.data))

        def act() -> Response:
            answered = services.answer_referral(referral=row, **given, by=request.user, at=timezone.now())
            return Response(ReferralOut(answered).data)

        return self.answer_once(request, act)


def _asked(request: ApiRequest, number: int) -> Referral:
    require(request.user, "control.refer")
    seen = Ticket.objects.visible_to(request.user).order_by().values("pk")
    return get_object_or_404(Referral.objects.select_related("ticket"), pk=number, ticket__in=seen)


class CloseReferral(ApiView, verb="control.refer"):
    @extend_schema(operation_id="referrals_close", request=CloseReferralIn, responses=ReferralOut)
    def post(self, request: ApiRequest, number: int) -> Response:
        """With the customer's word, or with a reason why nobody asked them."""
        row, given = _asked(request, number), taken(CloseReferralIn(data=request.data))
        closed = services.close_referral(referral=row, **given, by=request.user, at=timezone.now())
        return Response(ReferralOut(closed).data)


class CheckReferral(ApiView, verb="control.refer"):
    @extend_schema(operation_id="referrals_check", request=NothingIn, responses=ReferralOut)
    def post(self, request: ApiRequest, number: int) -> Response:
        """Ask the customer by letter whether it is done."""
        row = services.check_with_customer(
            referral=_asked(request, number), by=request.user, at=timezone.now()
        )
        return Response(ReferralOut(row).data)


class ChaseReferral(ApiView, verb="control.refer"):
    @extend_schema(operation_id="referrals_chase", request=NothingIn, responses={200: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Remind whoever was asked; within an hour once."""
        sent = services.chase_referral(referral=_asked(request, number), by=request.user, at=timezone.now())
        return Response({"sent": sent})
