from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from helpdesk.locales import zones

EMAIL = {"autocomplete": "email", "dir": "ltr", "spellcheck": "false"}


class SignInForm(forms.Form):
    email = forms.EmailField(
        max_length=254,
        widget=forms.EmailInput(attrs=EMAIL),
        label=_("Your e-mail address"),
        help_text=_("One from which you have written to us."),
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an e-mail address like name@example.com."),
        },
    )


class DetailsForm(forms.Form):
    """What customers say of themselves."""

    name = forms.CharField(
        max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        label=_("Your name"),
    )  # fmt: skip
    language = forms.ChoiceField(
        required=False,
        label=_("Language"),
        help_text=_("Of our pages and letters. You may write in any language."),
    )
    time_zone = forms.ChoiceField(
        required=False,
        choices=lambda: [
            ("", _("As we have it here")),
            *((zone, zone.replace("_", " ")) for zone in zones()),
        ],
        label=_("Time zone"),
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        known: list[tuple[str, Any]] = [("", _("As the browser asks")), *settings.LANGUAGES]
        now = initial.get("language", "")
        if now not in dict(known):  # what they write in is no language of these pages, and is not lost
            known.append((now, now))
        self.fields["language"].choices = known  # type: ignore[attr-defined]


class AddressForm(forms.Form):
    email = forms.EmailField(
        max_length=254,
        widget=forms.EmailInput(attrs=EMAIL),
        label=_("Another e-mail address of yours"),
        error_messages={
            "required": _("Enter an e-mail address."),
            "invalid": _("Enter an e-mail address like name@example.com."),
        },
    )
