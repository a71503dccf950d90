from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from apps.evaluation.models import Measure, StatementAct
from helpdesk.models import Department, User
from helpdesk.numbers import Amount, Number
from helpdesk.permissions import may


class GoalForm(forms.Form):
    measure = forms.ChoiceField(label=_("Measure"), choices=Measure.choices)
    department = forms.ModelChoiceField(
        Department.objects.all(),
        label=_("Department"),
        required=False,
        empty_label=_("All without a goal of their own"),
    )
    percent = Number(
        label=_("At least, in %"),
        min_value=0.1,
        validators=[MaxValueValidator(100)],
        widget=forms.NumberInput(attrs={"step": "0.1", "max": "100", "inputmode": "decimal"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields["department"]
        if isinstance(own, forms.ModelChoiceField) and not may(user, "helpdesk.configure"):
            own.queryset, own.required = Department.objects.filter(members=user), True

    def values(self) -> dict[str, Any]:
        """As the service wants them."""
        given = self.cleaned_data
        return {
            "measure": given["measure"],
            "department": given["department"],
            "target": given["percent"] / 100,
        }


class BonusRuleForm(forms.Form):
    department = forms.ModelChoiceField(
        Department.objects.all(),
        label=_("Department"),
        required=False,
        empty_label=_("All without a rule of their own"),
    )
    words = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        label=_("What it is for"),
        help_text=_("In your words: it stands on every statement."),
    )
    least = Number(
        label=_("From so many points on"),
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    full = Amount(
        label=_("Paid a quarter at 100 points"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("Fewer points pay in proportion."),
    )


class StatementActForm(forms.Form):
    """What is done about a statement; a guard only where one is settled, a reason where somebody will ask."""

    act = forms.ChoiceField(choices=StatementAct.Act.choices)
    guard = forms.CharField(required=False, max_length=12)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2})
    )
