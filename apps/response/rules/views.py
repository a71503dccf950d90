"""Rules: the list in its order, one as a sentence that can be changed and tried, its past, and what they saw of a
ticket."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.response import queries
from apps.response.acting import ActsForm, read_acts
from apps.response.acting import written as written_act
from apps.response.macros import FIELDS
from apps.response.rules import services
from apps.response.rules.forms import ConditionsForm, RuleForm, field_choices
from apps.response.rules.models import Rule
from apps.response.rules.offered import offered
from apps.response.rules.queries import (
    Figures,
    figures_of,
    rule_rows,
    sentences,
    touched_by,
    traces_of,
    versions_of,
)
from apps.response.rules.services.saving import VERB, RuleGiven, may_change
from helpdesk.acting import refuse, tried
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.permissions import require

NOTHING: dict[str, Any] = {"join": "all", "lines": []}


@login_required
@require_GET
def rules(request: PageRequest) -> HttpResponse:
    """All rules one may see, in their order, with what became of them."""
    require(request.user, VERB)
    rows = rule_rows(request.user, at=timezone.now())
    return render(request, "response/rules.html", {"rows": rows, "moved": request.GET.get("moved", "")})


@login_required
def rule(request: PageRequest, pk: int | None = None) -> HttpResponse:
    """A rule as a form: saved, tried, or a line more or less of it."""
    require(request.user, VERB)
    chosen = _rule(request, pk) if pk else None
    editor = _Editor(request, chosen)
    if request.method == "POST":
        button = request.POST.get("do", "save")
        if button == "try":
            editor.try_it()
        elif button != "save":
            editor.conditions.press(button)
        elif (saved := editor.save()) is not None:
            messages.success(request, _("Saved."))
            return redirect("rule", pk=saved.pk)
    status = 422 if editor.is_wrong else 200
    return render(request, "response/rule.html", editor.context, status=status)


class _Editor:
    """The three forms of the sentence, as they were kept or posted."""

    def __init__(self, request: PageRequest, rule: Rule | None) -> None:
        self.request, self.rule = request, rule
        data = request.POST if request.method == "POST" else None
        checked = data if data is not None and data.get("do", "save") in ("save", "try") else None
        words = (
            RuleForm.words_of(rule) if rule else {"department": request.user.department_id, "when": "opened"}
        )
        self.form = RuleForm(checked, initial=words, user=request.user)
        acts = read_acts(rule.acts, ruled=True) if rule else ()
        self.then = ActsForm(checked, user=request.user, acts=acts, ruled=True, prefix="then")
        if data is not None and checked is None:  # shown as it was typed, and not judged yet
            self.form.initial = {name: data.get(name) for name in self.form.fields}
            self.then.initial = {name: data.get(f"then-{name}") for name in self.then.fields}
        self.conditions = (
            ConditionsForm.posted(data)
            if data is not None
            else ConditionsForm.of(rule.conditions if rule else NOTHING)
        )
        self.trial: services.Trial | None = None
        self.is_wrong = False

    def _given(self) -> RuleGiven | None:
        """None where something is wrong: each line and field says what."""
        when = self.request.POST.get("when", "")
        right = [
            self.form.is_valid(),
            self.then.is_valid(),
            self.conditions.is_right(when=when, at=timezone.now()),
        ]
        self.is_wrong = not all(right)
        if self.is_wrong:
            return None
        acts = [written_act(act) for act in self.then.acts]
        return RuleGiven(**self.form.cleaned_data, conditions=self.conditions.conditions, acts=acts)

    def save(self) -> Rule | None:
        given = self._given()
        if given is None:
            return None
        try:
            return services.save_rule(given=given, rule=self.rule, by=self.request.user, at=timezone.now())
        except DomainError as error:
            self._refuse(error)
        return None

    def try_it(self) -> None:
        given = self._given()
        if given is not None:
            try:
                self.trial = services.try_rule(given=given, by=self.request.user, at=timezone.now())
            except DomainError as error:
                self._refuse(error)

    def _refuse(self, error: DomainError) -> None:
        refuse(self.form, error)
        self.is_wrong = True

    def _past(self) -> dict[str, Any]:
        """What became of it so far; a rule that is only being written has no past."""
        if self.rule is None:
            return {}
        figures = figures_of([self.rule.pk], at=timezone.now()).get(self.rule.pk, Figures())
        return {"figures": figures, "touched": touched_by(self.rule, self.request.user)}

    def _offered(self) -> dict[str, list[tuple[str, str]]]:
        """What may be chosen for a value, by field: a query for each field that some line asks about."""
        asked = {line.field for line in self.conditions.lines if line.field and not line.choices}
        found = {field: offered(field, self.request.user) for field in sorted(asked)}
        return {field: values for field, values in found.items() if values}

    @property
    def context(self) -> dict[str, Any]:
        rule = self.rule
        return {
            "rule": rule,
            "said": sentences([rule])[rule.pk] if rule else None,
            "form": self.form,
            "then": self.then,
            "conditions": self.conditions,
            "fields": field_choices(),
            "offered": self._offered(),
            "notice_fields": [name for name in FIELDS if not name.startswith("agent.")],
            "trial": self.trial,
            **self._past(),
            "may_change": rule is None or may_change(rule=rule, by=self.request.user),
            "is_wrong": self.is_wrong,
        }


@login_required
@require_POST
def change_rule(request: PageRequest, pk: int) -> HttpResponse:
    """On or off, one place up or down, once more, or gone: which, says the button."""
    require(request.user, VERB)
    row = _rule(request, pk)
    act: dict[str, Any] = {"rule": row, "by": request.user, "at": timezone.now()}
    asked = request.POST.get("act", "")
    if asked in ("up", "down"):
        tried(request, lambda: services.move_rule(**act, up=asked == "up"))
        return redirect(f"{reverse('rules')}?moved={pk}#rule-{pk}")
    if asked in ("on", "off"):
        tried(request, lambda: services.switch_rule(**act, on=asked == "on"))
    elif asked == "copy":
        tried(request, lambda: services.copy_rule(**act), _("Copied, as a draft at the end."))
    elif asked == "remove":
        tried(request, lambda: services.remove_rule(**act), _("Removed."))
    return redirect("rules")


@login_required
@require_GET
def rule_versions(request: PageRequest, pk: int) -> HttpResponse:
    """What it was, and what each change changed."""
    require(request.user, VERB)
    row = _rule(request, pk)
    context = {"rule": row, "versions": versions_of(row), "may_change": may_change(rule=row, by=request.user)}
    return render(request, "response/rule_versions.html", context)


@login_required
@require_POST
def restore_rule(request: PageRequest, pk: int, number: int) -> HttpResponse:
    require(request.user, VERB)
    row = _rule(request, pk)
    tried(
        request,
        lambda: services.restore_rule(rule=row, version=number, by=request.user, at=timezone.now()),
        _("It is what it was."),
    )
    return redirect("rule", pk=pk)


@login_required
@require_GET
def ticket_rules(request: PageRequest, number: int) -> HttpResponse:
    """Which rules looked at a ticket, what they saw and what they did."""
    require(request.user, "response.view")
    ticket = queries.ticket_in_full(number, user=request.user)
    fitted_only = request.GET.get("show") != "all"
    context = {
        "ticket": ticket,
        "traces": traces_of(ticket, fitted_only=fitted_only),
        "fitted_only": fitted_only,
        "may_open": request.user.role != "agent",
    }
    return render(request, "response/ticket_rules.html", context)


def _rule(request: PageRequest, pk: int) -> Rule:
    row: Rule = get_object_or_404(Rule.objects.visible_to(request.user).select_related("department"), pk=pk)
    return row
