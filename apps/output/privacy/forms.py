from django import forms
from django.utils.translation import gettext_lazy as _


class ExportForm(forms.Form):
    with_notes = forms.BooleanField(
        required=False,
        label=_("With colleagues’ notes"),
        help_text=_("Notes, drafts and tasks are about the person, too, but hold colleagues’ words."),
    )


class EraseForm(forms.Form):
    reason = forms.CharField(
        max_length=200,
        label=_("On what ground"),
        help_text=_("Who asked for it, and when. Without their name."),
    )
    typed = forms.CharField(
        max_length=254,
        label=_("Type what stands above, to erase this person"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
