from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from helpdesk.models import Department, Issue, IssueKind
from helpdesk.models.api import SCOPES
from helpdesk.services import AddIssue


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


class IssueForm(forms.Form):
    """A node of the taxonomy, new or changed."""

    label = forms.CharField(max_length=120, label="What the customer would call it")
    code = forms.SlugField(max_length=80, label="Code", help_text="Short, for ever: late-parcel")
    parent = forms.ModelChoiceField(
        Issue.objects.none(), required=False, empty_label="At the top", to_field_name="code", label="Below"
    )
    definition = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    examples = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}), required=False, label="Examples",
        help_text="One a line, in customers' words; the suggestions learn from them.",
    )  # fmt: skip
    counter_examples = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), required=False, label="Looks alike, and is something else",
        help_text="One a line: words that belong to a neighbouring issue.",
    )  # fmt: skip
    owner_department = forms.ModelChoiceField(
        Department.objects.all(), required=False, label="Department that owns the cause"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parents = Issue.objects.filter(kind=IssueKind.REASON, valid_to=None).order_by("path")
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]

    def change(self) -> AddIssue:
        given = dict(self.cleaned_data)
        parent = given.pop("parent")
        for name in ("examples", "counter_examples"):
            given[name] = tuple(line.strip() for line in given[name].splitlines() if line.strip())
        return AddIssue(**given, parent=parent.code if parent else "")


class IssueEditForm(forms.Form):
    label = forms.CharField(max_length=120, label="What the customer would call it")
    definition = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    owner_department = forms.ModelChoiceField(
        Department.objects.all(), required=False, label="Department that owns the cause"
    )
