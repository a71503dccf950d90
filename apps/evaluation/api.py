"""Evaluation's part of the API: how far codes can be trusted."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis.agreement import Agreement
from apps.evaluation import queries
from helpdesk.api.endpoint import ApiView
from helpdesk.http import ApiRequest
from helpdesk.permissions import require

USUAL_MONTHS = 6


class CodingQuality(ApiView):
    """Two readers' agreement by issue, the four kinds of other, issues too alike or too large, model against person."""

    read_scope = "taxonomy:read"

    @extend_schema(
        parameters=[OpenApiParameter("months", int, enum=queries.MONTHS)], responses=OpenApiTypes.OBJECT
    )
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "evaluation.view")
        asked = request.query_params.get("months", str(USUAL_MONTHS))
        if asked not in map(str, queries.MONTHS):
            raise serializers.ValidationError({"months": [f"One of {', '.join(map(str, queries.MONTHS))}."]})
        found = queries.coding_quality(queries.window(months=int(asked), at=timezone.now()))
        return Response(_told(found))


def _told(found: queries.CodingQuality) -> dict[str, Any]:
    release = found.release.number if found.release else None
    about = {"since": found.window.since, "as_of": found.window.until, "taxonomy_release": release}
    kinds = [
        {
            "kind": kind.kind.value, **_share(kind.share),
            "read_twice": kind.misused.all, "had_a_reason": kind.misused.good,
        }
        for kind in found.kinds
    ]  # fmt: skip
    issues = [
        {
            "issue": row.issue.path, "tickets": row.tickets, **_agreement(row.agreement),
            "sensitivity": row.sensitivity, "false_positive": row.false_positive,
        }
        for row in found.rows
    ]  # fmt: skip
    confused = [
        {
            "one": pair.one.path,
            "other": pair.other.path,
            "there": pair.there,
            "back": pair.back,
            "read": pair.read,
        }
        for pair in found.confused
    ]
    alike = [
        {"one": pair.one.path, "other": pair.other.path, "mixed_up": pair.mixed_up, "words": pair.words}
        for pair in found.alike
    ]
    large = [
        {"issue": row.issue.path, "share": row.share, "closeness": row.closeness, "is_loose": row.is_loose}
        for row in found.large
    ]
    return about | {
        "coded": _share(found.coded), "agreement": _agreement(found.readers.overall),
        "alpha": _agreement(found.readers.alpha), "other": kinds, "issues": issues, "confused": confused,
        "alike": alike, "large": large, "unused": [issue.path for issue in found.unused],
        "model_blind": _agreement(found.people.blind), "model_hidden": _agreement(found.people.unseen),
        "model_shown": _agreement(found.people.seen),
        "seconds": found.seconds, "to_read": found.to_read, "to_settle": found.to_settle,
    }  # fmt: skip


def _agreement(found: Agreement) -> dict[str, Any]:
    return {
        "kappa": found.value,
        "low": found.low,
        "high": found.high,
        "n": found.n,
        "agreed": found.observed,
    }


def _share(found: queries.Share) -> dict[str, Any]:
    return {
        "tickets": found.tally.good, "of": found.tally.all, "share": found.tally.share, "low": found.low,
        "high": found.high,
    }  # fmt: skip
