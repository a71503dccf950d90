"""What people fill in: one form for each thing that can be done, named like the service it feeds."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.analysis.models import (
    Action,
    ActionKind,
    ActionState,
    CalendarEntry,
    Case,
    Cause,
    LookDesign,
    Outcome,
    Parameter,
    Prediction,
    Rejection,
    Route,
    Strength,
)
from apps.analysis.presets import PRESETS
from apps.analysis.queries.cases import case_number
from apps.analysis.services.freeze_plan import WINDOWS
from helpdesk.marked import Marked
from helpdesk.models import Channel, Department, Issue, Role, Severity, User
from helpdesk.numbers import Amount, Number, WholeNumber

CALENDAR_REACH = timedelta(days=400)
STAFF = (Role.AGENT, Role.LEAD, Role.OWNER, Role.ANALYST, Role.ADMIN)
OWNERS = (Role.OWNER, Role.ADMIN)
TOLD_BY_HAND = (
    ActionState.ACCEPTED, ActionState.IN_PROGRESS, ActionState.IMPLEMENTED, ActionState.NOT_DOING,
    ActionState.REJECTED, ActionState.CANCELLED, ActionState.SUPERSEDED,
)  # fmt: skip
CLOSED_BY_HAND = (
    Outcome.NO_CAUSE, Outcome.THIRD_PARTY, Outcome.NOT_REPRODUCED, Outcome.DUPLICATE, Outcome.CANCELLED,
)  # fmt: skip


def people(*roles: str) -> QuerySet[User]:
    return User.objects.filter(is_active=True, role__in=roles).order_by("name")


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class Percent(Number):
    """Typed as 50, meant as .5."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": 99} | kwargs)

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return None if number is None else number / 100


def text(label: Marked, *, required: bool = True, rows: int = 3, hint: Marked = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, widget=area, max_length=10_000, help_text=hint)


def day(label: Marked, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=Day())


