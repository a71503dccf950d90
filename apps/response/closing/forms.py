"""What people fill in about tickets that close by themselves."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.response.closing.models import ClosingRule, DayKind, StepKind
from apps.response.closing.services import LONGEST
from apps.response.wording.forms import WordingForm
from helpdesk.models import Department, Status, TicketStatus, User
from helpdesk.numbers import WholeNumber
from helpdesk.permissions import may

NAMES = ("department", "status", "counted_in", "remind_after", "warn_after", "close_after", "ends_as")


class ClosingRuleForm(WordingForm):
    letters: ClassVar = {
        StepKind.REMINDER.value: _("Reminder (%(language)s)"),
        StepKind.WARNING.value: _("Warning (%(language)s)"),
    }
    told = _("Empty: our own words. Fields: {name} {number} {subject} {days}.")

    department = forms.ModelChoiceField(
        Department.objects.order_by("name"), required=False, empty_label=_("All departments"), label=_("For")
    )
    status = forms.ModelChoiceField(
        TicketStatus.objects.filter(category=Status.WAITING_CUSTOMER, retired_at=None),
        required=False,
        empty_label=_("Whatever waits on the customer"),
        label=_("In state"),
    )
    counted_in = forms.ChoiceField(
        choices=DayKind.choices,
        initial=DayKind.CALENDAR,
        label=_("Its days are"),
        help_text=_("Working days are those of the calendar in which a ticket’s promises are counted."),
    )
    remind_after = WholeNumber(
        min_value=1,
        max_value=LONGEST,
        required=False,
        initial=3,
        label=_("Remind after days"),
        help_text=_("Days of waiting. Empty: no such letter."),
    )
    warn_after = WholeNumber(
        min_value=1, max_value=LONGEST, required=False, initial=7, label=_("Warn after days")
    )
    close_after = WholeNumber(min_value=1, max_value=LONGEST, initial=10, label=_("End after days"))
    ends_as = forms.ChoiceField(
        choices=[(one.value, one.label) for one in (Status.SOLVED, Status.CLOSED)],
        initial=Status.SOLVED,
        label=_("It ends as"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields["department"]
        if isinstance(own, forms.ModelChoiceField) and not may(user, "helpdesk.configure"):
            own.queryset, own.required, own.empty_label = Department.objects.filter(members=user), True, None

    @staticmethod
    def of(rule: ClosingRule) -> dict[str, Any]:
        return {name: getattr(rule, name) for name in NAMES} | WordingForm.worded(rule.texts)
