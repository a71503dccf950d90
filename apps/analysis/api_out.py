"""The shapes of the API's answers about signals and cases; each figure says where it comes from."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.analysis.api_causes import CauseOut
from apps.analysis.api_notice import CaseNoticeOut
from apps.analysis.api_origins import ProvenanceOut
from apps.analysis.models import Action, Case, CaseTicket, EffectivenessPlan, Signal, Verdict
from apps.analysis.provenance import Provenance
from apps.analysis.queries import origins
from apps.analysis.queries.voices import Heard


class SignalFigures(serializers.Serializer):
    """What stands out, with its numbers."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    state = serializers.CharField()
    issue = serializers.CharField(source="issue.path", default=None)
    dimension = serializers.CharField()
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    sentence = serializers.CharField()
    where = serializers.CharField()
    observed = serializers.FloatField()
    expected = serializers.FloatField()
    ratio = serializers.FloatField()
    p = serializers.FloatField(allow_null=True)
    q = serializers.FloatField(allow_null=True)
    exposure = serializers.FloatField(allow_null=True)
    started_on = serializers.DateField()
    window_start = serializers.DateField()
    window_end = serializers.DateField()
    first_seen_on = serializers.DateField()
    last_seen_on = serializers.DateField()
    weekly = serializers.ListField(child=serializers.FloatField())
    provenance = serializers.SerializerMethodField()

    @extend_schema_field(ProvenanceOut)
    def get_provenance(self, row: Signal) -> dict[str, Any]:
        return origins.of_signal(row).told


class SignalOut(SignalFigures):
    """The same with its example tickets, and how it was judged."""

    tickets = serializers.ListField(child=serializers.IntegerField(), source="examples")
    case = serializers.IntegerField(source="case_id", allow_null=True)
    into = serializers.IntegerField(source="into_id", allow_null=True)
    dismissal = serializers.CharField()
    reason = serializers.CharField()
    snoozed_until = serializers.DateField(allow_null=True)
    snoozed_above = serializers.IntegerField(allow_null=True)
    judged_at = serializers.DateTimeField(allow_null=True)


class CaseOut(serializers.Serializer):
    number = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="number")
    title = serializers.CharField()
    state = serializers.CharField()
    statement = serializers.CharField()
    is_text = serializers.CharField()
    is_not_text = serializers.CharField()
    issue = serializers.CharField(source="issue.path", default=None)
    dimension = serializers.CharField()
    value = serializers.CharField()
    severity = serializers.IntegerField()
    money_low = serializers.DecimalField(14, 2, allow_null=True)
    money_likely = serializers.DecimalField(14, 2, allow_null=True)
    money_high = serializers.DecimalField(14, 2, allow_null=True)
    money_provenance = serializers.SerializerMethodField()
    department = serializers.CharField(source="owner_department.slug", default=None)
    owner = serializers.CharField(source="owner.email", default=None)
    deputy = serializers.CharField(source="deputy.email", default=None)
    stand_in = serializers.CharField(source="stand_in.email", default=None)
    owner_reason = serializers.CharField()
    escalation = serializers.IntegerField()
    due_on = serializers.DateField(allow_null=True)
    detection_start = serializers.DateField()
    decision_on = serializers.DateField(allow_null=True)
    known_error = serializers.BooleanField(source="is_known_error")
    workaround = serializers.CharField()
    outcome = serializers.CharField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(ProvenanceOut(allow_null=True))
    def get_money_provenance(self, row: Case) -> dict[str, Any] | None:
        found: Provenance | None = self.context["money"].get(row.pk)
        return found.told if found else None


class TrackerItemOut(serializers.Serializer):
    """The counterpart of an action; `item` is empty until it is created."""

    tracker = serializers.CharField(source="tracker.name")
    item = serializers.CharField(source="key")
    url = serializers.CharField()
    standing = serializers.CharField()
    is_done = serializers.BooleanField()
    problem = serializers.CharField()


