from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.staff.models import Skill
from apps.staff.queries.people import in_care_of, staff
from helpdesk.models import Issue, Product, User
from helpdesk.numbers import WholeNumber


class AvailabilityForm(forms.Form):
    capacity = WholeNumber(min_value=1, max_value=500, label=_("Tickets open at once, at most"))


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AbsenceForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.none(), label=_("Who"), empty_label=None)
    first = forms.DateField(label=_("First day away"), widget=Day())
    last = forms.DateField(
        label=_("Last day away"),
        required=False,
        widget=Day(),
        help_text=_("Leave it empty if nobody knows yet."),
    )
    stand_in = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        label=_("Who stands in"),
        help_text=_("They get the letters about your cases, and may answer in your place."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = in_care_of(by)  # type: ignore[attr-defined]
        self.fields["user"].initial = by.pk
        self.fields["stand_in"].queryset = staff()  # type: ignore[attr-defined]


class SkillForm(forms.Form):
    issue = forms.ModelChoiceField(Issue.objects.filter(valid_to=None), label=_("Issue"), required=False)
    product = forms.ModelChoiceField(
        Product.objects.filter(is_active=True), label=_("Product"), required=False
    )
    level = forms.TypedChoiceField(
        label=_("Level"), choices=Skill.Level.choices, coerce=int, initial=Skill.Level.ABLE
    )
