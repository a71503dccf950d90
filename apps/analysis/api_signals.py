"""Judging signals by API: promote, merge, snooze, dismiss."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from apps.analysis.api_forms import filled_in, sent_fields
from apps.analysis.api_out import SignalOut
from apps.analysis.judgements import JUDGEMENTS
from apps.analysis.models import Signal
from helpdesk.api.endpoint import ApiView
from helpdesk.http import ApiRequest


class JudgeSignal(ApiView, verb="analysis.judge"):
    """One judgement, with the same fields as its form on the page. `promote`: none. `merge`: `into`, as in "case:31"
    or "signal:12". `snooze`: `until` a day, or `above` so many tickets, or neither: until it has grown by half.
    `dismiss`: `dismissal` and, where it needs one, a `reason`.
    """

    read_scope = "cases:read"
    write_scope = "cases:write"

    @extend_schema(
        parameters=[OpenApiParameter("name", str, OpenApiParameter.PATH, enum=list(JUDGEMENTS))],
        request=OpenApiTypes.OBJECT,
        responses=SignalOut,
    )
    def post(self, request: ApiRequest, number: int, name: str) -> Response:
        signal = get_object_or_404(Signal, pk=number)
        if name not in JUDGEMENTS:
            raise Http404
        return self.answer_once(request, lambda: self._judge(request, signal, name))

    def _judge(self, request: ApiRequest, signal: Signal, name: str) -> Response:
        judgement = JUDGEMENTS[name]
        form = judgement.form(sent_fields(request, judgement.form), user=request.user)
        judgement.service(signal=signal, **filled_in(form), by=request.user, at=timezone.now())
        return Response(SignalOut(Signal.objects.select_related("issue", "release").get(pk=signal.pk)).data)
