from django import forms
from django.utils.translation import gettext_lazy as _

from apps.awareness.models import Audience
from apps.awareness.services.notices import MAX_BODY, MAX_TITLE


class NoticeForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=MAX_TITLE)
    body = forms.CharField(
        label=_("What you said, and what we did"),
        max_length=MAX_BODY,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    audience = forms.ChoiceField(label=_("Who reads it"), choices=Audience.choices, widget=forms.RadioSelect)


class RecipientsForm(forms.Form):
    emails = forms.CharField(
        label=_("Who gets the report by mail"),
        help_text=_("One address a line. They need no account."),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "ltr"}),
    )
