"""The forms of a campaign: one for colleagues who set it up, one for customers who answer it."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.awareness.models.campaign import Campaign, Where
from apps.awareness.services.campaigns import MAX_NAME, MAX_QUESTION
from apps.intake.forms import LONGEST, FilesField
from apps.intake.queries import issues_to_choose
from apps.intake.services import Contact
from helpdesk.models import Customer, Issue
from helpdesk.numbers import WholeNumber

NO, TOLD, SILENT = "", "told", "silent"
HAPPENED = [
    (NO, _("This did not happen to me")),
    (SILENT, _("It did, and I did not tell you")),
    (TOLD, _("It did, and I told you then")),
]


class IssuesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.parent.label}: {obj.label}" if obj.parent else obj.label


class CampaignForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=MAX_NAME, help_text=_("For colleagues. Customers don't see it.")
    )
    where = forms.ChoiceField(choices=Where.choices, label=_("Where customers are asked"))
    question = forms.CharField(
        max_length=MAX_QUESTION,
        label=_("What customers read"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    starts_on = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day on which what comes is marked."),
    )  # fmt: skip
    segment = forms.CharField(max_length=60, required=False, label=_("Only this segment"))
    region = forms.CharField(max_length=60, required=False, label=_("Only this region"))
    reach = WholeNumber(
        required=False, min_value=1, label=_("How many see it"),
        help_text=_("Invoices sent, parcels packed. Leave it empty while nobody knows."),
    )  # fmt: skip
    issues = IssuesField(
        Issue.objects.none(), required=False, label=_("Problems customers are reminded of"),
        help_text=_("At most twelve, in the customers' words. Who is reminded remembers."),
        widget=forms.SelectMultiple(attrs={"size": 10}),
    )  # fmt: skip
    days_back = WholeNumber(
        min_value=7, max_value=366, initial=90, label=_("Asked about the last so many days")
    )

    def __init__(self, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        field = cast("IssuesField", self.fields["issues"])
        # Those of its list that were retired since can stay in it.
        usable = [*(issue.pk for issue in issues_to_choose(at)), *self.initial.get("issues", ())]
        field.queryset = Issue.objects.filter(pk__in=usable).select_related("parent").order_by("path")


class ReplyForm(forms.Form):
    """One question for each problem of the list, and room for what else there is to say."""

    body = forms.CharField(
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        label=_("What should we put right?"),
        help_text=_("In your own words, if you like. A person reads it and answers."),
    )
    email = forms.EmailField(
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr", "spellcheck": "false"}),
        label=_("Your e-mail address"),
        help_text=_("Only to answer what you write. The list alone is counted without a name."),
        error_messages={"invalid": _("Enter an e-mail address like name@example.com.")},
    )
    files = FilesField(label=_("Pictures or documents"))  # type: ignore[assignment]
    # No person sees this field; programs fill in whatever they find.
    website = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, campaign: Campaign, customer: Customer | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.customer = customer
        self.issues = {f"issue_{issue.pk}": issue for issue in campaign.issues.order_by("path")}
        for name, issue in self.issues.items():
            self.fields[name] = forms.ChoiceField(
                choices=HAPPENED, required=False, initial=NO, label=issue.label, widget=forms.RadioSelect
            )
        if customer is not None:
            del self.fields["email"]
        self.order_fields([*self.issues, "body", "email", "files", "website"])

    @property
    def listed(self) -> list[forms.BoundField]:
        return [self[name] for name in self.issues]

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[name] for name in ("body", "email", "files") if name in self.fields]

    @property
    def is_a_program(self) -> bool:
        return bool(self.cleaned_data["website"])

    @property
    def said(self) -> dict[str, Any]:
        """What the service takes."""
        given = self.cleaned_data
        email = given.get("email", "")
        return {
            "problems": {
                issue: given[name] == TOLD for name, issue in self.issues.items() if given.get(name)
            },
            "body": given["body"], "files": given["files"],
            "contact": self.customer or (Contact(email=email) if email else None),
        }  # fmt: skip
