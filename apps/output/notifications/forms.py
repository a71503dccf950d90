from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from apps.output.notifications.kinds import KINDS, WAYS, Choice, Way
from apps.output.notifications.models import NotificationSettings

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class NotificationForm(forms.Form):
    """A row for each kind: in the pages or not, and when by mail."""

    morning = forms.TypedChoiceField(
        choices=HOURS,
        coerce=int,
        label=_("The daily letter leaves at"),
        help_text=_("In your time zone, on days on which there is something to tell."),
    )

    def __init__(self, data: Any = None, *, now: NotificationSettings) -> None:
        choices = now.choices()
        super().__init__(data, initial={"morning": now.morning})
        for name, kind in KINDS.items():
            label = {"aria-labelledby": f"kind-{name}"}
            self.fields[f"{name}_app"] = forms.BooleanField(
                required=False, initial=choices[name].in_app, label=kind.label,
                widget=forms.CheckboxInput(attrs=label),
            )  # fmt: skip
            self.fields[f"{name}_mail"] = forms.ChoiceField(
                choices=[(str(way), words) for way, words in WAYS.items()], initial=str(choices[name].mail),
                label=kind.label, widget=forms.Select(attrs=label | {"class": "input"}),
            )  # fmt: skip

    def rows(self) -> list[tuple[str, Any, BoundField, BoundField]]:
        return [(name, kind.label, self[f"{name}_app"], self[f"{name}_mail"]) for name, kind in KINDS.items()]

    def ways(self) -> dict[str, Choice]:
        said = self.cleaned_data
        return {name: Choice(said[f"{name}_app"], Way(said[f"{name}_mail"])) for name in KINDS}
