from django import forms
from django.utils.translation import gettext_lazy as _

from apps.output.privacy.models import RetentionRule
from helpdesk.models import Department


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


class RuleForm(forms.Form):
    kind = forms.ChoiceField(choices=RetentionRule.Kind.choices, label=_("What goes"))
    department = forms.ModelChoiceField(
        Department.objects.order_by("name"),
        required=False,
        label=_("Of this department"),
        empty_label=_("All"),
    )
    days = forms.IntegerField(min_value=7, max_value=36_500, label=_("After how many days"))


class HoldForm(forms.Form):
    ticket = forms.IntegerField(min_value=1, required=False, label=_("Ticket, by its number"))
    customer = forms.CharField(max_length=254, required=False, label=_("Or a customer, by address"))
    reason = forms.CharField(max_length=200, label=_("What it is needed for"))
