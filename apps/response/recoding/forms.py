from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.models import Issue


class IssueByPath(forms.ModelChoiceField):
    def label_from_instance(self, obj: Issue) -> str:
        return obj.path


class PickForm(forms.Form):
    """Which tickets, and what they should be coded as; looking at the effect changes nothing."""

    query = forms.CharField(
        max_length=500, label=_("Which tickets"),
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
        help_text=_("As in the queue: issue:billing/refund created:>90d \"gift card\""),
    )  # fmt: skip
    instead_of = IssueByPath(
        Issue.objects.none(), to_field_name="code", required=False, label=_("Instead of"),
        empty_label=_("Their primary issue"), help_text=_("The code that is replaced."),
    )  # fmt: skip
    target = IssueByPath(Issue.objects.none(), to_field_name="code", label=_("It should be"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usable = Issue.objects.valid(timezone.localdate()).leaves().order_by("path")
        for name, rows in (("instead_of", Issue.objects.order_by("path")), ("target", usable)):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = rows


class RecodeForm(PickForm):
    """The same with why, and with how many were shown: it is begun."""

    reason = forms.CharField(
        max_length=500, label=_("Why"), help_text=_("It stands in the history of each ticket.")
    )
    expected = forms.IntegerField(min_value=0, widget=forms.HiddenInput, required=False)


class UndoForm(forms.Form):
    reason = forms.CharField(max_length=500, required=False, label=_("Why"))
