"""Quality reviews by API: figures for whoever reads evaluation; scorecards, reviews and calibration for people, with
what their role may see. The same services as the pages."""

from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.evaluation.models import (
    About,
    CalibrationItem,
    CalibrationSession,
    Review,
    Scale,
    Scorecard,
)
from apps.evaluation.quality import api_out, figures, services
from apps.evaluation.quality.preset import Question
from apps.evaluation.quality.queries import calibration as calibration_queries
from apps.evaluation.quality.queries import reviews as review_queries
from apps.evaluation.quality.queries.scope import agents_shown, compares_all, departments_shown
from apps.evaluation.quality.queries.team import team_quality
from apps.evaluation.quality.services import Given
from apps.evaluation.queries import MONTHS, window
from apps.evaluation.queries.figures import USUAL_MONTHS
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer
from helpdesk.errors import NotFound
from helpdesk.http import ApiRequest
from helpdesk.models import Department, Ticket, User
from helpdesk.permissions import may, require

# --- what comes in ------------------------------------------------------------------------------------


class QuestionIn(StrictSerializer):
    group = serializers.CharField(max_length=60)
    code = serializers.SlugField(max_length=40)
    question = serializers.CharField(max_length=200)
    looks_like = serializers.CharField(max_length=1_000, required=False, allow_blank=True, default="")
    scale = serializers.ChoiceField(choices=Scale.choices, default=Scale.YES_NO)
    weight = serializers.IntegerField(min_value=1, max_value=10, default=1)
    is_critical = serializers.BooleanField(default=False)
    about = serializers.ChoiceField(choices=About.choices, default=About.AGENT)


class ScorecardIn(StrictSerializer):
    department = serializers.SlugRelatedField(
        slug_field="slug", queryset=Department.objects.all(), required=False, allow_null=True, default=None
    )
    name = serializers.CharField(max_length=120, required=False)
    pass_mark = serializers.FloatField(min_value=0.01, max_value=1, required=False)
    criteria = QuestionIn(many=True, required=False)


class MarkIn(StrictSerializer):
    """`value` null: it does not apply."""

    value = serializers.IntegerField(min_value=0, max_value=4, allow_null=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class MarksIn(StrictSerializer):
    marks = serializers.DictField(child=MarkIn(), required=True)

    def validate_marks(self, given: dict[str, Any]) -> dict[str, Given]:
        return {code: Given(one["value"], one["note"]) for code, one in given.items()}


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


class CalibrationIn(StrictSerializer):
    title = serializers.CharField(max_length=120)
    department = serializers.SlugRelatedField(
        slug_field="slug", queryset=Department.objects.all(), required=False, allow_null=True, default=None
    )
    tickets = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), allow_empty=False, max_length=20
    )
    panel = serializers.ListField(
        child=serializers.EmailField(max_length=254), allow_empty=False, max_length=20
    )


class DiscussionIn(StrictSerializer):
    discussion = serializers.CharField(max_length=10_000, allow_blank=True)


def _read(kind: type[StrictSerializer], request: ApiRequest) -> dict[str, Any]:
    given = kind(data=request.data)
    given.is_valid(raise_exception=True)
    found: dict[str, Any] = given.validated_data
    return found


# --- figures ------------------------------------------------------------------------------------------


class Quality(ApiView):
    """The weighted scores of drawn reviews with their intervals: company, departments, criteria, causes in the system;
    by agent for those whose reviews the caller writes. Of fewer than ten reviews the number alone."""

    @extend_schema(parameters=[OpenApiParameter("months", int, enum=MONTHS)], responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "evaluation.view")
        asked = request.query_params.get("months", str(USUAL_MONTHS))
        if asked not in map(str, MONTHS):
            raise serializers.ValidationError({"months": [f"One of {', '.join(map(str, MONTHS))}."]})
        everything, departments = compares_all(request.user), departments_shown(request.user)
        agents_of = agents_shown(request.user)
        found = team_quality(
            window(months=int(asked), at=timezone.now()), departments=departments, whole_company=everything,
            agents_of=[one.pk for one in agents_of],
        )  # fmt: skip
        where = figures.quality_from(
            found, months=int(asked), departments=None if everything else departments, agents_of=agents_of
        )
        about = {"since": found.window.since, "as_of": where.as_of, "provenance": where.told}
        return Response(figures.quality_figures(found) | about)


# --- scorecards ---------------------------------------------------------------------------------------


