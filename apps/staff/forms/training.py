from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.staff.forms.people import Day
from apps.staff.models import Course, Reason, RuleKind, Skill
from apps.staff.models.training import BY_PEOPLE, LONGEST_TITLE
from apps.staff.queries.people import in_charge_of
from apps.staff.services import CourseWords
from helpdesk.models import Issue, Product, User
from helpdesk.numbers import WholeNumber

LEVELS = [("", _("No skill")), *Skill.Level.choices]


class CourseForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    teaches = forms.CharField(max_length=300, label=_("What it teaches, in a sentence"))
    link = forms.URLField(
        max_length=500, required=False, label=_("Link"),
        help_text=_("Where the course is, if it is not written below."),
        assume_scheme="https",
    )  # fmt: skip
    body = forms.CharField(required=False, label=_("Text"), widget=forms.Textarea(attrs={"rows": 10}))
    issues = forms.ModelMultipleChoiceField(
        Issue.objects.filter(valid_to=None), required=False, label=_("Issues it covers, with all below them"),
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )  # fmt: skip
    products = forms.ModelMultipleChoiceField(
        Product.objects.filter(is_active=True), required=False, label=_("Products it covers"),
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )  # fmt: skip
    minutes = WholeNumber(min_value=1, max_value=2_400, label=_("Minutes it takes"), initial=15)
    lasts_days = WholeNumber(
        min_value=1, max_value=3_660, required=False, label=_("Days its certificate holds"),
        help_text=_("Leave it empty if it holds for good. A month before the end the course is given again."),
    )  # fmt: skip
    grants = forms.TypedChoiceField(
        choices=LEVELS, coerce=int, empty_value=None, required=False,
        label=_("Skill that passing it gives, in what it covers"),
    )  # fmt: skip
    is_required = forms.BooleanField(
        required=False, label=_("Required: whose certificate has run out gets no tickets for this skill")
    )
    needs_lead = forms.BooleanField(required=False, label=_("A lead says whether it is passed"))

    @property
    def words(self) -> CourseWords:
        given = {
            name: value for name, value in self.cleaned_data.items() if name not in ("issues", "products")
        }
        return CourseWords(**given)


class AssignForm(forms.Form):
    """A course for one person."""

    course = forms.ModelChoiceField(Course.objects.offered(), label=_("Course"), empty_label=None)
    due_on = forms.DateField(label=_("To be done by"), widget=Day())
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(reason.value, reason.label) for reason in BY_PEOPLE],
        initial=Reason.BY_HAND,
    )


class GiveForm(forms.Form):
    """One course for several people."""

    people = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("To whom"), widget=forms.CheckboxSelectMultiple
    )
    due_on = forms.DateField(label=_("To be done by"), widget=Day())
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(reason.value, reason.label) for reason in BY_PEOPLE],
        initial=Reason.BY_HAND,
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = in_charge_of(by)  # type: ignore[attr-defined]


class ExcuseForm(forms.Form):
    excuse = forms.CharField(max_length=200, label=_("Why"))


class CertificateForm(forms.Form):
    course = forms.ModelChoiceField(Course.objects.offered(), label=_("Course"), empty_label=None)
    passed_on = forms.DateField(label=_("Passed on"), widget=Day())


class WithdrawForm(forms.Form):
    why = forms.CharField(max_length=200, label=_("Why"))


class RuleForm(forms.Form):
    kind = forms.ChoiceField(choices=RuleKind.choices, label=_("When"))
    criterion = forms.CharField(
        max_length=60,
        required=False,
        label=_("Criterion of the review, by its code"),
        help_text=_("For misses in reviews."),
    )
    more_than = WholeNumber(min_value=0, required=False, label=_("Missed more often than"))
    of_last = WholeNumber(
        min_value=1, max_value=50, required=False, label=_("In their last reviews, so many")
    )
    issue = forms.ModelChoiceField(
        Issue.objects.filter(valid_to=None), required=False, empty_label=_("Every issue"),
        label=_("Only for this issue and all below it"), help_text=_("For releases and guidance."),
    )  # fmt: skip
    course = forms.ModelChoiceField(
        Course.objects.offered(),
        required=False,
        empty_label=_("Read and confirm what is new"),
        label=_("They are given"),
    )
    within_days = WholeNumber(min_value=1, max_value=365, initial=7, label=_("Days they have for it"))
