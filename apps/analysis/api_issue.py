"""The page of one issue by API: the same numbers, as of now or of a moment, in the present edition or another."""

from dataclasses import replace
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis.api_asked import AS_OF, RELEASE, as_of, words_of
from apps.analysis.issue_figures import SPANS, WITHIN, IssueAsked
from apps.analysis.provenance import plain
from apps.analysis.queries.issue_page import IssuePage, issue_page
from helpdesk.api.endpoint import ApiView
from helpdesk.http import ApiRequest
from helpdesk.models import Issue
from helpdesk.permissions import require

ASKED = [
    OpenApiParameter("days", int, enum=list(SPANS)),
    OpenApiParameter("within", int, enum=list(WITHIN), description="Who writes again within so many days came back"),
    RELEASE,
    AS_OF,
]  # fmt: skip


class IssueAnalysis(ApiView):
    """One issue with all below it: weeks against what was expected, eras and seams of the taxonomy, who came back,
    the course since its fix, money, cases, and customers' words without what names them."""

    read_scope = "cases:read"

    @extend_schema(parameters=ASKED, responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest, code: str) -> Response:
        require(request.user, "analysis.view")
        row = get_object_or_404(Issue, code=code)
        try:
            asked = IssueAsked.read(words_of(request))
        except ValueError as error:
            raise serializers.ValidationError({"": [f"This cannot be asked: {error}."]}) from error
        return Response(_told(issue_page(row, asked, user=request.user, at=as_of(request))))


def _told(page: IssuePage) -> dict[str, Any]:
    seen, figures = {case.pk for case in page.cases}, page.figures
    if figures.fix is not None and figures.fix.case not in seen:
        figures = replace(figures, fix=replace(figures.fix, case=None))
    returns = plain(figures.returns) | {
        "share": figures.returns.share,
        "months": [
            {"begin": begin, "contacts": contacts, "back": back}
            for begin, contacts, back in figures.returns.months
        ],
        "latest": plain(page.returned),
    }
    seams = [{"day": day, "mark": mark, "words": words} for day, mark, words in figures.seams]
    return {
        "provenance": page.provenance.told,
        "issue": page.issue.path,
        "read_as": page.successor.path if page.successor else None,
        "asked": vars(page.asked),
        "releases": page.releases,
        "figures": plain(figures) | {"change": figures.change, "returns": returns, "seams": seams},
        "cases": [
            {"number": case.pk, "name": case.number, "title": case.title, "state": case.state}
            for case in page.cases
        ],
        "quotes": [{"ticket": one.ticket, "text": one.text, "at": one.at} for one in page.quotes],
    }
