"""Rules by program: written, put in order, tried, and what they saw of a ticket."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api import views as intake
from apps.intake.api.fields import DepartmentSlug
from apps.response.acting import names_for
from apps.response.rules import services
from apps.response.rules.models import MAX_NAME, Outcome, Rule
from apps.response.rules.moments import CHOICES
from apps.response.rules.queries import figures_of, sentences, traces_of, versions_of
from apps.response.rules.services.saving import LONGEST, SHORTEST, VERB, RuleGiven, given_of
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class RuleActIn(StrictSerializer):
    """`value` is a number, a code, an address or a text, as the act takes it."""

    act = serializers.ChoiceField(names_for(ruled=True))
    value = serializers.JSONField(required=False, allow_null=True)


class RuleIn(StrictSerializer):
    name = serializers.CharField(max_length=MAX_NAME)
    when = serializers.ChoiceField(CHOICES)
    every_minutes = serializers.IntegerField(
        min_value=SHORTEST, max_value=LONGEST, required=False, allow_null=True, help_text="Of timed rules."
    )
    department = DepartmentSlug("department", help_text="Whose tickets it reaches; empty: the whole desk's.")
    conditions = serializers.JSONField(
        help_text='{"join": "all", "lines": [{"field": "channel", "operator": "is", "value": "email"}]}; '
        "in the place of a line may stand such a group, one level deep."
    )
    acts = RuleActIn(many=True)
    stops = serializers.BooleanField(required=False)


class RuleChange(RuleIn):
    is_active = serializers.BooleanField(required=False)


class RuleOut(serializers.ModelSerializer[Rule]):
    department = serializers.SlugField(source="department.slug", default=None)
    when = serializers.ChoiceField(CHOICES)
    changed_by = serializers.CharField(source="changed_by.name")
    told = serializers.SerializerMethodField()
    figures = serializers.SerializerMethodField()

    class Meta:
        model = Rule
        fields = (
            "id", "name", "department", "when", "every_minutes", "conditions", "acts", "stops", "is_active",
            "position", "changed_by", "changed_at", "told", "figures",
        )  # fmt: skip

    def get_told(self, rule: Rule) -> str:
        said = self.context["said"][rule.pk]
        condition = f", if {said.condition}" if said.condition else ""
        return f"{said.when}{condition}: {'; '.join(said.acts)}"

    def get_figures(self, rule: Rule) -> dict[str, Any]:
        """Of the last thirty days."""
        found = self.context["figures"].get(rule.pk)
        if found is None:
            return {"fitted": 0, "refused": 0, "errors": 0, "held_back": 0, "last": None, "days": []}
        return {
            "fitted": found.fitted, "refused": found.refused, "errors": found.errors,
            "held_back": found.held_back, "last": found.last, "days": list(found.days),
        }  # fmt: skip


class SeenOut(serializers.Serializer):
    text = serializers.CharField()
    saw = serializers.CharField()
    fits = serializers.BooleanField()
    group = serializers.IntegerField()


class LookOut(serializers.Serializer):
    rule = serializers.IntegerField()
    name = serializers.CharField()
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    join = serializers.CharField()
    why = serializers.CharField()
    seen = SeenOut(many=True)
    acts = serializers.ListField(child=serializers.DictField(), source="told_acts")


class TraceOut(serializers.Serializer):
    at = serializers.DateTimeField(source="run.at")
    when = serializers.CharField(source="run.when")
    event = serializers.IntegerField(source="run.event", allow_null=True)
    chain = serializers.ListField(child=serializers.CharField())
    looks = LookOut(many=True)


class RuleWouldOut(serializers.Serializer):
    ticket = serializers.IntegerField(source="ticket.pk")
    seen = SeenOut(source="verdict.seen", many=True)
    acts = serializers.SerializerMethodField()
    refused = serializers.CharField()

    def get_acts(self, would: services.Would) -> list[dict[str, Any]]:
        return [{"text": text, "changes": changes} for text, changes in would.acts]


class RuleTrialOut(serializers.Serializer):
    looked = serializers.IntegerField()
    fitted = serializers.IntegerField()
    shown = RuleWouldOut(many=True)


class RuleVersionOut(serializers.Serializer):
    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = serializers.CharField()
    is_current = serializers.BooleanField()
    changes = serializers.SerializerMethodField()

    def get_changes(self, version: Any) -> list[dict[str, str]]:
        return [{"what": what, "before": before, "after": after} for what, before, after in version.changes]


class PlaceIn(StrictSerializer):
    way = serializers.ChoiceField(["earlier", "later"])


def _told(rules: list[Rule], *, many: bool = False) -> Any:
    at = timezone.now()
    context = {"said": sentences(rules), "figures": figures_of([rule.pk for rule in rules], at=at)}
    return RuleOut(rules if many else rules[0], many=many, context=context).data


class RuleView(ApiView, verb="response.rule"):
    def rules(self, request: ApiRequest) -> Any:
        require(request.user, VERB)
        return Rule.objects.visible_to(request.user).select_related("department", "changed_by")

    def rule(self, request: ApiRequest, pk: int) -> Rule:
        row: Rule = get_object_or_404(self.rules(request), pk=pk)
        return row


class Rules(RuleView):
    """Rules in their order."""

    @extend_schema(operation_id="rules_list", responses=RuleOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        return Response({"data": _told(list(self.rules(request)), many=True)})

    @extend_schema(operation_id="rules_write", request=RuleIn, responses={201: RuleOut})
    def post(self, request: ApiRequest) -> Response:
        """Write a rule: a draft, and the last in the order."""

        def write() -> Response:
            given = RuleGiven(**taken(RuleIn(data=request.data)))
            row = services.save_rule(given=given, by=request.user, at=timezone.now())
            return Response(_told([row]), status=201)

        return self.answer_once(request, write)


class OneRule(RuleView):
    @extend_schema(operation_id="rules_read", responses=RuleOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        return Response(_told([self.rule(request, pk)]))

    @extend_schema(operation_id="rules_change", request=RuleChange(partial=True), responses=RuleOut)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Change what is named; `is_active` switches it on or off."""
        row = self.rule(request, pk)
        given = taken(RuleChange(data=request.data, partial=True))
        on = given.pop("is_active", None)
        who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
        if given:
            whole = given_of(rule=row).__dict__ | given
            row = services.save_rule(given=RuleGiven(**whole), rule=row, **who)
        if on is not None:
            row = services.switch_rule(rule=row, on=on, **who)
        return Response(_told([row]))

    @extend_schema(operation_id="rules_remove", responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        services.remove_rule(rule=self.rule(request, pk), by=request.user, at=timezone.now())
        return Response(status=204)


class MoveRule(RuleView):
    @extend_schema(operation_id="rules_move", request=PlaceIn, responses=RuleOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """One place earlier or later."""
        row, given = self.rule(request, pk), taken(PlaceIn(data=request.data))
        services.move_rule(rule=row, up=given["way"] == "earlier", by=request.user, at=timezone.now())
        return Response(_told([self.rule(request, pk)]))


class CopyRule(RuleView):
    @extend_schema(operation_id="rules_copy", request=None, responses={201: RuleOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """The same once more, as a draft."""
        row = services.copy_rule(rule=self.rule(request, pk), by=request.user, at=timezone.now())
        return Response(_told([row]), status=201)


class TryRule(RuleView):
    @extend_schema(operation_id="rules_try", request=RuleIn, responses=RuleTrialOut)
    def post(self, request: ApiRequest) -> Response:
        """Try a rule on the last 500 tickets; nothing is changed."""
        given = RuleGiven(**taken(RuleIn(data=request.data)))
        trial = services.try_rule(given=given, by=request.user, at=timezone.now())
        return Response(RuleTrialOut(trial).data)


class RuleVersions(RuleView):
    @extend_schema(operation_id="rules_versions", responses=RuleVersionOut(many=True))
    def get(self, request: ApiRequest, pk: int) -> Response:
        """What it was, newest first."""
        return Response({"data": RuleVersionOut(versions_of(self.rule(request, pk)), many=True).data})


class RestoreRule(RuleView):
    @extend_schema(operation_id="rules_restore", request=None, responses=RuleOut)
    def post(self, request: ApiRequest, pk: int, number: int) -> Response:
        """Make it what it was."""
        row = self.rule(request, pk)
        row = services.restore_rule(rule=row, version=number, by=request.user, at=timezone.now())
        return Response(_told([row]))


class TicketRules(ApiView):
    """What rules saw of a ticket, and what they did."""

    @extend_schema(
        operation_id="ticket_rules_list",
        parameters=[OpenApiParameter("all", bool, description="Looks without a fit too.")],
        responses=TraceOut(many=True),
    )
    def get(self, request: ApiRequest, number: int) -> Response:
        require(request.user, "response.view")
        ticket = intake.visible(request, pk=number)
        traces = traces_of(ticket, fitted_only=request.query_params.get("all") not in ("true", "1"))
        return Response({"data": TraceOut(traces, many=True).data})
