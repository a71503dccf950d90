from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from apps.control.models import Calendar
from apps.staff.forms.people import Day
from apps.staff.models import StaffingRule
from apps.staff.queries.staffing import Levers
from apps.staff.services.staffing import LONGEST_HOURS, LONGEST_MINUTES, LONGEST_WEEK, Planned
from helpdesk.numbers import Number, WholeNumber

PERCENT = {"step": "1", "inputmode": "decimal"}


class Percent(Number):
    """Typed as 80, used as .8."""

    def __init__(self, *, low: float, high: float, **kwargs: Any) -> None:
        limits = [MinValueValidator(low), MaxValueValidator(high)]
        widget = forms.NumberInput(attrs={"step": "any", "min": f"{low:g}", "max": f"{high:g}"})
        super().__init__(validators=limits, widget=widget, **kwargs)

    def clean(self, value: Any) -> float | None:
        given = super().clean(value)
        return None if given is None else given / 100


class LeversForm(forms.Form):
    """What if: asked in the address, so that a what-if can be sent to somebody."""

    volume = Percent(low=-90, high=500, required=False, label=_("Contacts, in % more or less"))
    live_minutes = Number(
        min_value=0.1, max_value=LONGEST_MINUTES, required=False, label=_("Minutes for a call")
    )
    deferred_minutes = Number(
        min_value=0.1, max_value=LONGEST_MINUTES, required=False, label=_("Minutes for a mail or form")
    )
    answered_share = Percent(low=1, high=99, required=False, label=_("Calls answered in time, in %"))
    people = WholeNumber(min_value=-1_000, max_value=1_000, required=False, label=_("People more or less"))

    def levers(self) -> Levers:
        """Of a valid form; what is left empty stays as it is."""
        given = self.cleaned_data
        return Levers(
            volume=given["volume"] or 0.0, live_minutes=given["live_minutes"],
            deferred_minutes=given["deferred_minutes"], answered_share=given["answered_share"],
            people=given["people"] or 0,
        )  # fmt: skip


class StaffingForm(forms.Form):
    calendar = forms.ModelChoiceField(
        Calendar.objects.all(),
        required=False,
        label=_("Opening hours"),
        empty_label=_("The company's first calendar"),
    )
    answered_share = Percent(low=1, high=99, label=_("Calls answered in time, in %"))
    answered_seconds = WholeNumber(min_value=0, max_value=3600, label=_("In time is within, in seconds"))
    busiest = Percent(
        low=10, high=99, label=_("Busy with contacts at most, in %"),
        help_text=_("Above 85 to 90 % for long, people fall ill and leave."),
    )  # fmt: skip
    shrinkage = Percent(
        low=0, high=90, label=_("Shrinkage, in %"),
        help_text=_("Of paid time: breaks, meetings, training, illness. Absences that were entered are known "
"besides."),
    )  # fmt: skip
    promised_hours = WholeNumber(
        min_value=1, max_value=LONGEST_HOURS, label=_("Mail and forms are done within, in open hours")
    )
    blends = forms.BooleanField(required=False, label=_("Who waits for a call answers mail meanwhile"))
    hours_a_week = Number(min_value=1, max_value=LONGEST_WEEK, label=_("A person works, in hours a week"))
    live_minutes = Number(
        min_value=0.1, max_value=LONGEST_MINUTES, required=False, label=_("Assumed minutes for a call"),
        help_text=_("Empty: as measured."),
    )  # fmt: skip
    deferred_minutes = Number(
        min_value=0.1, max_value=LONGEST_MINUTES, required=False, label=_("Assumed minutes for a mail or form"),
        help_text=_("Empty: as measured."),
    )  # fmt: skip
    minutes_source = forms.CharField(
        max_length=250, required=False, label=_("Where the assumed minutes come from")
    )
    minutes_dated_on = forms.DateField(required=False, label=_("Measured on"), widget=Day())

    @classmethod
    def filled(cls, rule: StaffingRule, data: Any = None) -> "StaffingForm":
        """With what holds now; what is typed stands before it."""
        shares = {
            name: f"{getattr(rule, name) * 100:g}" for name in ("answered_share", "busiest", "shrinkage")
        }
        held = {name: getattr(rule, name) for name in cls.base_fields}
        return cls(data, initial=held | shares)

    def planned(self) -> Planned:
        return Planned(**self.cleaned_data)
