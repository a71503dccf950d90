"""The taxonomy by API: read it, draft changes, see what they would do, publish, undo.

The same services as the pages.
"""

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.evaluation.taxonomy.effect import ChangeEffect, Effect, effect
from apps.evaluation.taxonomy.files import exported
from apps.evaluation.taxonomy.releases import Planned, Told, releases
from helpdesk import services
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer
from helpdesk.errors import NotFound
from helpdesk.http import ApiRequest
from helpdesk.models import (
    ChangeSet,
    Department,
    DraftChange,
    IssueKind,
    Recoding,
    Severity,
    TaxonomyRelease,
    User,
)
from helpdesk.permissions import require
from helpdesk.services import Change
from helpdesk.services.taxonomy_changes import KINDS

# --- what comes in ------------------------------------------------------------------------------------


class Texts(serializers.ListField):
    """A list of texts, as changes keep it: a tuple."""

    child = serializers.CharField(max_length=2_000)

    def to_internal_value(self, data: Any) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(super().to_internal_value(data))


class WordsIn(StrictSerializer):
    definition = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    includes = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    excludes = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    examples = Texts(required=False, max_length=200)
    counter_examples = Texts(required=False, max_length=200)
    owner_department = serializers.SlugRelatedField(
        slug_field="slug", queryset=Department.objects.all(), required=False, allow_null=True
    )
    owner = serializers.SlugRelatedField(
        slug_field="email", queryset=User.objects.exclude(role="customer"), required=False, allow_null=True
    )
    default_severity = serializers.ChoiceField(choices=Severity.choices, required=False)


class AddIn(WordsIn):
    code = serializers.SlugField(max_length=80)
    label = serializers.CharField(max_length=120)  # type: ignore[assignment]
    parent = serializers.SlugField(required=False, allow_blank=True)  # type: ignore[assignment]
    kind = serializers.ChoiceField(choices=IssueKind.choices, required=False)


class EditIn(WordsIn):
    code = serializers.SlugField(max_length=80)
    label = serializers.CharField(max_length=120, required=False)  # type: ignore[assignment]


class MoveIn(StrictSerializer):
    code = serializers.SlugField()
    parent = serializers.SlugField(allow_blank=True)  # type: ignore[assignment]


class MergeIn(StrictSerializer):
    codes = Texts(allow_empty=False, max_length=100)
    into = serializers.SlugField()
    recode = serializers.BooleanField(required=False)


class SplitIn(StrictSerializer):
    code = serializers.SlugField()
    parts = Texts(allow_empty=False, max_length=20)
    read_as = serializers.SlugField(required=False, allow_blank=True)


class RetireIn(StrictSerializer):
    code = serializers.SlugField()
    replaced_by = serializers.SlugField(required=False, allow_blank=True)


class ReinstateIn(StrictSerializer):
    code = serializers.SlugField()


SHAPES: dict[str, type[StrictSerializer]] = {
    "add": AddIn, "edit": EditIn, "move": MoveIn, "merge": MergeIn, "split": SplitIn, "retire": RetireIn,
    "reinstate": ReinstateIn,
}  # fmt: skip


class ChangesIn(StrictSerializer):
    changes = serializers.ListField(child=serializers.DictField(), allow_empty=False, max_length=500)

    def validate_changes(self, given: list[dict[str, Any]]) -> list[Change]:
        return [_change(one) for one in given]


class PublishIn(StrictSerializer):
    version = serializers.IntegerField(min_value=0)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)
    publish_at = serializers.DateTimeField(required=False)
    confirmed = serializers.IntegerField(required=False, min_value=0)


def _change(given: dict[str, Any]) -> Change:
    kind = given.pop("change", None)
    if kind not in SHAPES:
        raise serializers.ValidationError({"change": [f"One of {', '.join(SHAPES)}."]})
    shape = SHAPES[kind](data=given)
    shape.is_valid(raise_exception=True)
    return KINDS[kind](**shape.validated_data)


# --- the endpoints ------------------------------------------------------------------------------------


class TaxonomyView(ApiView, verb="taxonomy.publish"):
    """Reading wants `taxonomy:read`, writing `taxonomy:write`."""

    read_scope = "taxonomy:read"
    write_scope = "taxonomy:write"


