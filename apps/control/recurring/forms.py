"""A recurring ticket as a form; what it does at opening is asked by `ActsForm`."""

from typing import Any

from django import forms
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext_lazy as _

from apps.control.forms_promises import zones
from apps.control.models import Calendar, OffDays, RecurringTicket, Rhythm
from apps.control.recurring.queries import week_names
from apps.control.recurring.services import MAX_BODY, MAX_NAME, Given, given_of
from apps.response.checklists.models import Checklist
from helpdesk.models import Department, User
from helpdesk.models.ticket import MAX_SUBJECT
from helpdesk.numbers import WholeNumber

DATE = {"type": "date"}


class RecurringForm(forms.Form):
    name = forms.CharField(max_length=MAX_NAME, label=_("Name"))
    department = forms.ModelChoiceField(
        Department.objects.order_by("name"), empty_label=None, label=_("Department")
    )
    customer = forms.EmailField(
        max_length=254,
        label=_("Customer’s address"),
        help_text=_("For whom it is. Nothing is sent at opening."),
    )
    subject = forms.CharField(max_length=MAX_SUBJECT, label=_("Subject"))
    body = forms.CharField(max_length=MAX_BODY, widget=forms.Textarea(attrs={"rows": 5}), label=_("Text"))
    checklist = forms.ModelChoiceField(
        Checklist.objects.filter(is_active=True), required=False, empty_label="—", label=_("Checklist")
    )
    rhythm = forms.ChoiceField(choices=Rhythm.choices, label=_("How often"))
    weekdays = forms.TypedMultipleChoiceField(
        choices=list(WEEKDAYS.items()), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        label=_("Weekdays"), help_text=_("Where weekdays are chosen, and for “the first Monday”."),
    )  # fmt: skip
    week = forms.TypedChoiceField(
        choices=lambda: list(week_names().items()), coerce=int, required=False,
        label=_("Which of the month"),
    )  # fmt: skip
    day = WholeNumber(
        min_value=1, max_value=31, required=False, initial=1, label=_("Day of the month"),
        help_text=_("Shorter months take their last day."),
    )  # fmt: skip
    month = forms.TypedChoiceField(
        choices=list(MONTHS.items()), coerce=int, required=False, label=_("Month of the year")
    )
    time = forms.TimeField(
        initial="08:00", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), label=_("At")
    )
    time_zone = forms.ChoiceField(choices=zones, label=_("Time zone"))
    calendar = forms.ModelChoiceField(
        Calendar.objects.all(), required=False, empty_label=_("Any day"), label=_("On working days of")
    )
    off_days = forms.ChoiceField(choices=OffDays.choices, label=_("On another day"))
    start_on = forms.DateField(widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"), label=_("From"))
    end_on = forms.DateField(
        required=False, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"), label=_("Until")
    )

    WHAT = ("name", "department", "customer", "subject", "body", "checklist")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reach = RecurringTicket.objects.reach(user)
        if reach is not None:
            self.fields["department"].queryset = Department.objects.filter(pk=reach)  # type: ignore[attr-defined]

    @staticmethod
    def of(row: RecurringTicket) -> dict[str, Any]:
        return dict(given_of(row=row).__dict__)

    def given(self, acts: list[dict[str, Any]]) -> Given:
        """As the service takes it; a number that was left out is the first."""
        words = dict(self.cleaned_data)
        words |= {name: words[name] or 1 for name in ("week", "day", "month")}
        return Given(**words, acts=acts)

    def what(self) -> list[forms.BoundField]:
        return [self[name] for name in self.WHAT]

    def when(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.WHAT]
