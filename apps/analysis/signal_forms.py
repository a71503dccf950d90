"""What an analyst fills in to judge a signal."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy

from apps.analysis.forms import day
from apps.analysis.models import Case, Dismissal, Signal
from helpdesk.models import User
from helpdesk.numbers import WholeNumber

MOST_TICKETS = 1_000_000


class JudgementForm(forms.Form):
    """Nothing to fill in; who judges decides what can be chosen."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user


class SnoozeForm(JudgementForm):
    until = day(gettext_lazy("Until"), required=False)
    above = WholeNumber(
        min_value=1, max_value=MOST_TICKETS, required=False, label=gettext_lazy("Or until so many tickets")
    )
    reason = forms.CharField(max_length=500, required=False, label=gettext_lazy("Why"))


class DismissForm(JudgementForm):
    dismissal = forms.ChoiceField(
        choices=Dismissal.choices,
        label=gettext_lazy("Why"),
        error_messages={"required": gettext_lazy("Choose why it is dismissed.")},
    )
    reason = forms.CharField(max_length=500, required=False, label=gettext_lazy("In your words"))


class MergeForm(JudgementForm):
    """Into an open case or another signal: "case:31", "signal:12"."""

    into = forms.RegexField(
        r"\A(case|signal):[0-9]{1,18}\Z",
        label=gettext_lazy("Into"),
        error_messages={
            "invalid": gettext_lazy("Choose one from the list."),
            "required": gettext_lazy("Choose what it belongs to."),
        },
    )

    def clean_into(self) -> Case | Signal:
        kind, _, number = self.cleaned_data["into"].partition(":")
        rows: QuerySet[Any] = (
            Case.objects.visible_to(self.user).open() if kind == "case" else Signal.objects.open()
        )
        found: Case | Signal | None = rows.filter(pk=number).first()
        if found is None:
            raise forms.ValidationError(
                gettext("It does not wait any more. Choose one from the list."), "gone"
            )
        return found
