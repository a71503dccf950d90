"""Theme evidence: all that speaks for a case as one JSON document, and the schema it keeps to.

The schema stands in `schemas/theme-evidence.json`. Fields may be added to it; what it names stays, or `version` rises.
"""

import json
from pathlib import Path

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.analysis.api_evidence_out import ThemeEvidenceOut
from apps.analysis.models import Case
from apps.analysis.queries.links import tickets_of
from apps.analysis.queries.theme_evidence import theme_evidence
from helpdesk.api.endpoint import ApiView
from helpdesk.http import ApiRequest
from helpdesk.permissions import require

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "theme-evidence.json").read_text("utf-8"))
NAMED = ("issue", "release", "owner", "owner_department")


class CaseEvidence(ApiView):
    """All that speaks for a case, as one document, for a tracker, a report or another program to take over."""

    read_scope = "cases:read"

    @extend_schema(responses=ThemeEvidenceOut)
    def get(self, request: ApiRequest, number: int) -> Response:
        require(request.user, "analysis.view")
        case = get_object_or_404(Case.objects.visible_to(request.user).select_related(*NAMED), pk=number)
        found = theme_evidence(case, at=timezone.now())
        return Response(ThemeEvidenceOut(found, context={"links": _links(request, case)}).data)


class ThemeEvidenceSchema(APIView):
    """The JSON Schema of theme evidence. For everybody: it says nothing of anybody."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(responses=OpenApiTypes.OBJECT, auth=[])
    def get(self, request: Request) -> Response:
        return Response(SCHEMA)


def _links(request: ApiRequest, case: Case) -> dict[str, str]:
    paths = {
        "schema": reverse("theme_evidence_schema"),
        "api": f"/api/v1/cases/{case.pk}/",
        "page": reverse("case", kwargs={"number": case.pk}),
        "tickets": tickets_of(case, since=case.detection_start),
    }
    return {name: request.build_absolute_uri(path) for name, path in paths.items()}
