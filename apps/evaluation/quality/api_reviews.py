"""Reviews by API: written by those who review, read and answered by whose answers they are."""

from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.evaluation.models import (
    Review,
    Scorecard,
)
from apps.evaluation.quality import api_out, services
from apps.evaluation.quality.api_in import MarksIn
from apps.evaluation.quality.endpoint import QualityView
from apps.evaluation.quality.queries import reviews as review_queries
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Ticket, User
from helpdesk.permissions import may, require


class ReviewIn(MarksIn):
    summary = serializers.CharField(max_length=4_000, required=False, allow_blank=True, default="")
    scorecard = serializers.IntegerField(required=False)


class BeginIn(StrictSerializer):
    ticket = serializers.IntegerField(min_value=1, max_value=2**62)
    agent = serializers.IntegerField(min_value=1, max_value=2**62)


class WordsIn(StrictSerializer):
    words = serializers.CharField(max_length=4_000, required=False, allow_blank=True, default="")


class SettleIn(MarksIn):
    words = serializers.CharField(max_length=4_000)


class Reviews(QualityView, verb="evaluation.review"):
    """The reviews the caller may read, the newest first: `mine`, `to_review`, `to_settle`, or all with neither. Posting
    begins one of an answer that was not drawn."""

    SHOWN = ("mine", "to_review", "to_settle")

    @extend_schema(
        operation_id="reviews_list",
        parameters=[OpenApiParameter("show", str, enum=SHOWN)],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "evaluation.answer_review")
        rows = _shown(request.user, request.query_params.get("show", ""))
        pages = Cursor()
        found = pages.paginate_queryset(
            rows.select_related("agent", "reviewer", "department", "scorecard"), request, view=self
        )
        return pages.get_paginated_response([api_out.review(one) for one in found or []])

    @extend_schema(request=BeginIn, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: ApiRequest) -> Response:
        given = taken(BeginIn(data=request.data))
        ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=given["ticket"])
        agent = get_object_or_404(User, pk=given["agent"])

        def act() -> Response:
            made = services.begin_review(ticket=ticket, agent=agent, by=request.user, at=timezone.now())
            return Response(_review(request, made.pk), status=201)

        return self.answer_once(request, act)


class OneReview(QualityView, verb="evaluation.review"):
    """One review with its marks; putting keeps a draft."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "evaluation.answer_review")
        return Response(_review(request, pk))

    @extend_schema(request=ReviewIn, responses=OpenApiTypes.OBJECT)
    def put(self, request: ApiRequest, pk: int) -> Response:
        _write(request, pk, services.keep_draft)
        return Response(_review(request, pk))


class PublishReview(QualityView, verb="evaluation.review"):
    """Finish a review: the agent reads it."""

    @extend_schema(request=ReviewIn, responses=OpenApiTypes.OBJECT)
    def post(self, request: ApiRequest, pk: int) -> Response:
        def act() -> Response:
            _write(request, pk, services.publish_review)
            return Response(_review(request, pk))

        return self.answer_once(request, act)


class AcknowledgeReview(QualityView, verb="evaluation.answer_review"):
    """The agent accepts it."""

    act: Callable[..., Review] = staticmethod(services.acknowledge_review)

    @extend_schema(request=WordsIn, responses=OpenApiTypes.OBJECT)
    def post(self, request: ApiRequest, pk: int) -> Response:
        given = taken(WordsIn(data=request.data))
        review = review_queries.review_in_full(pk, user=request.user)

        def act() -> Response:
            self.act(review=review, words=given["words"], by=request.user, at=timezone.now())
            return Response(_review(request, pk))

        return self.answer_once(request, act)


class DisputeReview(AcknowledgeReview):
    """The agent sees it otherwise, and says what."""

    act = staticmethod(services.dispute_review)


class SettleReview(QualityView, verb="evaluation.review"):
    """A lead who has not written it decides: marks that are to be changed, and why."""

    @extend_schema(request=SettleIn, responses=OpenApiTypes.OBJECT)
    def post(self, request: ApiRequest, pk: int) -> Response:
        given = taken(SettleIn(data=request.data))
        review = review_queries.review_in_full(pk, user=request.user)

        def act() -> Response:
            services.settle_review(review=review, **given, by=request.user, at=timezone.now())
            return Response(_review(request, pk))

        return self.answer_once(request, act)


def _shown(user: User, show: str) -> Any:
    rows = Review.objects.visible_to(user)
    if show == "mine":
        return rows.filter(agent=user)
    if show == "to_review":
        return Review.objects.to_review(user) if may(user, "evaluation.review") else rows.none()
    if show == "to_settle":
        return Review.objects.to_settle(user) if may(user, "evaluation.review") else rows.none()
    if show:
        raise serializers.ValidationError({"show": [f"One of {', '.join(Reviews.SHOWN)}."]})
    return rows


def _review(request: ApiRequest, pk: int) -> dict[str, Any]:
    found = review_queries.review_in_full(pk, user=request.user)
    page = review_queries.review_page(found, user=request.user, with_words=False)
    return api_out.review(found) | api_out.marks(page)


def _write(request: ApiRequest, pk: int, write: Callable[..., Review]) -> None:
    given = taken(ReviewIn(data=request.data))
    require(request.user, "evaluation.review")
    review = review_queries.review_in_full(pk, user=request.user)
    named = given.pop("scorecard", None)
    used = review.scorecard or Scorecard.objects.in_use(review.department_id).first()
    scorecard = get_object_or_404(Scorecard, pk=named) if named else used
    if scorecard is None:
        raise services.NoScorecard
    write(review=review, scorecard=scorecard, **given, by=request.user, at=timezone.now())
