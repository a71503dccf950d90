from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.response.checklists.models import MAX_TEXT, Checklist
from apps.response.queries.choices import ANSWERING
from helpdesk.models import Department, Issue, User


class TaskForm(forms.Form):
    text = forms.CharField(max_length=MAX_TEXT, label=_("What is to be done?"))
    assignee = forms.ModelChoiceField(
        User.objects.filter(role__in=ANSWERING, is_active=True).order_by("name"),
        required=False,
        empty_label=_("Nobody yet"),
        label=_("Who does it"),
    )
    due_at = forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        label=_("By when"),
    )
    is_required = forms.BooleanField(required=False, label=_("Must be done before the ticket is solved"))


class ChecklistForm(forms.Form):
    name = forms.CharField(max_length=80, label=_("Name"))
    lines = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        label=_("Tasks"),
        help_text=_(
            "One on a line. With ! before it, it must be done before the ticket is solved. At its end @ana or "
            "@assignee says who does it, +4h or +2d by when: ! Check the serial number @assignee +2d"
        ),
    )
    issue = forms.ModelChoiceField(
        Issue.objects.filter(valid_to=None).order_by("path"),
        required=False,
        label=_("Offered first on tickets about"),
    )
    department = forms.ModelChoiceField(
        Department.objects.order_by("name"),
        required=False,
        empty_label=_("All departments"),
        label=_("Department"),
    )
    is_active = forms.BooleanField(required=False, initial=True, label=_("In use"))

    def clean_lines(self) -> list[str]:
        return [line for line in self.cleaned_data["lines"].splitlines() if line.strip()]

    @staticmethod
    def words_of(row: Checklist) -> dict[str, Any]:
        names = ("name", "issue", "department", "is_active")
        return {name: getattr(row, name) for name in names} | {"lines": "\n".join(row.lines)}
