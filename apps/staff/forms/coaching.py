import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.staff.forms.people import Day
from apps.staff.models import CoachingNote

NUMBERS = re.compile(r"[#\s,;]*(\d{1,18})")


class Numbers(forms.CharField):
    """“#4182, #4190” as the numbers they are."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        if NUMBERS.sub("", text).strip(" #,;"):
            raise forms.ValidationError(gettext("Numbers only, as in #4182, #4190."))
        return [int(number) for number in NUMBERS.findall(text)]


class CoachingForm(forms.Form):
    body = forms.CharField(
        max_length=5_000, label=_("What was talked about"), widget=forms.Textarea(attrs={"rows": 4})
    )
    next_step = forms.CharField(
        max_length=5_000,
        required=False,
        label=_("Agreed next step"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    follow_up_on = forms.DateField(required=False, label=_("Come back to it on"), widget=Day())
    tickets = Numbers(required=False, label=_("Tickets it speaks of"), help_text="#4182, #4190")
    reviews = Numbers(required=False, label=_("Reviews it speaks of"))
    follows = forms.ModelChoiceField(
        CoachingNote.objects.none(), required=False, empty_label=_("None"),
        label=_("Follows an earlier note"),
        help_text=_("A correction is a new note; so is what became of the next step."),
    )  # fmt: skip
    is_private = forms.BooleanField(required=False, label=_("For leads alone: the person does not see it"))

    def __init__(self, *args: Any, notes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["follows"].queryset = notes  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    body = forms.CharField(max_length=5_000, label=_("Your answer"), widget=forms.Textarea(attrs={"rows": 2}))
