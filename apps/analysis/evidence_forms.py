"""What people say of single tickets: that they are evidence of a case, or not."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.analysis.forms import CaseForm, of_case
from helpdesk.models import Ticket


class ExcludeForm(CaseForm):
    evidence = of_case(_("Ticket"), hidden=True)


class AlikeForm(CaseForm):
    ticket = forms.ModelChoiceField(
        Ticket.objects.filter(merged_into=None), label=_("Ticket"), widget=forms.HiddenInput()
    )


class ByHandForm(CaseForm):
    ticket = forms.ModelChoiceField(
        Ticket.objects.none(), label=_("Ticket number"), widget=forms.NumberInput(attrs={"min": 1})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.user is not None:
            self._choose("ticket", Ticket.objects.visible_to(self.user))
