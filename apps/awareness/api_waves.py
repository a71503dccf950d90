"""Messages to the customers of a case by API: prepare, write in several languages, start, stop, read the answers."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis.models import Case
from apps.awareness import services
from apps.awareness.models.wave import Wave, WaveKind, WaveState
from apps.awareness.queries.waves import wave_page
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer
from helpdesk.http import ApiRequest
from helpdesk.permissions import require

ACTS = {"start": services.start_wave, "stop": services.stop_wave}


class WaveIn(StrictSerializer):
    case = serializers.IntegerField(min_value=1)
    kind = serializers.ChoiceField(choices=WaveKind.choices)


class WaveChange(StrictSerializer):
    subject = serializers.CharField(max_length=200, required=False)
    body = serializers.CharField(max_length=5_000, required=False)
    an_hour = serializers.IntegerField(min_value=1, required=False)


class WaveActIn(StrictSerializer):
    act = serializers.ChoiceField(choices=sorted(ACTS))


class WaveWordsIn(StrictSerializer):
    subject = serializers.CharField(max_length=200)
    body = serializers.CharField(max_length=5_000)
    question = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class WordsOut(serializers.Serializer):
    language = serializers.CharField()
    subject = serializers.CharField()
    body = serializers.CharField()
    question = serializers.CharField()


class WaveOut(serializers.Serializer):
    id = serializers.IntegerField()
    case = serializers.IntegerField(source="case_id")
    kind = serializers.ChoiceField(choices=WaveKind.choices)
    state = serializers.ChoiceField(choices=WaveState.choices)
    subject = serializers.CharField()
    body = serializers.CharField()
    an_hour = serializers.IntegerField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class WaveSampleOut(serializers.Serializer):
    language = serializers.CharField()
    subject = serializers.CharField()
    text = serializers.CharField()


class ReadersOut(serializers.Serializer):
    language = serializers.CharField()
    customers = serializers.IntegerField()
    is_written = serializers.BooleanField()


class WaveDetail(WaveOut):
    """With its words in other languages, who reads which, letters as they read, and how far it is."""

    words = WordsOut(many=True)
    readers = ReadersOut(many=True)
    samples = WaveSampleOut(many=True)
    to_send = serializers.IntegerField()
    skipped = serializers.DictField(child=serializers.IntegerField())
    sent = serializers.IntegerField()
    gone = serializers.IntegerField()
    still = serializers.IntegerField()


class WaveView(ApiView, verb="awareness.publish"):
    read_scope = "cases:read"
    write_scope = "cases:write"

    def row(self, request: ApiRequest, pk: int) -> Wave:
        require(request.user, "awareness.publish")
        return get_object_or_404(Wave.objects.visible_to(request.user).select_related("case"), pk=pk)

    def told(self, request: ApiRequest, pk: int) -> Response:
        row = self.row(request, pk)
        page = wave_page(row, at=timezone.now())
        about = {name: getattr(page, name) for name in ("to_send", "skipped", "sent", "gone", "still")}
        lists = {
            "words": WordsOut(page.texts, many=True).data,
            "readers": ReadersOut(page.readers, many=True).data,
            "samples": WaveSampleOut(page.samples, many=True).data,
        }
        return Response({**WaveOut(row).data, **lists, **about})


class Waves(WaveView):
    """Messages to the customers of cases, the latest first."""

    @extend_schema(parameters=[OpenApiParameter("case", int)], responses=WaveOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "awareness.publish")
        rows = Wave.objects.visible_to(request.user)
        if case := request.query_params.get("case"):
            rows = rows.filter(case=serializers.IntegerField(min_value=1).run_validation(case))
        pager = Cursor()
        page = pager.paginate_queryset(rows, request, self) or []
        return pager.get_paginated_response(WaveOut(page, many=True).data)

    @extend_schema(request=WaveIn, responses={201: WaveOut})
    def post(self, request: ApiRequest) -> Response:
        """Begin one, in words that are good after one look."""
        asked = WaveIn(data=request.data)
        asked.is_valid(raise_exception=True)
        case = get_object_or_404(Case.objects.visible_to(request.user), pk=asked.validated_data["case"])
        kind = asked.validated_data["kind"]
        return self.answer_once(request, lambda: self._drafted(request, case, kind))

    def _drafted(self, request: ApiRequest, case: Case, kind: str) -> Response:
        row = services.draft_wave(case=case, kind=kind, by=request.user, at=timezone.now())
        return Response(WaveOut(row).data, status=201)


class OneWave(WaveView):
    """One of them: its words, how far it is, and the letters as they read."""

    @extend_schema(responses=WaveDetail)
    def get(self, request: ApiRequest, pk: int) -> Response:
        return self.told(request, pk)

    @extend_schema(request=WaveChange, responses=WaveDetail)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Better words for those without a text of their language, another pace; fields that are not sent stay."""
        row, asked = self.row(request, pk), WaveChange(data=request.data)
        asked.is_valid(raise_exception=True)
        kept: dict[str, Any] = {name: getattr(row, name) for name in ("subject", "body", "an_hour")}
        services.edit_wave(wave=row, **(kept | asked.validated_data), by=request.user, at=timezone.now())
        return self.told(request, pk)

    @extend_schema(operation_id="wave_act", request=WaveActIn, responses=WaveDetail)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Start it, or stop it."""
        row, asked = self.row(request, pk), WaveActIn(data=request.data)
        asked.is_valid(raise_exception=True)
        ACTS[asked.validated_data["act"]](wave=row, by=request.user, at=timezone.now())
        return self.told(request, pk)


class WaveWords(WaveView):
    """Its words in one more language (`de`)."""

    @extend_schema(request=WaveWordsIn, responses=WordsOut)
    def put(self, request: ApiRequest, pk: int, language: str) -> Response:
        row, asked = self.row(request, pk), WaveWordsIn(data=request.data)
        asked.is_valid(raise_exception=True)
        text = services.write_wave_text(
            wave=row, language=language, **asked.validated_data, by=request.user, at=timezone.now()
        )
        return Response(WordsOut(text).data)

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int, language: str) -> Response:
        """Who writes it gets the words of the wave itself."""
        row = self.row(request, pk)
        if not row.texts.filter(language=language).exists():
            raise Http404
        services.remove_wave_text(wave=row, language=language, by=request.user, at=timezone.now())
        return Response(status=204)
