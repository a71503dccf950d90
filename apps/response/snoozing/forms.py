from datetime import datetime
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from apps.response.snoozing.times import times

NAMES = {
    "2h": _("In 2 hours"),
    "tomorrow": _("Tomorrow morning"),
    "monday": _("Monday morning"),
    "week": _("In a week"),
}


class SnoozeForm(forms.Form):
    """Until when."""

    until = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("Until when?"),
        help_text=_(
            "Or until the customer writes. It leaves your own list only, and its clocks go on running."
        ),
    )
    on = forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        label=_("Another time"),
    )
    by_mail = forms.BooleanField(required=False, label=_("Write me a letter then"))

    def __init__(self, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.times = times(at)
        self.fields["until"].choices = [  # type: ignore[attr-defined]
            *((name, f"{NAMES[name]} ({date_format(when, 'D H:i')})") for name, when in self.times.items()),
            ("on", _("At another time")),
        ]
        self.fields["until"].initial = "tomorrow"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("until") == "on" and not given.get("on") and "on" not in self.errors:
            self.add_error("on", _("Say when."))
        return given

    @property
    def when(self) -> datetime:
        chosen: datetime = self.times.get(self.cleaned_data["until"]) or self.cleaned_data["on"]
        return chosen
