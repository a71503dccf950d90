"""What people fill in about tickets that close by themselves."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.response.closing.models import ClosingRule, StepKind
from apps.response.closing.services import LONGEST, LONGEST_TEXT
from helpdesk.models import Department, Status, TicketStatus, User
from helpdesk.numbers import WholeNumber
from helpdesk.permissions import may

_LABELS = {
    StepKind.REMINDER: _("Reminder (%(language)s)"),
    StepKind.WARNING: _("Warning (%(language)s)"),
}


class ClosingRuleForm(forms.Form):
    department = forms.ModelChoiceField(
        Department.objects.order_by("name"), required=False, empty_label=_("All departments"), label=_("For")
    )
    status = forms.ModelChoiceField(
        TicketStatus.objects.filter(category=Status.WAITING_CUSTOMER, retired_at=None),
        required=False,
        empty_label=_("Whatever waits on the customer"),
        label=_("In state"),
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
        for code, language in settings.LANGUAGES:
            for kind, label in _LABELS.items():
                self.fields[f"{kind}_{code}"] = forms.CharField(
                    required=False,
                    max_length=LONGEST_TEXT,
                    widget=forms.Textarea(attrs={"rows": 4}),
                    label=label % {"language": language},
                    help_text=_("Empty: our own words. Fields: {name} {number} {subject} {days}."),
                )

    @property
    def terms(self) -> dict[str, Any]:
        """As the service takes it."""
        given = dict(self.cleaned_data)
        texts = {
            code: {kind.value: given.pop(f"{kind}_{code}") for kind in _LABELS}
            for code, _ in settings.LANGUAGES
        }
        return given | {"texts": texts}

    @staticmethod
    def of(rule: ClosingRule) -> dict[str, Any]:
        names = ("department", "status", "remind_after", "warn_after", "close_after", "ends_as")
        shown = {name: getattr(rule, name) for name in names}
        for code, words in rule.texts.items():
            shown |= {f"{kind}_{code}": text for kind, text in words.items()}
        return shown
