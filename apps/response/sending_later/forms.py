from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.response.sending_later.queries import times_offered
from apps.response.snoozing.times import times

OTHER = "on"


class LaterForm(forms.Form):
    """When an answer goes out, and whether it waits once the customer writes."""

    later = forms.ChoiceField(label=gettext_lazy("When"))
    later_on = forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        label=gettext_lazy("Another time"),
    )
    later_holds = forms.BooleanField(
        required=False, label=gettext_lazy("Hold it back if the customer writes before")
    )

    def __init__(self, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.times = times(at)
        self.fields["later"].choices = [*times_offered(at), (OTHER, _("At another time"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("later") == OTHER and not given.get("later_on") and "later_on" not in self.errors:
            self.add_error("later_on", _("Say when."))
        return given

    @property
    def when(self) -> datetime:
        chosen: datetime = self.times.get(self.cleaned_data["later"]) or self.cleaned_data["later_on"]
        return chosen
