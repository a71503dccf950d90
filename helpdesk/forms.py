from django import forms
from django.contrib.auth.password_validation import validate_password

from helpdesk.models import Department
from helpdesk.models.api import SCOPES


class FirstAdminForm(forms.Form):
    company = forms.CharField(max_length=120, label="Your company or team")
    name = forms.CharField(max_length=120, label="Your name")
    email = forms.EmailField(label="Your e-mail address")
    password = forms.CharField(
        widget=forms.PasswordInput, validators=[validate_password], help_text="At least 10 characters."
    )


class TokenForm(forms.Form):
    name = forms.CharField(max_length=120, label="What is it for?")
    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
        initial=["tickets:read", "tickets:write"],
    )
    department = forms.ModelChoiceField(
        Department.objects.all(), required=False, empty_label="All departments"
    )
