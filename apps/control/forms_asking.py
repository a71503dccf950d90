"""What leads fill in about whom to ask, and agents about whom they got in touch with."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.control.models import AskLimits
from helpdesk.models import Channel, Department, Issue, User
from helpdesk.numbers import Number, WholeNumber
from helpdesk.permissions import may


class AskRuleForm(forms.Form):
    order = WholeNumber(
        min_value=0,
        max_value=32_767,
        initial=100,
        label=pgettext_lazy("in a list", "Place"),
        help_text=_("The first rule that fits counts."),
    )
    issue = forms.ModelChoiceField(
        Issue.objects.filter(valid_to=None),
        required=False,
        label=_("Issue and all below"),
        empty_label=_("Every issue"),
    )
    department = forms.ModelChoiceField(
        Department.objects.all(), label=_("Department"), required=False, empty_label=_("Every department")
    )
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[("", _("Every channel")), *Channel.choices], required=False
    )
    percent = Number(
        label=_("Ask so many, in %"),
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
        given = dict(self.cleaned_data)
        return given | {"share": given.pop("percent") / 100}


class AskLimitsForm(forms.Form):
    rest_days = WholeNumber(min_value=1, max_value=365, label=_("Days a customer is left in peace"))
    most_a_day = WholeNumber(
        min_value=1,
        max_value=1_000_000,
        required=False,
        label=_("Surveys a day at most"),
        help_text=_("Empty: any number."),
    )
    always = forms.MultipleChoiceField(
        choices=AskLimits.Always.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Always ask about"),
    )


class FollowUpForm(forms.Form):
    note = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2}), max_length=5_000, label=_("What came of it")
    )
