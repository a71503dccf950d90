from datetime import datetime
from typing import Any

from django import forms

from apps.control.clock import due_at
from apps.control.models import Calendar
from helpdesk.models import Department, Outcome, Ticket


class ReferralForm(forms.Form):
    department = forms.ModelChoiceField(Department.objects.none(), label="Department")
    question = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), label="What should they do or find out?", max_length=5_000
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.exclude(pk=ticket.department_id)  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    answer = forms.CharField(widget=forms.Textarea(attrs={"rows": 5}), label="Your answer", max_length=20_000)


class SurveyForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=[
            (Outcome.SATISFIED, "Yes, I am happy with it"),
            (Outcome.MOLLIFIED, "Not really, but I accept it"),
            (Outcome.DISSATISFIED, "No, I am not happy with it"),
        ],
        widget=forms.RadioSelect,
        label="Were you happy with how we handled it?",
    )
    would_buy_again = forms.TypedChoiceField(
        choices=[("", "I don't know"), ("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        label="Would you buy from us again?",
    )
    told_others = forms.IntegerField(
        min_value=0, max_value=10_000, required=False, label="How many people have you told about this?"
    )
    comment = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=5_000,
        label="What should we know?",
    )


class CalculatorForm(forms.Form):
    """Tries a promise out: "Friday 16:40, 90 minutes" is due when?"""

    calendar = forms.ModelChoiceField(Calendar.objects.all(), empty_label=None)
    start = forms.DateTimeField(
        label="A ticket that comes in",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    minutes = forms.IntegerField(min_value=0, max_value=100_000, label="Promised working minutes")

    def due_at(self) -> datetime:
        start, calendar = self.cleaned_data["start"], self.cleaned_data["calendar"]
        return due_at(start, self.cleaned_data["minutes"], calendar.hours(around=start.date()))
