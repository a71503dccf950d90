from typing import Any

from django import forms

from apps.staff.models import Skill
from apps.staff.queries import WORKERS
from helpdesk.models import Issue, Product, User


def moment(label: str) -> forms.DateTimeField:
    """A day and time somebody may leave empty."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=False, widget=widget)


class AvailabilityForm(forms.Form):
    capacity = forms.IntegerField(min_value=1, max_value=500, label="Tickets open at once, at most")
    away_from = moment("Away from")
    away_until = moment("Away until")
    deputy = forms.ModelChoiceField(User.objects.none(), required=False, label="Deputy")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = User.objects.filter(department=user.department_id, role__in=WORKERS, is_active=True)
        self.fields["deputy"].queryset = others.exclude(pk=user.pk)  # type: ignore[attr-defined]


class SkillForm(forms.Form):
    issue = forms.ModelChoiceField(Issue.objects.filter(valid_to=None), required=False)
    product = forms.ModelChoiceField(Product.objects.filter(is_active=True), required=False)
    level = forms.TypedChoiceField(choices=Skill.Level.choices, coerce=int, initial=Skill.Level.ABLE)
