from typing import Any

from django import forms

from apps.staff.models import Skill
from apps.staff.queries import WORKERS
from helpdesk.models import Issue, Product, User

MOMENT = {
    "widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    "required": False,
}


class AvailabilityForm(forms.Form):
    capacity = forms.IntegerField(min_value=1, max_value=500, label="Tickets open at once, at most")
    away_from = forms.DateTimeField(label="Away from", **MOMENT)
    away_until = forms.DateTimeField(label="Away until", **MOMENT)
    deputy = forms.ModelChoiceField(User.objects.none(), required=False, label="Deputy")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = User.objects.filter(department=user.department_id, role__in=WORKERS, is_active=True)
        self.fields["deputy"].queryset = others.exclude(pk=user.pk)  # type: ignore[attr-defined]


class SkillForm(forms.Form):
    issue = forms.ModelChoiceField(Issue.objects.filter(valid_to=None), required=False)
    product = forms.ModelChoiceField(Product.objects.filter(is_active=True), required=False)
    level = forms.TypedChoiceField(choices=Skill.Level.choices, coerce=int, initial=Skill.Level.ABLE)
