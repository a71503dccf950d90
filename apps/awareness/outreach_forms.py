"""The form of a letter to customers before they ask."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.awareness.campaign_forms import IssuesField
from apps.awareness.models.holdout import OutreachKind
from apps.awareness.services.waves import MAX_AN_HOUR, MAX_BODY, MAX_SUBJECT
from apps.intake.queries import issues_to_choose
from helpdesk.models import Issue, Product
from helpdesk.numbers import Number, WholeNumber


class OneIssueField(forms.ModelChoiceField):
    label_from_instance = IssuesField.label_from_instance


class OutreachForm(forms.Form):
    kind = forms.ChoiceField(choices=OutreachKind.choices, label=_("What it tells"))
    issue = OneIssueField(
        Issue.objects.none(),
        label=_("What it is to prevent"),
        help_text=_("Contacts with this issue are compared."),
    )
    subject = forms.CharField(label=_("Subject"), max_length=MAX_SUBJECT)
    body = forms.CharField(
        label=_("Text"), max_length=MAX_BODY, widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=_("Fields: {name} {issue} {help}"),
    )  # fmt: skip
    product = forms.ModelChoiceField(
        Product.objects.filter(is_active=True), required=False, empty_label=_("Every product"),
        label=_("Only who ever wrote about"),
    )  # fmt: skip
    segment = forms.CharField(max_length=60, required=False, label=_("Only this segment"))
    region = forms.CharField(max_length=60, required=False, label=_("Only this region"))
    had_it_before = forms.BooleanField(
        required=False, label=_("Only who had this issue within the last year")
    )
    percent_held = Number(
        min_value=2, max_value=50, initial=10, label=_("Held back, in per cent"),
        help_text=_("They get no letter, so that it can be seen what telling prevented."),
    )  # fmt: skip
    window_days = WholeNumber(min_value=7, max_value=182, initial=28, label=_("Compared over so many days"))
    an_hour = WholeNumber(label=_("Letters an hour"), min_value=1, max_value=MAX_AN_HOUR, initial=500)

    def __init__(self, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        usable = [issue.pk for issue in issues_to_choose(at)]
        field = cast("OneIssueField", self.fields["issue"])
        field.queryset = Issue.objects.filter(pk__in=usable).select_related("parent").order_by("path")

    @property
    def said(self) -> dict[str, Any]:
        """What the service takes."""
        given = dict(self.cleaned_data)
        return given | {"held_back": given.pop("percent_held") / 100}