class Taxonomy(TaxonomyView):
    """Every issue, parents first, and the release it stands in."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "evaluation.view")
        latest = TaxonomyRelease.objects.first()
        return Response({"release": latest.number if latest else None, "issues": exported()})


class Releases(TaxonomyView):
    """The newest first, twenty a page, and the change sets that wait for their time."""

    @extend_schema(parameters=[OpenApiParameter("page", int)], responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "evaluation.view")
        found = releases(at=timezone.now(), page=request.query_params.get("page"))
        return Response(
            {
                "data": [_release(told) for told in found.releases],
                "page": found.page.number,
                "pages": found.page.paginator.num_pages,
                "planned": [_planned(planned) for planned in found.planned],
            }
        )


class UndoRelease(TaxonomyView):
    """Publish the reverse of a release, within 30 days."""

    @extend_schema(request=None, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: ApiRequest, number: int) -> Response:
        release = get_object_or_404(TaxonomyRelease, number=number)

        def act() -> Response:
            made = services.undo_release(release=release, by=request.user, at=timezone.now())
            return Response({"release": made.number, "undoes": number}, status=201)

        return self.answer_once(request, act)


class Draft(TaxonomyView):
    """The change set that is worked on, with what it would do."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "taxonomy.publish")
        draft = _draft()
        return Response(_told(draft, effect(draft, by=request.user, at=timezone.now())))

    @extend_schema(request=ChangesIn, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: ApiRequest) -> Response:
        """Add changes; all of them, or none if one is refused."""
        given = ChangesIn(data=request.data)
        given.is_valid(raise_exception=True)

        def act() -> Response:
            at = timezone.now()
            draft = services.draft_changes(changes=given.validated_data["changes"], by=request.user, at=at)
            return Response(_told(draft, effect(draft, by=request.user, at=at)), status=201)

        return self.answer_once(request, act)

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest) -> Response:
        services.discard_change_set(change_set=_draft(), by=request.user, at=timezone.now())
        return Response(status=204)


class DraftedChange(TaxonomyView):
    """One change of the draft."""

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        change = get_object_or_404(DraftChange.objects.select_related("change_set"), pk=pk)
        services.withdraw_change(change=change, by=request.user, at=timezone.now())
        return Response(status=204)


class PublishDraft(TaxonomyView):
    """Publish the draft as it was at `version`, now or at `publish_at`."""

    @extend_schema(request=PublishIn, responses={201: OpenApiTypes.OBJECT, 202: OpenApiTypes.OBJECT})
    def post(self, request: ApiRequest) -> Response:
        given = PublishIn(data=request.data)
        given.is_valid(raise_exception=True)

        def act() -> Response:
            asked = given.validated_data | {"change_set": _draft(), "by": request.user, "at": timezone.now()}
            if "publish_at" in asked:
                planned = services.plan_change_set(**asked)
                return Response(
                    {"change_set": planned.pk, "publish_at": _moment(planned.publish_at)}, status=202
                )
            return Response({"release": services.publish_change_set(**asked).number}, status=201)

        return self.answer_once(request, act)


# --- what goes out ------------------------------------------------------------------------------------


def _draft() -> ChangeSet:
    draft = ChangeSet.objects.draft()
    if draft is None:
        raise NotFound("There is no draft. POST changes to begin one.")
    return draft


def _moment(at: datetime | None) -> str | None:
    """As text at once: an answer that may be replayed is kept as JSON."""
    return at.isoformat() if at else None


def _told(draft: ChangeSet, found: Effect) -> dict[str, Any]:
    ranks = [
        {
            "issue": rank.label, "before": rank.before, "after": rank.after, "rank_before": rank.place_before,
            "rank_after": rank.place_after,
        }
        for rank in found.ranks
    ]  # fmt: skip
    return {
        "id": draft.pk, "version": draft.version, "begun_at": _moment(draft.begun_at), "refused": found.refused,
        "tickets_losing_their_code": found.losing, "needs_number": found.needs_number,
        "changes": [_change_told(change) for change in found.changes], "pareto": ranks,
    }  # fmt: skip


def _change_told(change: ChangeEffect) -> dict[str, Any]:
    return {
        "id": change.row.pk, "words": change.words, "added_by": change.row.added_by.name,
        "tickets": change.tickets, "tickets_90_days": change.recent, "owner": change.owner,
        "cases": [case.pk for case in change.cases], "ownership_rules": [rule.pk for rule in change.rules],
    }  # fmt: skip


def _release(told: Told) -> dict[str, Any]:
    release = told.release
    return {
        "number": release.number, "published_at": _moment(release.published_at),
        "published_by": release.published_by.name,
        "note": release.note, "changes": list(told.words), "can_be_undone": told.can_be_undone,
        "undoes": release.undoes.number if release.undoes else None,
        "recodings": [_recoding(one) for one in told.recodings],
    }  # fmt: skip


def _recoding(one: Recoding) -> dict[str, Any]:
    return {
        "id": one.pk, "kind": one.kind, "state": one.state, "issue": one.source.code,
        "into": one.target.code if one.target else None, "tickets": one.total, "seen": one.seen,
        "recoded": one.recoded, "counted_once": one.collapsed,
    }  # fmt: skip


def _planned(planned: Planned) -> dict[str, Any]:
    one = planned.change_set
    return {
        "id": one.pk, "state": one.state, "publish_at": _moment(one.publish_at), "note": one.note,
        "refusal": one.refusal, "changes": list(planned.words),
    }  # fmt: skip
