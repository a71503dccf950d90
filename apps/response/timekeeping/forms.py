from django import forms
from django.utils.translation import gettext_lazy as _

from apps.response.timekeeping.models import MOST_MINUTES
from helpdesk.numbers import WholeNumber


class TimeForm(forms.Form):
    minutes = WholeNumber(min_value=1, max_value=MOST_MINUTES, label=_("Minutes"))
    what = forms.CharField(max_length=200, required=False, label=_("What for"))
    worked_at = forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        label=_("When"),
        help_text=_("Nothing: now."),
    )