class Scorecards(ApiView):
    """Every version the caller may read; posting drafts the next one of a department, or of all."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "evaluation.answer_review")
        rows = Scorecard.objects.visible_to(request.user).select_related("department")
        return Response({"data": [api_out.scorecard(one) for one in rows.order_by("-pk")[:200]]})

    @extend_schema(request=ScorecardIn, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: ApiRequest) -> Response:
        given = _read(ScorecardIn, request)

        def act() -> Response:
            draft = services.draft_scorecard(
                department=given["department"], by=request.user, at=timezone.now()
            )
            _edit(draft, given, request.user)
            return Response(_scorecard(draft), status=201)

        return self.answer_once(request, act)


class OneScorecard(ApiView):
    """One version with its questions; a draft may be written anew, or discarded."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "evaluation.answer_review")
        return Response(_scorecard(_found_scorecard(request, pk)))

    @extend_schema(request=ScorecardIn, responses=OpenApiTypes.OBJECT)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        found = _found_scorecard(request, pk)
        _edit(found, _read(ScorecardIn, request), request.user)
        return Response(_scorecard(_found_scorecard(request, pk)))

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        services.discard_scorecard(scorecard=_found_scorecard(request, pk), by=request.user)
        return Response(status=204)


class PublishScorecard(ApiView):
    """It is the form from now on."""

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: ApiRequest, pk: int) -> Response:
        found = _found_scorecard(request, pk)

        def act() -> Response:
            made = services.publish_scorecard(scorecard=found, by=request.user, at=timezone.now())
            return Response(_scorecard(made))

        return self.answer_once(request, act)


def _found_scorecard(request: ApiRequest, pk: int) -> Scorecard:
    rows = Scorecard.objects.visible_to(request.user).select_related("department")
    return get_object_or_404(rows, pk=pk)


def _edit(draft: Scorecard, given: dict[str, Any], by: User) -> None:
    if "name" in given or "pass_mark" in given:
        name, mark = given.get("name", draft.name), given.get("pass_mark", draft.pass_mark)
        services.describe_scorecard(scorecard=draft, name=name, pass_mark=mark, by=by)
        draft.name, draft.pass_mark = name, mark
    if "criteria" in given:
        questions = [Question(**one) for one in given["criteria"]]
        services.write_criteria(scorecard=draft, questions=questions, by=by)


def _scorecard(row: Scorecard) -> dict[str, Any]:
    return api_out.scorecard(row) | {"criteria": [api_out.criterion(one) for one in row.criteria.all()]}


# --- reviews ------------------------------------------------------------------------------------------


class Reviews(ApiView):
    """The reviews the caller may read, the newest first: `mine`, `to_review`, `to_settle`, or all with neither. Posting
    begins one of an answer that was not drawn."""

    SHOWN = ("mine", "to_review", "to_settle")

    @extend_schema(parameters=[OpenApiParameter("show", str, enum=SHOWN)], responses=OpenApiTypes.OBJECT)
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
        given = _read(BeginIn, request)
        require(request.user, "evaluation.review")
        ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=given["ticket"])
        agent = get_object_or_404(User, pk=given["agent"])

        def act() -> Response:
            made = services.begin_review(ticket=ticket, agent=agent, by=request.user, at=timezone.now())
            return Response(_review(request, made.pk), status=201)

        return self.answer_once(request, act)


