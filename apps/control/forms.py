from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.control.clock import due_at
from apps.control.models import Calendar, Survey
from helpdesk.marked import Marked
from helpdesk.models import Department, Issue, Outcome, Ticket
from helpdesk.numbers import WholeNumber


class ReferralForm(forms.Form):
    department = forms.ModelChoiceField(
        Department.objects.none(), required=False, label=_("Department"), empty_label=_("Somebody outside")
    )
    outside_name = forms.CharField(max_length=120, required=False, label=_("Who outside"))
    outside_email = forms.EmailField(required=False, label=_("Their address"))
    reference = forms.CharField(max_length=80, required=False, label=_("Their number for it"))
    question = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("What should they do or find out?"),
        max_length=5_000,
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.exclude(pk=ticket.department_id)  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    answer = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 5}), label=_("Your answer"), max_length=20_000
    )


class OutsideAnswerForm(AnswerForm):
    """The same without an account."""

    reference = forms.CharField(max_length=80, required=False, label=_("Your number for it, if you have one"))


class DoneForm(forms.Form):
    """What the customer says; yes or no, says the button."""

    words = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=500,
        label=_("What is missing?"),
    )


def yes_or_no(label: Marked) -> forms.TypedChoiceField:
    """A question that may be left open."""
    return forms.TypedChoiceField(
        choices=[("", _("I don't know")), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        label=label,
    )


class SurveyForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=[
            (Outcome.SATISFIED, _("Yes, I am happy with it")),
            (Outcome.MOLLIFIED, _("Not really, but I accept it")),
            (Outcome.DISSATISFIED, _("No, I am not happy with it")),
        ],
        widget=forms.RadioSelect,
        label=_("Were you happy with how we handled it?"),
    )
    settled_at_first = yes_or_no(_("Was it settled the first time you contacted us?"))
    would_buy_again = yes_or_no(_("Would you buy from us again?"))
    would_recommend = WholeNumber(
        min_value=0,
        max_value=10,
        required=False,
        label=_("How likely are you to recommend us?"),
        help_text=_("0 is not at all, 10 is certainly."),
    )
    told_others = WholeNumber(
        min_value=0, max_value=10_000, required=False, label=_("How many people have you told about this?")
    )
    problems = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=_("Did anything else go wrong lately?"),
        help_text=_("Tick what happened to you, even if you never told us."),
    )
    comment = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=5_000,
        label=_("What should we know?"),
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(Issue.objects.filter(pk__in=survey.offered).values_list("pk", "label"))
        asked = self.fields["problems"]
        if isinstance(asked, forms.TypedMultipleChoiceField):
            asked.choices = [(issue, labels[issue]) for issue in survey.offered if issue in labels]
        if not labels:
            del self.fields["problems"]


class CalculatorForm(forms.Form):
    """Tries a promise out: "Friday 16:40, 90 minutes" is due when?"""

    calendar = forms.ModelChoiceField(Calendar.objects.all(), label=_("Calendar"), empty_label=None)
    start = forms.DateTimeField(
        label=_("A ticket that comes in"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    minutes = WholeNumber(min_value=0, max_value=100_000, label=_("Promised working minutes"))

    def due_at(self) -> datetime:
        start, calendar = self.cleaned_data["start"], self.cleaned_data["calendar"]
        return due_at(start, self.cleaned_data["minutes"], calendar.hours(around=start.date()))
