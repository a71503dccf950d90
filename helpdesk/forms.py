from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from helpdesk.locales import zones
from helpdesk.models import Department
from helpdesk.models.api import SCOPES


class FirstAdminForm(forms.Form):
    company = forms.CharField(max_length=120, label=_("Your company or team"))
    name = forms.CharField(max_length=120, label=_("Your name"))
    email = forms.EmailField(label=_("Your e-mail address"))
    password = forms.CharField(
        widget=forms.PasswordInput,
        label=_("Password"),
        validators=[validate_password],
        help_text=_("At least 10 characters."),
    )


class TokenForm(forms.Form):
    name = forms.CharField(max_length=120, label=_("What is it for?"))
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[(scope, scope) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
        initial=["tickets:read", "tickets:write"],
    )
    department = forms.ModelChoiceField(
        Department.objects.all(), required=False, label=_("Department"), empty_label=_("All departments")
    )


def _languages() -> list[tuple[str, Any]]:
    return [("", _("As the browser asks")), *settings.LANGUAGES]


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(
        choices=_languages,
        required=False,
        label=_("Language"),
        help_text=_("Of pages and of letters to you. What people wrote stays as they wrote it."),
    )
    time_zone = forms.ChoiceField(
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in zones()],
        label=_("Time zone"),
        help_text=_("Every time you read, and every time you enter, is in it."),
    )
    follow_mentions = forms.BooleanField(
        required=False,
        label=_("Follow tickets whose notes mention me"),
        help_text=_("You are told of a mention in any case."),
    )
    show_presence = forms.BooleanField(
        required=False,
        label=_("Show colleagues which ticket I have open"),
        help_text=_("And whether you write on it. It locks nothing, and is gone a minute after you left."),
    )
