from django import forms
from django.utils.translation import gettext_lazy as _

from apps.output.organisations.services import FIELDS, MAX_NOTE
from helpdesk.models import Organisation


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = FIELDS
        labels = {
            "name": _("Name"),
            "segment": _("Segment"),
            "value": _("Value a year"),
            "managers_may": _("Managers of the organisation may"),
        }
        help_texts = {
            "segment": _("New members without one of their own take it over."),
            "value": _(
                "The profit we make with all of it a year. Empty: what its members are worth together."
            ),
        }

    def validate_unique(self) -> None:
        """The service says it, for every door alike."""

    def validate_constraints(self) -> None:
        """As above."""


class NoteForm(forms.Form):
    body = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_NOTE,
        label=_("What colleagues should know"),
    )


class DomainForm(forms.Form):
    domain = forms.CharField(
        max_length=253,
        label=_("A mail domain of theirs"),
        help_text=_("What follows the @. Whoever writes from there joins by itself."),
    )


class MemberForm(forms.Form):
    email = forms.CharField(
        max_length=254, label=_("A customer's address"), help_text=_("Any address we know them by.")
    )
