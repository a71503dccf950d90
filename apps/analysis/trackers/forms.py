from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.analysis.forms import CaseForm, of_case
from apps.analysis.trackers.models import Tracker, TrackerKind


class CreateInTrackerForm(CaseForm):
    action = of_case(_("Action"), hidden=True)
    tracker = forms.ModelChoiceField(Tracker.objects.filter(is_on=True), label=_("Where"))


class LinkToTrackerForm(CaseForm):
    action = of_case(_("Action"), hidden=True)
    tracker = forms.ModelChoiceField(Tracker.objects.filter(is_on=True), label=_("Where"))
    item = forms.CharField(max_length=500, label=_("Its number or address"))


class UnlinkForm(CaseForm):
    action = of_case(_("Action"), hidden=True)


class TrackerForm(forms.Form):
    """A connection to one project."""

    kind = forms.ChoiceField(choices=TrackerKind.choices, label=_("Kind"))
    name = forms.CharField(
        max_length=80, label=_("Name"), help_text=_("As colleagues know it: “The shop's developers”.")
    )
    project = forms.CharField(
        max_length=120,
        label=_("Project"),
        help_text=_("acme/shop of GitHub; of Jira the key of the project, SHOP."),
    )
    base_url = forms.CharField(
        max_length=300, required=False, label=_("Address"),
        help_text=_("Jira: https://acme.atlassian.net. GitHub: empty, or https://github.acme.com/api/v3."),
    )  # fmt: skip
    account = forms.CharField(
        max_length=200,
        required=False,
        label=_("Account"),
        help_text=_("Jira Cloud: the e-mail address the token belongs to."),
    )
    token = forms.CharField(
        max_length=500, label=_("Token"), widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("May read and write issues. It is kept hidden, and never shown again."),
    )  # fmt: skip
    labels = forms.CharField(
        max_length=300,
        required=False,
        label=_("Labels of new items"),
        help_text=_("With commas between them."),
    )
    item_type = forms.CharField(
        max_length=60,
        required=False,
        label=_("Type of new items"),
        help_text=_("Jira: Task, Bug ... Task when empty."),
    )

    def clean_labels(self) -> list[str]:
        return [label.strip()[:50] for label in str(self.cleaned_data["labels"]).split(",") if label.strip()]


class ChangeTrackerForm(TrackerForm):
    """The same of one that is there: kind and project stay, and an empty token stays as it is."""

    def __init__(self, *args: Any, tracker: Tracker, **kwargs: Any) -> None:
        given = {name: getattr(tracker, name) for name in ("name", "base_url", "account", "item_type")}
        kwargs["initial"] = given | {"labels": ", ".join(tracker.labels)}
        super().__init__(*args, **kwargs)
        del self.fields["kind"], self.fields["project"]
        self.fields["token"].required = False
        self.fields["token"].help_text = gettext(
            "Empty: the token stays. It is kept hidden, and never shown again."
        )
        if tracker.kind == TrackerKind.GITHUB:
            del self.fields["account"], self.fields["item_type"]
