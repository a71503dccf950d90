from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

from apps.evaluation.models import Measure
from helpdesk.models import Department, User
from helpdesk.permissions import may


class GoalForm(forms.Form):
    measure = forms.ChoiceField(choices=Measure.choices)
    department = forms.ModelChoiceField(
        Department.objects.all(), required=False, empty_label="All without a goal of their own"
    )
    percent = forms.FloatField(
        label="At least, in %",
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
