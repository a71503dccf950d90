"""What people fill in about causes: the causes themselves, what they predict, and what the evidence says."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.analysis.forms import CaseForm, of_case, text
from apps.analysis.forms import day as a_day
from apps.analysis.models import CauseCategory, CausePath, CauseState
from apps.analysis.queries.hypotheses import ASKED
from apps.analysis.services.hypotheses import MOST_LAG_DAYS
from helpdesk.models import Product, SuspectedCause
from helpdesk.numbers import WholeNumber


class CauseForm(CaseForm):
    text = text(_("Because ..."), rows=2)
    path = forms.ChoiceField(choices=CausePath.choices, label=_("Question"))
    parent = of_case(_("It explains"), required=False)
    cause_class = forms.ChoiceField(choices=SuspectedCause.choices, label=_("Kind of cause"))
    category = forms.ChoiceField(
        choices=[("", _("As its kind says")), *CauseCategory.choices],
        required=False,
        label=_("Where it lies"),
    )


class MoveCauseForm(CaseForm):
    cause = of_case(_("Cause"), hidden=True)
    parent = of_case(_("It explains"), required=False)
    path = forms.ChoiceField(
        choices=[("", _("The same as now")), *CausePath.choices],
        required=False,
        label=_("Question, if it explains none"),
    )
    category = forms.ChoiceField(
        choices=[("", _("As its kind says")), *CauseCategory.choices],
        required=False,
        label=_("Where it lies"),
    )
    note = forms.CharField(max_length=500, required=False, label=_("Why?"))


class JudgeCauseForm(CaseForm):
    cause = of_case(_("Cause"), hidden=True)
    state = forms.ChoiceField(choices=CauseState.choices, label=_("The evidence says"))
    evidence = text(_("Evidence"), required=False, rows=2)


class PredictPlaceForm(CaseForm):
    cause = of_case(_("If this is the cause"))
    dimension = forms.ChoiceField(
        choices=[(name, name.capitalize()) for name in ASKED], label=_("the tickets must be in")
    )
    value = forms.CharField(
        max_length=120,
        label=_("Which one"),
        help_text=_("As tickets name it; a version with its product: hub 4.2"),
    )
    since = a_day(_("Since"), required=False)


class PredictDayForm(CaseForm):
    cause = of_case(_("If this is the cause"))
    entry = of_case(_("it began with"), required=False)
    day = a_day(_("or on"), required=False)
    lag_days = WholeNumber(
        min_value=0, max_value=MOST_LAG_DAYS, initial=3, label=_("Days until contacts show it")
    )


class SpreadForm(CaseForm):
    product = forms.ModelChoiceField(
        Product.objects.filter(is_active=True), label=_("Product"), widget=forms.HiddenInput()
    )


class NotConcernedForm(SpreadForm):
    reason = text(_("Why is it not concerned?"), rows=2)


class TryAgainForm(CaseForm):
    prediction = of_case(_("Prediction"), hidden=True)