class OneReview(ApiView):
    """One review with its marks; putting keeps a draft."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "evaluation.answer_review")
        return Response(_review(request, pk))

    @extend_schema(request=ReviewIn, responses=OpenApiTypes.OBJECT)
    def put(self, request: ApiRequest, pk: int) -> Response:
        _write(request, pk, services.keep_draft)
        return Response(_review(request, pk))


class PublishReview(ApiView):
    """Finish a review: the agent reads it."""

    @extend_schema(request=ReviewIn, responses=OpenApiTypes.OBJECT)
    def post(self, request: ApiRequest, pk: int) -> Response:
        def act() -> Response:
            _write(request, pk, services.publish_review)
            return Response(_review(request, pk))

        return self.answer_once(request, act)


class AcknowledgeReview(ApiView):
    """The agent accepts it."""

    act: Callable[..., Review] = staticmethod(services.acknowledge_review)

    @extend_schema(request=WordsIn, responses=OpenApiTypes.OBJECT)
    def post(self, request: ApiRequest, pk: int) -> Response:
        given = _read(WordsIn, request)
        review = review_queries.review_in_full(pk, user=request.user)

        def act() -> Response:
            self.act(review=review, words=given["words"], by=request.user, at=timezone.now())
            return Response(_review(request, pk))

        return self.answer_once(request, act)


class DisputeReview(AcknowledgeReview):
    """The agent sees it otherwise, and says what."""

    act = staticmethod(services.dispute_review)


class SettleReview(ApiView):
    """A lead who has not written it decides: marks that are to be changed, and why."""

    @extend_schema(request=SettleIn, responses=OpenApiTypes.OBJECT)
    def post(self, request: ApiRequest, pk: int) -> Response:
        given = _read(SettleIn, request)
        require(request.user, "evaluation.review")
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
    given = _read(ReviewIn, request)
    require(request.user, "evaluation.review")
    review = review_queries.review_in_full(pk, user=request.user)
    named = given.pop("scorecard", None)
    used = review.scorecard or Scorecard.objects.in_use(review.department_id).first()
    scorecard = get_object_or_404(Scorecard, pk=named) if named else used
    if scorecard is None:
        raise services.NoScorecard
    write(review=review, scorecard=scorecard, **given, by=request.user, at=timezone.now())


# --- calibration --------------------------------------------------------------------------------------


class Calibrations(ApiView):
    """The sessions the caller may see; posting opens one."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "evaluation.review")
        rows = CalibrationSession.objects.visible_to(request.user).select_related("department")
        return Response({"data": [api_out.session(one) for one in rows[:200]]})

    @extend_schema(request=CalibrationIn, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: ApiRequest) -> Response:
        given = _read(CalibrationIn, request)
        require(request.user, "evaluation.review")
        seen = Ticket.objects.visible_to(request.user).in_bulk(given["tickets"])
        people = {one.email: one for one in User.objects.filter(email__in=given["panel"], is_active=True)}
        for field, wanted, known in (("tickets", given["tickets"], seen), ("panel", given["panel"], people)):
            if unknown := [one for one in wanted if one not in known]:
                raise serializers.ValidationError({field: [f"{unknown[0]} is not known."]})
        asked = given | {
            "tickets": [seen[one] for one in given["tickets"]], "panel": [people[one] for one in given["panel"]],
        }  # fmt: skip

        def act() -> Response:
            made = services.open_calibration(**asked, by=request.user, at=timezone.now())
            return Response(api_out.session(made), status=201)

        return self.answer_once(request, act)


class OneCalibration(ApiView):
    """A session; how far the panel agrees once the caller has scored everything, or it is closed. Patching writes down
    what was discussed."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "evaluation.review")
        return Response(_session(request, pk))

    @extend_schema(request=DiscussionIn, responses=OpenApiTypes.OBJECT)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        given = _read(DiscussionIn, request)
        require(request.user, "evaluation.review")
        found = calibration_queries.session_in_full(pk, user=request.user)
        services.note_discussion(session=found, words=given["discussion"], by=request.user)
        return Response(_session(request, pk))


class CloseCalibration(ApiView):
    """Everybody sees everything, and nobody scores any more."""

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "evaluation.review")
        found = calibration_queries.session_in_full(pk, user=request.user)

        def act() -> Response:
            services.close_calibration(session=found, by=request.user, at=timezone.now())
            return Response(_session(request, pk))

        return self.answer_once(request, act)


class CalibrationAnswer(ApiView):
    """One answer of a session: the others' scores once one's own is in. Posting scores it; putting writes down what the
    panel agreed on."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest, pk: int, place: int) -> Response:
        require(request.user, "evaluation.review")
        return Response(_item(request, pk, place))

    @extend_schema(request=MarksIn, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: ApiRequest, pk: int, place: int) -> Response:
        given, item = _read(MarksIn, request), _found_item(request, pk, place)

        def act() -> Response:
            services.score_item(item=item, **given, by=request.user, at=timezone.now())
            return Response(_item(request, pk, place), status=201)

        return self.answer_once(request, act)

    @extend_schema(request=MarksIn, responses=OpenApiTypes.OBJECT)
    def put(self, request: ApiRequest, pk: int, place: int) -> Response:
        given, item = _read(MarksIn, request), _found_item(request, pk, place)
        services.agree_on_item(item=item, **given, by=request.user, at=timezone.now())
        return Response(_item(request, pk, place))


def _session(request: ApiRequest, pk: int) -> dict[str, Any]:
    found = calibration_queries.session_in_full(pk, user=request.user)
    page = calibration_queries.session_page(found, user=request.user, configures=False)
    return api_out.session(found) | api_out.agreement(page)


def _found_item(request: ApiRequest, pk: int, place: int) -> CalibrationItem:
    require(request.user, "evaluation.review")
    session = calibration_queries.session_in_full(pk, user=request.user)
    found = session.items.select_related("session", "ticket").filter(place=place).first()
    if found is None:
        raise NotFound
    item: CalibrationItem = found
    return item


def _item(request: ApiRequest, pk: int, place: int) -> dict[str, Any]:
    session = calibration_queries.session_in_full(pk, user=request.user)
    return api_out.item(calibration_queries.item_page(session, place, user=request.user))
