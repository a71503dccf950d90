"""The shape of theme evidence. `schemas/theme-evidence.json` says the same to programs; a test holds them together."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.analysis.api_assumptions import AssumptionOut
from apps.analysis.api_causes import CauseOut
from apps.analysis.api_origins import ProvenanceOut
from apps.analysis.api_out import ActionOut, PlanOut, SignalFigures, VerdictOut
from apps.analysis.queries.theme_evidence import ThemeEvidence

VERSION = 1


class ThemeCaseOut(serializers.Serializer):
    """Which case it is, where it stands, and who answers for it."""

    number = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="number")
    title = serializers.CharField()
    state = serializers.CharField()
    severity = serializers.IntegerField()
    department = serializers.CharField(source="owner_department.slug", default=None)
    owner = serializers.CharField(source="owner.email", default=None)
    due_on = serializers.DateField(allow_null=True)
    decision_on = serializers.DateField(allow_null=True)
    known_error = serializers.BooleanField(source="is_known_error")
    workaround = serializers.CharField()
    regressions = serializers.IntegerField()
    outcome = serializers.CharField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class ConcentratedOut(serializers.Serializer):
    signal = serializers.IntegerField(source="pk")
    dimension = serializers.CharField()
    value = serializers.CharField()
    sentence = serializers.CharField(source="where")
    terms = serializers.ListField(child=serializers.CharField())


class ThemeOut(serializers.Serializer):
    """What the case says happens, where, and since when."""

    statement = serializers.CharField(source="case.statement")
    is_text = serializers.CharField(source="case.is_text")
    is_not_text = serializers.CharField(source="case.is_not_text")
    issue = serializers.CharField(source="case.issue.path", default=None)
    label = serializers.CharField(source="case.issue.label", default=None)  # type: ignore[assignment]
    release = serializers.IntegerField(source="case.release.number", default=None)
    dimension = serializers.CharField(source="case.dimension")
    value = serializers.CharField(source="case.value")
    detection_start = serializers.DateField(source="case.detection_start")
    detection_end = serializers.DateField(source="case.detection_end")
    concentrated = ConcentratedOut(many=True)


class WeekOut(serializers.Serializer):
    begins = serializers.DateField()
    ends = serializers.DateField()
    tickets = serializers.FloatField()
    usual = serializers.FloatField(allow_null=True)
    lower = serializers.FloatField(allow_null=True)
    upper = serializers.FloatField(allow_null=True)


class CountsOut(serializers.Serializer):
    """How many it concerns, week by week, and what could be proven."""

    tickets = serializers.IntegerField(source="counted.tickets")
    customers = serializers.IntegerField(source="counted.customers")
    weeks = serializers.IntegerField(source="counted.weeks")
    weekly = WeekOut(many=True)
    provable = serializers.CharField(allow_null=True)
    provenance = ProvenanceOut()


class MoneyOut(serializers.Serializer):
    """A quarter's revenue at risk: 10 %, 50 % and 90 % points; null with the reason in the note."""

    low = serializers.DecimalField(14, 2, source="case.money_low", allow_null=True)
    likely = serializers.DecimalField(14, 2, source="case.money_likely", allow_null=True)
    high = serializers.DecimalField(14, 2, source="case.money_high", allow_null=True)
    currency = serializers.SerializerMethodField()
    note = serializers.CharField(source="case.money_note")
    assumptions = AssumptionOut(many=True, source="money.assumptions")
    answers = serializers.DictField(
        child=serializers.FloatField(), source="money.answers", allow_null=True, default=None
    )
    provenance = serializers.SerializerMethodField()

    def get_currency(self, row: ThemeEvidence) -> str:
        return str(settings.CURRENCY)

    @extend_schema_field(ProvenanceOut(allow_null=True))
    def get_provenance(self, row: ThemeEvidence) -> dict[str, Any] | None:
        return row.money.provenance.told if row.money.provenance else None


class VerbatimOut(serializers.Serializer):
    """What a customer wrote, without what says who it was."""

    ticket = serializers.IntegerField()
    subject = serializers.CharField()
    text = serializers.CharField()
    region = serializers.CharField()
    at = serializers.DateTimeField()


class ThemeActionOut(ActionOut):
    cause = serializers.IntegerField(source="cause_id", allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)


class ThemePlanOut(PlanOut):
    second_source = serializers.CharField()
    baseline_digest = serializers.CharField()


class LinksOut(serializers.Serializer):
    schema = serializers.URLField()
    api = serializers.URLField()
    page = serializers.URLField()
    tickets = serializers.URLField()


class ThemeEvidenceOut(serializers.Serializer):
    """All that speaks for a case, as one document. Context: `links`."""

    version = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()
    case = ThemeCaseOut()
    theme = ThemeOut(source="*")
    counts = CountsOut(source="*")
    money = MoneyOut(source="*")
    verbatims = VerbatimOut(many=True, source="quotes")
    causes = CauseOut(many=True)
    actions = ThemeActionOut(many=True)
    plans = ThemePlanOut(many=True)
    verdicts = VerdictOut(many=True)
    signals = SignalFigures(many=True)

    def get_version(self, row: ThemeEvidence) -> int:
        return VERSION

    @extend_schema_field(LinksOut)
    def get_links(self, row: ThemeEvidence) -> dict[str, str]:
        links: dict[str, str] = self.context["links"]
        return links
