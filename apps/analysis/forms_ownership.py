"""What people fill in about whose a cause is: routing a case, the rules, and the question whose it would be."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.analysis.forms import OWNERS, CaseForm, people
from apps.analysis.models import Case, CaseState
from apps.analysis.queries.department import at_work, work_limits
from apps.analysis.queries.ownership import best_guess, owner_of
from helpdesk.models import Department, Issue, Product, Role, SuspectedCause
from helpdesk.numbers import WholeNumber


class RouteForm(CaseForm):
    department = forms.ModelChoiceField(
        Department.objects.all(),
        required=False,
        label=_("Department"),
        empty_label=_("By the ownership rules"),
    )
    owner = forms.ModelChoiceField(
        people(*OWNERS), required=False, label=_("Person"), empty_label=_("The department's head")
    )
    deputy = forms.ModelChoiceField(people(*OWNERS), required=False, label=_("Deputy"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.case is not None:
            self.fields["department"].help_text = _whose(self.case)
            if self.case.state == CaseState.ASSESS:
                self.fields["department"].initial = self.case.proposed_department_id


def _whose(case: Case) -> str:
    """To whom the rules give it, and why; and, as a help only, whose its last owner says it is, and who accepted
    cases like it."""
    owner, guess = owner_of(case), best_guess(case)
    said = [
        gettext("By the rules %(person)s, %(department)s: %(why)s.")
        % {"person": owner.person, "department": owner.department, "why": owner.why}
        if owner
        else gettext("No rule names an owner.")
    ]
    if owner is not None and (number := at_work(owner.department)) >= (
        most := work_limits()[owner.department.pk]
    ):
        said.append(
            gettext("%(department)s has %(number)s cases at work, and %(most)s are its limit.")
            % {"department": owner.department, "number": number, "most": most}
        )
    if case.proposed_department is not None and case.state == CaseState.ASSESS:
        said.append(
            gettext("%(owner)s says that it belongs to %(proposed_department)s.")
            % {"owner": case.owner, "proposed_department": case.proposed_department}
        )
    if guess is not None:
        said.append(f"{guess}.")
    return " ".join(said)


class WorkLimitForm(forms.Form):
    cases = WholeNumber(
        required=False,
        min_value=1,
        max_value=100,
        label=_("Cases at work at once"),
        help_text=_(
            "Beyond it nothing is refused, but it is said wherever cases are routed. Empty: as all others."
        ),
    )


class OwnershipForm(forms.Form):
    issue = forms.ModelChoiceField(
        Issue.objects.all(), required=False, label=_("Issue and all below"), empty_label=_("Every issue")
    )
    product = forms.ModelChoiceField(
        Product.objects.all(), required=False, label=_("Product"), empty_label=_("Every product")
    )
    cause_class = forms.ChoiceField(
        choices=[("", _("Every kind")), *SuspectedCause.choices],
        required=False,
        label=_("Kind of cause"),
        help_text=_("Once it is verified; until then what most agents suspect."),
    )
    department = forms.ModelChoiceField(Department.objects.all(), label=_("Department"))
    person = forms.ModelChoiceField(
        people(*OWNERS), required=False, label=_("Person"), empty_label=_("Its head")
    )
    deputy = forms.ModelChoiceField(people(*OWNERS), required=False, label=_("Deputy"))
    sponsor = forms.ModelChoiceField(
        people(Role.LEAD, *OWNERS, Role.ANALYST),
        required=False,
        label=_("Sponsor"),
        empty_label=_("The administrators"),
        help_text=_("Reads in the weekly digest of what even the head of the department does not answer."),
    )


class WhoseForm(forms.Form):
    """Whose would it be?"""

    issue = forms.ModelChoiceField(
        Issue.objects.all(), required=False, label=_("Issue"), empty_label=_("Any issue")
    )
    product = forms.ModelChoiceField(
        Product.objects.all(), required=False, label=_("Product"), empty_label=_("No product")
    )
    cause_class = forms.ChoiceField(
        choices=[("", _("Not known")), *SuspectedCause.choices], required=False, label=_("Kind of cause")
    )
