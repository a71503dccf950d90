from django import forms
from django.utils.translation import gettext_lazy as _


class RenameTagForm(forms.Form):
    into = forms.CharField(
        max_length=60,
        label=_("New name"),
        help_text=_("That of another tag: the two become one. Small letters, words joined by hyphens."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    merge = forms.BooleanField(required=False, widget=forms.HiddenInput(), label=_("The two become one"))