class CaseForm(forms.Form):
    """A form about one case; choices are of that case, and of what the person may see.

    `written` names the fields that stand already written on the case. From a letter's link (`by_link`) nothing but its
    own case is shown: another one is named by its number.
    """

    written: tuple[str, ...] = ()

    def __init__(
        self,
        *args: Any,
        case: Case | None = None,
        user: User | None = None,
        by_link: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.user = case, user
        if "action" in self.fields:
            self._choose("action", Action.objects.filter(case=case))
        for name in ("cause", "parent"):
            if name in self.fields:
                self._choose(name, Cause.objects.filter(case=case))
        if "prediction" in self.fields:
            self._choose("prediction", Prediction.objects.filter(cause__case=case))
        if "entry" in self.fields and case is not None:
            since = case.detection_start - CALENDAR_REACH
            self._choose("entry", CalendarEntry.objects.standing().filter(day__gte=since))
        if isinstance(self.fields.get("evidence"), forms.ModelChoiceField) and case is not None:
            self._choose("evidence", case.evidence.all())
        if "duplicate_of" in self.fields and case is not None and user is not None:
            self._choose("duplicate_of", Case.objects.visible_to(user).open().exclude(pk=case.pk))
            if by_link:
                self.fields["duplicate_of"].widget = forms.NumberInput()
                self.fields["duplicate_of"].help_text = gettext("The number of the other case: 31 for RC-31.")

    def _choose(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (named so above)
        field.queryset = rows


def of_case(label: Marked, *, required: bool = True, hidden: bool = False) -> forms.ModelChoiceField:
    """Filled by `CaseForm` with rows of its case."""
    widget = forms.HiddenInput() if hidden else None
    return forms.ModelChoiceField(Case.objects.none(), label=label, required=required, widget=widget)


# The owner's five buttons


class AcceptForm(CaseForm):
    until = day(_("You will know the cause by"), required=False)


class RejectForm(CaseForm):
    reason = forms.ChoiceField(choices=Rejection.choices, label=_("Why is it not for you?"))
    propose = forms.ModelChoiceField(Department.objects.all(), required=False, label=_("Whose is it?"))
    duplicate_of = of_case(_("Duplicate of"), required=False)
    note = text(_("In your words"), required=False)


class AskForm(CaseForm):
    question = text(_("What do you need to know?"))


class FixedForm(CaseForm):
    fixed_on = day(_("Fixed on"))
    note = text(_("What was fixed?"))


class RiskForm(CaseForm):
    approver = forms.ModelChoiceField(
        people(Role.OWNER, Role.ANALYST, Role.ADMIN),
        label=_("Approved by"),
        help_text=_("The head, or a case manager."),
    )
    expires_on = day(_("Until"))
    note = text(_("Why is the risk acceptable?"))


class RefuseRiskForm(CaseForm):
    note = text(_("Why not?"))


# Describing and routing


class DescribeForm(CaseForm):
    written = ("title", "statement", "is_text", "is_not_text", "severity", "issue", "money_note")

    title = forms.CharField(max_length=200, label=_("Title"))
    statement = text(_("Statement"), hint=_("What, where, since when, how many."))
    is_text = text(_("It is"), rows=2, hint=_("Where and when the problem shows."))
    is_not_text = text(_("It is not"), rows=2, hint=_("Where it could show, but does not."))
    severity = forms.TypedChoiceField(choices=Severity.choices, coerce=int, label=_("Severity"))
    issue = forms.ModelChoiceField(Issue.objects.all(), required=False, label=_("Issue"))
    money_note = text(_("Why the money at risk is not known"), required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.case is not None and self.case.money_likely is not None:
            del self.fields["money_note"]


class HoldForm(CaseForm):
    reason = text(_("Why does it rest?"), rows=2)
    review_on = day(_("Look again on"))


class CloseForm(CaseForm):
    outcome = forms.ChoiceField(
        choices=[(o.value, o.label) for o in CLOSED_BY_HAND], label=_("How does it end?")
    )
    duplicate_of = of_case(_("Duplicate of"), required=False)
    note = text(_("Reason"), rows=2)


class TellForm(CaseForm):
    waived = text(_("Or: why they need not be told"), required=False, rows=2)


class WorkaroundForm(CaseForm):
    written = ("workaround",)

    workaround = text(_("What agents say and do meanwhile"), required=False)


class NothingForm(CaseForm):
    """A button is all there is to it."""


# Actions


class ActionForm(CaseForm):
    title = forms.CharField(max_length=250, label=_("What will be done?"))
    cause = of_case(_("Against the cause"), required=False)
    strength = forms.ChoiceField(choices=Strength.choices, label=_("How well will it hold?"))
    kind = forms.ChoiceField(choices=ActionKind.choices, initial=ActionKind.CORRECTIVE, label=_("Kind"))
    route = forms.ChoiceField(choices=Route.choices, label=_("Answer"))
    assignee = forms.ModelChoiceField(people(*STAFF), required=False, label=_("Who"))
    due_on = day(_("By"), required=False)
    promised_cut = Percent(required=False, label=_("Promised cut, %"))
    cost = Amount(required=False, min_value=0, max_digits=12, decimal_places=2, label=_("Cost"))


class AssignActionForm(CaseForm):
    action = of_case(_("Action"), hidden=True)
    assignee = forms.ModelChoiceField(people(*STAFF), label=_("Who"))
    due_on = day(_("By"))


class MoveActionForm(CaseForm):
    action = of_case(_("Action"), hidden=True)
    to = forms.ChoiceField(choices=[(s.value, s.label) for s in TOLD_BY_HAND], label=_("It is"))
    on = day(_("Since"), required=False)
    note = text(_("Note"), required=False, rows=2)


class BlockActionForm(CaseForm):
    action = of_case(_("Action"), hidden=True)
    obstacle = forms.CharField(max_length=500, required=False, label=_("What stands in the way?"))


class DueForm(CaseForm):
    action = of_case(_("Action"), hidden=True)
    due_on = day(_("New day"))
    reason = forms.CharField(max_length=500, label=_("Why?"))


class ConfirmForm(CaseForm):
    action = of_case(_("Action"), hidden=True)
    holds = forms.TypedChoiceField(
        choices=[("yes", _("It is in place")), ("no", _("It is not"))],
        coerce=lambda said: said == "yes",
        label=_("You looked"),
    )
    note = text(_("What you saw"), required=False, rows=2)


class PlanForm(CaseForm):
    expected_cut = Percent(label=_("Expected reduction, %"), initial=50)
    window_days = forms.TypedChoiceField(
        choices=[(days, _("%(days)s weeks") % {"days": days // 7}) for days in WINDOWS],
        coerce=int,
        initial=56,
        label=_("Count for"),
    )
    design = forms.ChoiceField(
        choices=LookDesign.choices, initial=LookDesign.ONE_DATE, required=False, label=_("Look at it")
    )
    second_source = forms.CharField(
        max_length=200,
        label=_("Second source"),
        help_text=_("A survey, operations data, “is it gone for you?”"),
    )
    override = text(_("If only training or reminders: why is that enough?"), required=False, rows=2)
    knowing = forms.BooleanField(
        required=False,
        label=_("Freeze it even if it can probably not be proven"),
        help_text=_("Once frozen, nobody can change it."),
    )

    def clean_design(self) -> str:
        return str(self.cleaned_data["design"] or LookDesign.ONE_DATE)


# Opening and linking


class NewCaseForm(forms.Form):
    title = forms.CharField(max_length=200, label=_("What keeps happening?"))
    issue = forms.ModelChoiceField(Issue.objects.all(), label=_("Issue"))


class CaseField(forms.ModelChoiceField):
    """A case by its number, written as RC-31 or 31."""

    default_error_messages = {"invalid_choice": _("There is no open case with this number.")}

    def to_python(self, value: Any) -> Case | None:
        found: Case | None = super().to_python(
            value if value in self.empty_values else case_number(value) or 0
        )
        return found


class LinkForm(forms.Form):
    case = CaseField(Case.objects.none(), label=_("Case"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["case"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = Case.objects.open()


class WorkaroundUseForm(LinkForm):
    helped = forms.TypedChoiceField(
        choices=[("yes", _("It helped")), ("no", _("It did not"))], coerce=lambda said: said == "yes"
    )


class FlagForm(forms.Form):
    title = forms.CharField(max_length=200, label=_("What keeps happening?"))


# The money model


class AssumptionForm(forms.Form):
    parameter = forms.ChoiceField(choices=Parameter.choices, label=_("Number"))
    issue = forms.ModelChoiceField(
        Issue.objects.all(), required=False, label=_("Only for"), empty_label=_("Every issue")
    )
    low = Amount(min_value=0, max_digits=14, decimal_places=4, label=_("Low"))
    likely = Amount(min_value=0, max_digits=14, decimal_places=4, label=_("Likely"))
    high = Amount(min_value=0, max_digits=14, decimal_places=4, label=_("High"))
    channel = forms.ChoiceField(
        choices=[("", _("Every channel")), *Channel.choices], required=False, label=_("Only by this channel")
    )
    segment = forms.CharField(max_length=60, required=False, label=_("Only in this segment"))
    unit = forms.CharField(max_length=40, required=False, label=_("Unit"))
    source = forms.CharField(max_length=250, label=_("Source"))
    dated_on = day(_("Measured on"))
    population = forms.CharField(max_length=200, required=False, label=_("Measured among"))
    valid_from = day(_("Holds from"), required=False)
    owner = forms.ModelChoiceField(
        people(*STAFF), required=False, label=_("Who answers for it"), empty_label=_("You")
    )


class MultiplierForm(forms.Form):
    """What a survey with a list of problems found: how many had the problem, how many of them had told us."""

    asked = WholeNumber(min_value=1, max_value=10_000_000, label=_("Customers asked who had the problem"))
    told = WholeNumber(min_value=0, max_value=10_000_000, label=_("Of these, had told us"))
    issue = forms.ModelChoiceField(
        Issue.objects.all(), required=False, label=_("Only for"), empty_label=_("Every issue")
    )
    channel = forms.ChoiceField(
        choices=[("", _("Every channel")), *Channel.choices], required=False, label=_("Only by this channel")
    )
    segment = forms.CharField(max_length=60, required=False, label=_("Only in this segment"))
    source = forms.CharField(max_length=250, label=_("Survey"))
    dated_on = day(_("Measured on"))


class PresetForm(forms.Form):
    name = forms.ChoiceField(
        choices=[(key, preset.label) for key, preset in PRESETS.items()], label=_("Published figures")
    )
