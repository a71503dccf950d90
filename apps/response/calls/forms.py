from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.intake.forms import LONGEST, PhoneNoteForm
from apps.response.calls.models import CallDirection, CallOutcome
from apps.response.calls.services import Spoken
from apps.response.timekeeping.models import MOST_MINUTES
from helpdesk.numbers import WholeNumber


def _moment(**options: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(required=False, widget=widget, **options)


class CallFields(forms.Form):
    """What is asked of every call."""

    direction = forms.ChoiceField(
        choices=CallDirection.choices,
        initial=CallDirection.IN,
        widget=forms.RadioSelect,
        label=_("Who called?"),
    )
    outcome = forms.ChoiceField(
        choices=CallOutcome.choices, initial=CallOutcome.TALKED, label=_("How it ended")
    )
    call_back_at = _moment(label=_("Call back at"), help_text=_("Becomes a task of yours, with a reminder."))
    minutes = WholeNumber(
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        label=_("Minutes"),
        help_text=_("Counted as time on the ticket."),
    )

    def spoken(self, **more: Any) -> Spoken:
        return Spoken(**{name: self.cleaned_data[name] for name in CallFields.base_fields}, **more)


class CallForm(CallFields):
    """A call about a ticket that is there."""

    number = forms.CharField(
        required=False, max_length=40, widget=forms.TextInput(attrs={"dir": "ltr"}), label=_("Phone number")
    )
    begun_at = _moment(
        label=_("Begun at"), help_text=_("Nothing: it has just ended. Seven days back at most.")
    )
    about = forms.CharField(
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        label=_("What was said"),
        help_text=_("A note for colleagues: the customer never sees it."),
    )

    def __init__(self, *args: Any, may_solve: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_solve:
            offered = [one for one in CallOutcome.choices if one[0] != CallOutcome.SETTLED]
            cast("forms.ChoiceField", self.fields["outcome"]).choices = offered

    @property
    def call(self) -> Spoken:
        return self.spoken(number=self.cleaned_data["number"], begun_at=self.cleaned_data["begun_at"])


class NewCallForm(CallFields, PhoneNoteForm):
    """A call or a visit about something new: what is asked of a ticket, and how the call went."""

    @property
    def opening(self) -> dict[str, Any]:
        return {name: said for name, said in self.words.items() if name not in CallFields.base_fields}

    @property
    def call(self) -> Spoken:
        return self.spoken(number=self.cleaned_data["phone"])
