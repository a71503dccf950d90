"""What people fill in about answers to tickets that are over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.response.reopening.models import ReturnsTo
from apps.response.reopening.services import LONGEST
from helpdesk.models import Department, User
from helpdesk.numbers import WholeNumber
from helpdesk.permissions import may


class ReopenForm(forms.Form):
    department = forms.ModelChoiceField(
        Department.objects.order_by("name"), required=False, empty_label=_("The company"), label=_("For")
    )
    days = WholeNumber(
        min_value=0,
        max_value=LONGEST,
        required=False,
        label=_("Days after it was solved in which an answer opens it again"),
        help_text=_(
            "Empty: always. 0: never. After them the answer becomes a new ticket, linked to the old one."
        ),
    )
    returns_to = forms.ChoiceField(
        choices=ReturnsTo.choices, initial=ReturnsTo.ASSIGNEE, label=_("Then it goes to")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields["department"]
        if isinstance(own, forms.ModelChoiceField) and not may(user, "helpdesk.configure"):
            own.queryset, own.required, own.empty_label = Department.objects.filter(members=user), True, None
