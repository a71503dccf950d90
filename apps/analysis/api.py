"""Analysis's part of the API: signals, cases with their acts and tickets, and the Pareto."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis import services
from apps.analysis.acts import ACTS
from apps.analysis.api_asked import AS_OF, RELEASE, as_of, words_of
from apps.analysis.api_forms import filled_in, sent_fields
from apps.analysis.api_out import CaseDetail, CaseOut, EvidenceOut, SignalOut
from apps.analysis.figures import LEVELS, MEASURES, PERIODS, PLACES, Asked
from apps.analysis.models import Case, CaseState, CaseTicket, Exposure, Signal, SignalState
from apps.analysis.provenance import plain
from apps.analysis.queries import origins
from apps.analysis.queries.figures import Found, figures
from apps.analysis.queries.verbatims import quotes_of_tickets
from apps.analysis.queries.voices import heard_of
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer
from helpdesk.http import ApiRequest
from helpdesk.models import Issue
from helpdesk.permissions import require

# What a case names of others.
NAMED = ("issue", "owner", "owner_department", "deputy", "stand_in", "release")


class LoopView(ApiView):
    read_scope = "cases:read"
    write_scope = "cases:write"


class Signals(LoopView):
    """What stands out in the contacts."""

    @extend_schema(parameters=[OpenApiParameter("state", str)], responses=SignalOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "analysis.judge")
        rows = Signal.objects.select_related("issue", "release")
        state = _choice(request, "state", SignalState.values)
        return _page(request, self, rows.filter(state=state) if state else rows, SignalOut)


class OneSignal(LoopView):
    """One signal."""

    @extend_schema(responses=SignalOut)
    def get(self, request: ApiRequest, number: int) -> Response:
        require(request.user, "analysis.judge")
        rows = Signal.objects.select_related("issue", "release")
        return Response(SignalOut(get_object_or_404(rows, pk=number)).data)


class NewCaseIn(StrictSerializer):
    title = serializers.CharField(max_length=200)
    issue = serializers.SlugRelatedField(slug_field="code", queryset=Issue.objects.all())


class Cases(LoopView, verb="analysis.case"):
    """The root-cause cases this caller may see."""

    @extend_schema(parameters=[OpenApiParameter("state", str)], responses=CaseOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "analysis.view")
        rows = Case.objects.visible_to(request.user).select_related(*NAMED)
        state = _choice(request, "state", CaseState.values)
        pager = Cursor()
        page = pager.paginate_queryset(rows.filter(state=state) if state else rows, request, self) or []
        context = {"money": origins.of_money(page)}
        return pager.get_paginated_response(CaseOut(page, many=True, context=context).data)

    @extend_schema(operation_id="cases_open", request=NewCaseIn, responses={201: CaseDetail})
    def post(self, request: ApiRequest) -> Response:
        """A case out of what somebody knows."""
        asked = NewCaseIn(data=request.data)
        asked.is_valid(raise_exception=True)
        return self.answer_once(request, lambda: self._opened(request, asked.validated_data))

    def _opened(self, request: ApiRequest, given: dict[str, Any]) -> Response:
        row = services.open_case(**given, by=request.user, at=timezone.now())
        return Response(_detail(_case(request, row.pk)), status=201)


class OneCase(LoopView):
    """One case with its causes, actions, plans and verdicts."""

    @extend_schema(responses=CaseDetail)
    def get(self, request: ApiRequest, number: int) -> Response:
        return Response(_detail(_case(request, number)))


class Evidence(LoopView):
    """The tickets that speak for a case, quoted without names."""

    @extend_schema(responses=EvidenceOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        rows = _case(request, number).evidence.filter(excluded_at=None).order_by("-id")
        pager = Cursor()
        page: list[CaseTicket] = pager.paginate_queryset(rows, request, self) or []
        quotes = quotes_of_tickets([row.ticket_id for row in page])
        return pager.get_paginated_response(EvidenceOut(page, many=True, context={"quotes": quotes}).data)


class ActOnCase(LoopView):
    """One act on a case: `accept`, `reject`, `route`, `add-cause` ... with the same fields as its form on the page."""

    @extend_schema(request=OpenApiTypes.OBJECT, responses=CaseDetail)
    def post(self, request: ApiRequest, number: int, name: str) -> Response:
        case = _case(request, number)
        if name not in ACTS:
            raise Http404
        return self.answer_once(request, lambda: self._act(request, case, name))

    def _act(self, request: ApiRequest, case: Case, name: str) -> Response:
        form = ACTS[name].form(sent_fields(request, ACTS[name].form), case=case, user=request.user)
        ACTS[name].perform(case=case, by=request.user, at=timezone.now(), **filled_in(form))
        return Response(_detail(_case(request, case.pk)))


ASKED = [
    OpenApiParameter("days", int, enum=PERIODS),
    OpenApiParameter("by", str, enum=list(MEASURES)),
    OpenApiParameter("level", str, enum=list(LEVELS)),
    OpenApiParameter("place", str, enum=list(PLACES)),
    OpenApiParameter("prevent", int, description="Per cent of the problems that no longer happen"),
    OpenApiParameter("solicit", int, description="Points more of those with a problem who complain"),
    OpenApiParameter("satisfy", int, description="Points more of those who complain who are satisfied"),
    OpenApiParameter(
        "assume", str, description="Numbers tried out instead of the kept ones, each with low, likely and high:"
        " `multiplier:2:3:5,customer_value:50:60:80`",
    ),
    RELEASE,
    AS_OF,
]  # fmt: skip


class Pareto(LoopView):
    """Which few issues carry most of the load, by any measure and level, with what nobody coded."""

    @extend_schema(parameters=ASKED, responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        found = _figures(request)
        loops = set(Case.objects.open().exclude(issue=None).values_list("issue", flat=True))
        rows = [
            {
                "issue": row.issue, "owner": row.owner, "label": row.label, "tickets": row.tickets,
                "tickets_before": row.before, "share": row.share, "rank": row.rank_words,
                "money_at_risk": plain(row.money), "cost": plain(row.cost), "customers_at_risk": plain(row.customers),
                "judged": row.judged, "dissatisfied": row.dissatisfied, "visible_rise": row.visible_rise,
                "in_loop": row.key in loops,
            }
            for row in found.figures.issues
        ]  # fmt: skip
        about = {name: getattr(found.figures, name) for name in ("first", "last", "tickets", "sentence")}
        return Response(about | {"provenance": found.provenance.told, "data": rows})


class AnalysisFigures(LoopView):
    """Every figure of the analysis: issues, places, damage, payoffs, direct costs, causing departments."""

    @extend_schema(parameters=ASKED, responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        found = _figures(request)
        return Response({"provenance": found.provenance.told, "figures": plain(found.figures)})


class ExposureIn(StrictSerializer):
    day = serializers.DateField()
    kind = serializers.ChoiceField(choices=Exposure.Kind.choices)
    value = serializers.IntegerField(min_value=1, max_value=2_000_000_000)


class ExposureOfADay(LoopView, verb="analysis.assume"):
    """How many customers were active, or orders made, on a day; the last number sent for a day counts."""

    @extend_schema(request=ExposureIn, responses=ExposureIn)
    def put(self, request: ApiRequest) -> Response:
        asked = ExposureIn(data=request.data)
        asked.is_valid(raise_exception=True)
        row = services.record_exposure(**asked.validated_data, by=request.user, at=timezone.now())
        return Response({"day": row.day, "kind": row.kind, "value": row.value})


def _case(request: ApiRequest, number: int) -> Case:
    require(request.user, "analysis.view")
    rows = Case.objects.visible_to(request.user).select_related(*NAMED, "notice")
    return get_object_or_404(
        rows.prefetch_related(
            "causes__predictions__trials__release",
            "causes__predictions__entry",
            "actions__assignee",
            "actions__tracker_item__tracker",
            "actions__tracker_item__errands",
            "plans__release",
            "verdicts__release",
            "verdicts__plan",
        ),
        pk=number,
    )


def _detail(case: Case) -> Any:
    heard = heard_of(case, list(case.plans.all()), list(case.verdicts.all()), at=timezone.now())
    return CaseDetail(case, context={"money": origins.of_money([case]), "heard": heard}).data


def _figures(request: ApiRequest) -> Found:
    require(request.user, "analysis.view")
    try:
        asked = Asked.read(words_of(request))
    except ValueError as error:
        raise serializers.ValidationError({"": [f"This cannot be asked: {error}."]}) from error
    return figures(asked, at=as_of(request))


def _choice(request: ApiRequest, name: str, known: list[str]) -> str:
    asked = request.query_params.get(name, "")
    if asked and asked not in known:
        raise serializers.ValidationError({name: [f"One of {', '.join(known)}."]})
    return asked


def _page(request: ApiRequest, view: ApiView, rows: Any, out: type[serializers.Serializer]) -> Response:
    pager = Cursor()
    page: list[Any] = pager.paginate_queryset(rows, request, view) or []
    return pager.get_paginated_response(out(page, many=True).data)