class ActionOut(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    kind = serializers.CharField()
    route = serializers.CharField()
    strength = serializers.CharField()
    state = serializers.CharField()
    assignee = serializers.CharField(source="assignee.email", default=None)
    due_on = serializers.DateField(allow_null=True)
    promised_cut = serializers.FloatField(allow_null=True)
    implemented_on = serializers.DateField(allow_null=True)


class TrackedActionOut(ActionOut):
    """The same with its counterpart in an outside tracker."""

    tracker = serializers.SerializerMethodField()

    @extend_schema_field(TrackerItemOut(allow_null=True))
    def get_tracker(self, row: Action) -> dict[str, Any] | None:
        item = getattr(row, "tracker_item", None)
        return None if item is None else TrackerItemOut(item).data


class PlanOut(serializers.Serializer):
    look = serializers.IntegerField()
    looks = serializers.IntegerField()
    design = serializers.CharField()
    level = serializers.FloatField()
    feasibility = serializers.CharField()
    metric = serializers.CharField()
    denominator = serializers.CharField()
    baseline_start = serializers.DateField()
    baseline_end = serializers.DateField()
    expected_cut = serializers.FloatField()
    alpha = serializers.FloatField()
    power = serializers.FloatField()
    window_days = serializers.IntegerField()
    decision_on = serializers.DateField()
    frozen_at = serializers.DateTimeField()
    digest = serializers.CharField()
    provenance = serializers.SerializerMethodField()

    @extend_schema_field(ProvenanceOut)
    def get_provenance(self, row: EffectivenessPlan) -> dict[str, Any]:
        return origins.of_plan(row).told


class VerdictOut(serializers.Serializer):
    id = serializers.IntegerField()
    verdict = serializers.CharField()
    reason = serializers.CharField()
    remarks = serializers.ListField(child=serializers.CharField())
    observed = serializers.FloatField()
    expected = serializers.FloatField()
    ratio = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    p = serializers.FloatField()
    level = serializers.FloatField(allow_null=True)
    q = serializers.FloatField(allow_null=True)
    family = serializers.IntegerField(allow_null=True)
    corrected_ratio = serializers.FloatField(allow_null=True)
    corrected_low = serializers.FloatField(allow_null=True)
    corrected_high = serializers.FloatField(allow_null=True)
    texts_ratio = serializers.FloatField(allow_null=True)
    texts_low = serializers.FloatField(allow_null=True)
    texts_high = serializers.FloatField(allow_null=True)
    voices_asked = serializers.IntegerField(allow_null=True)
    voices_gone = serializers.IntegerField(allow_null=True)
    voices_still = serializers.IntegerField(allow_null=True)
    voices_low = serializers.FloatField(allow_null=True)
    voices_high = serializers.FloatField(allow_null=True)
    method = serializers.CharField()
    release = serializers.IntegerField(source="release_id", allow_null=True)
    window_start = serializers.DateField()
    window_end = serializers.DateField()
    saved_likely = serializers.DecimalField(14, 2, allow_null=True)
    decided_at = serializers.DateTimeField()
    provenance = serializers.SerializerMethodField()

    @extend_schema_field(ProvenanceOut)
    def get_provenance(self, row: Verdict) -> dict[str, Any]:
        return origins.of_verdict(row).told


class VoicesOut(serializers.Serializer):
    """What customers say who were asked whether it is gone, since the latest fix; `doubted`: they contradict a proof
    that stands."""

    asked = serializers.IntegerField(source="voices.asked")
    gone = serializers.IntegerField(source="voices.gone")
    still = serializers.IntegerField(source="voices.still")
    share = serializers.FloatField(source="voices.share")
    low = serializers.FloatField(source="voices.low")
    high = serializers.FloatField(source="voices.high")
    sentence = serializers.CharField(source="voices.sentence")
    doubted = serializers.BooleanField()


class CaseDetail(CaseOut):
    causes = CauseOut(many=True)
    actions = TrackedActionOut(many=True)
    plans = PlanOut(many=True)
    verdicts = VerdictOut(many=True)
    notice = CaseNoticeOut(allow_null=True)
    voices = serializers.SerializerMethodField()

    @extend_schema_field(VoicesOut(allow_null=True))
    def get_voices(self, row: Case) -> dict[str, Any] | None:
        heard: Heard | None = self.context["heard"]
        return None if heard is None else VoicesOut(heard).data


class EvidenceOut(serializers.Serializer):
    """A ticket that speaks for a case, quoted without names."""

    id = serializers.IntegerField()
    ticket = serializers.IntegerField(source="ticket_id")
    how = serializers.CharField()
    linked_at = serializers.DateTimeField()
    quote = serializers.SerializerMethodField()

    def get_quote(self, row: CaseTicket) -> str:
        found = self.context["quotes"].get(row.ticket_id)
        return found.text if found else ""
