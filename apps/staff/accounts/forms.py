"""What people fill in about colleagues, departments and passwords."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.staff.queries.people import STAFF, staff
from helpdesk.locales import zones
from helpdesk.models import Department, Role, User


def _languages() -> list[tuple[str, Any]]:
    return [("", _("As their browser asks")), *settings.LANGUAGES]


class ColleagueForm(forms.Form):
    name = forms.CharField(max_length=120, label=_("Name"))
    email = forms.EmailField(
        max_length=254,
        label=_("E-mail address"),
        help_text=_("They sign in with it, and letters to them go there."),
    )
    role = forms.ChoiceField(
        choices=[(role, Role(role).label) for role in STAFF], initial=Role.AGENT, label=_("Role")
    )
    department = forms.ModelChoiceField(
        Department.objects.order_by("name"), required=False, empty_label=_("Whole desk"), label=_("Department"),
        help_text=_("Whose tickets they see; analysts and administrators see all."),
    )  # fmt: skip
    language = forms.ChoiceField(choices=_languages, required=False, label=_("Language"))
    time_zone = forms.ChoiceField(
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in zones()], label=_("Time zone")
    )

    @staticmethod
    def of(user: User) -> dict[str, Any]:
        names = ("name", "email", "role", "department", "language", "time_zone")
        return {name: getattr(user, name) for name in names}


class DepartmentForm(forms.Form):
    name = forms.CharField(max_length=120, label=_("Name"))
    slug = forms.SlugField(
        max_length=60, required=False, label=_("Short name"),
        help_text=_("For the search box, rules and programs; it stays for ever. Empty: out of its name."),
    )  # fmt: skip
    email = forms.EmailField(
        required=False,
        label=_("E-mail address"),
        help_text=_("Mail to it opens tickets here; answers come from it."),
    )
    head = forms.ModelChoiceField(
        User.objects.none(), required=False, empty_label="–", label=_("Head"),
        help_text=_("Referrals, cases and the last step of a ladder come to them."),
    )  # fmt: skip
    is_default = forms.BooleanField(required=False, label=_("Tickets that name no department come here"))

    def __init__(self, *args: Any, department: Department | None = None, **kwargs: Any) -> None:
        if department is not None:
            names = ("name", "email", "head", "is_default")
            kwargs["initial"] = {name: getattr(department, name) for name in names}
        super().__init__(*args, **kwargs)
        self.fields["head"].queryset = staff()  # type: ignore[attr-defined]
        if department is not None:
            del self.fields["slug"]


class ForgottenForm(forms.Form):
    email = forms.EmailField(label=_("Your e-mail address"))


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        label=_("New password"),
        help_text=_("At least 10 characters."),
    )


class ChangePasswordForm(NewPasswordForm):
    old = forms.CharField(
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        label=_("Present password"),
    )
    field_order = ("old", "password")
