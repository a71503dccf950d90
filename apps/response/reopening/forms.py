"""What people fill in about answers to tickets that are over."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.response.reopening.models import LateAnswer, ReopenPolicy, ReturnsTo
from apps.response.reopening.services import LONGEST
from apps.response.reopening.words import REFUSAL
from apps.response.wording.forms import WordingForm
from helpdesk.models import Department, User
from helpdesk.numbers import WholeNumber
from helpdesk.permissions import may


class ReopenForm(WordingForm):
    letters: ClassVar = {REFUSAL: _("What is said to who is refused (%(language)s)")}
    told = _(
        "Empty: our own words. Fields: {name} {number} {subject}, and {help}: the page for new requests."
    )

    department = forms.ModelChoiceField(
        Department.objects.order_by("name"), required=False, empty_label=_("The company"), label=_("For")
    )
    days = WholeNumber(
        min_value=0,
        max_value=LONGEST,
        required=False,
        label=_("Days after it was solved in which an answer opens it again"),
        help_text=_("Empty: always. 0: never."),
    )
    returns_to = forms.ChoiceField(
        choices=ReturnsTo.choices, initial=ReturnsTo.ASSIGNEE, label=_("Then it goes to")
    )
    late_answer = forms.ChoiceField(
        choices=LateAnswer.choices,
        initial=LateAnswer.NEW_TICKET,
        label=_("An answer after these days"),
        help_text=_("A refused one is kept on its ticket, which stays over. A thank-you is never refused."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields["department"]
        if isinstance(own, forms.ModelChoiceField) and not may(user, "helpdesk.configure"):
            own.queryset, own.required, own.empty_label = Department.objects.filter(members=user), True, None

    @staticmethod
    def of(policy: ReopenPolicy, department: Department | None) -> dict[str, Any]:
        names = ("days", "returns_to", "late_answer")
        shown = {name: getattr(policy, name) for name in names} | WordingForm.worded(policy.texts)
        return shown | {"department": department}
