"""What people fill in about states."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.response.statuses.queries import choices_for
from apps.response.statuses.services import GIVEN_BY, VERBS
from helpdesk.models import Department, Role, Status, Ticket, TicketStatus, User
from helpdesk.numbers import WholeNumber
from helpdesk.permissions import may


class StatusForm(forms.Form):
    """Which state a ticket is brought into; the service says what is refused, and why."""

    status = forms.CharField(max_length=40, label=_("State"))
    reason = forms.CharField(max_length=500, required=False, label=_("What for?"))

    @classmethod
    def offering(cls, ticket: Ticket, user: User) -> "StatusForm":
        """The form with what this person may choose for this ticket."""
        known = choices_for(ticket, user)
        form = cls(initial={"status": next((one.value for one in known if one.is_current), "")})
        form.fields["status"] = forms.ChoiceField(
            choices=[(one.value, one.label) for one in known], widget=forms.RadioSelect, label=_("State")
        )
        return form


class OwnStatusForm(forms.Form):
    label = forms.CharField(max_length=40, label=_("What it is called"))
    category = forms.ChoiceField(
        choices=[(one.value, one.label) for one in VERBS],
        initial=Status.WAITING_OWNER.value,
        label=_("Category"),
        help_text=_("Clocks and figures go by it."),
    )
    customer_label = forms.CharField(
        max_length=80,
        required=False,
        label=_("What the customer reads"),
        help_text=_("Empty: as for its category."),
    )
    key = forms.SlugField(
        max_length=40,
        required=False,
        label=_("Key"),
        help_text=_("For the search box and programs; empty: out of its name."),
    )
    tone = forms.ChoiceField(choices=TicketStatus.Tone.choices, initial="plain", label=_("Colour"))
    department = forms.ModelChoiceField(
        Department.objects.all(), required=False, empty_label=_("All departments"), label=_("Department")
    )
    order = WholeNumber(min_value=0, max_value=32_767, initial=100, label=pgettext_lazy("in a list", "Place"))
    is_default = forms.BooleanField(
        required=False, label=_("Tickets that come into the category get it by themselves")
    )
    roles = forms.MultipleChoiceField(
        choices=[(role, Role(role).label) for role in GIVEN_BY],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Given by"),
        help_text=_("None: by everybody who may."),
    )
    comes_from = forms.MultipleChoiceField(
        choices=Status.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Reached from"),
        help_text=_("None: from wherever one gets to its category."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields["department"]
        if isinstance(own, forms.ModelChoiceField) and not may(user, "helpdesk.configure"):
            own.queryset, own.required, own.empty_label = Department.objects.filter(members=user), True, None

    @staticmethod
    def of(status: TicketStatus) -> dict[str, Any]:
        """What the form shows of a state."""
        names = ("label", "category", "customer_label", "key", "tone", "department", "order", "is_default", "roles",
                 "comes_from")  # fmt: skip
        return {name: getattr(status, name) for name in names}
