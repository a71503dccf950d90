from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.control.models.customer_promise import MAX_TEXT
from helpdesk.models import User

WITHIN = (
    ("2", _("2 working hours")),
    ("8", _("8 working hours")),
    ("16", _("16 working hours")),
    ("40", _("40 working hours")),
    ("on", _("At a time")),
)


class PromiseForm(forms.Form):
    """What was promised, and by when."""

    text = forms.CharField(max_length=MAX_TEXT, label=_("What was promised"))
    within = forms.ChoiceField(choices=WITHIN, initial="8", label=_("Until when"))
    due_at = forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        label=_("The time"),
    )
    owner = forms.ModelChoiceField(
        User.objects.none(), required=False, label=_("Who keeps it"), empty_label=_("I do")
    )
    is_public = forms.BooleanField(required=False, label=_("The customer reads it on their request's page"))

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        # The composer's button leads to the first of them.
        super().__init__(*args, **{"auto_id": "promise_%s", **kwargs})
        numbers = [person.pk for person in people]
        self.fields["owner"].queryset = User.objects.filter(pk__in=numbers).order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("within") == "on" and not given.get("due_at") and "due_at" not in self.errors:
            self.add_error("due_at", _("Say when."))
        return given

    @property
    def when(self) -> dict[str, Any]:
        """As the service takes it."""
        if self.cleaned_data["within"] == "on":
            return {"due_at": self.cleaned_data["due_at"]}
        return {"working_hours": int(self.cleaned_data["within"])}
