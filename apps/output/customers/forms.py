from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.output.customers.queries import version_of
from apps.output.customers.services import FIELDS, MAX_NOTE
from helpdesk.locales import zones
from helpdesk.models import Customer
from helpdesk.models.customer import CUSTOMER_LABELS


class CustomerForm(forms.ModelForm):
    """What is known of a customer, and the version that was read, so that nobody writes over a colleague's words."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    time_zone = forms.ChoiceField(
        required=False,
        choices=lambda: [("", _("Not known")), *((zone, zone.replace("_", " ")) for zone in zones())],
        label=CUSTOMER_LABELS["time_zone"],
    )

    class Meta:
        model = Customer
        fields = FIELDS
        labels = CUSTOMER_LABELS
        help_texts = {
            "language": _("As a code: en, de, pt-BR."),
            "value": _("The profit we make with them a year. Empty means not known."),
            "segment": _("Tickets keep the segment and region of their own day."),
        }
        widgets = {
            "joined_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "left_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, data: Any = None, *, instance: Customer) -> None:
        super().__init__(data, instance=instance, initial={"version": version_of(instance)})

    def clean_external_id(self) -> str | None:
        return self.cleaned_data["external_id"] or None

    def validate_unique(self) -> None:
        """The service says it, for every door alike."""

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


class NoteForm(forms.Form):
    body = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_NOTE,
        label=_("What colleagues should know"),
    )


class AddressForm(forms.Form):
    email = forms.EmailField(max_length=254, label=_("Another e-mail address"))


class PhoneForm(forms.Form):
    number = forms.CharField(max_length=40, label=_("Another phone number"))
