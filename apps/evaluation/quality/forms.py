"""The forms of quality reviews."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import BoundField
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from apps.evaluation.models import Criterion, Scorecard
from apps.evaluation.models.mark import Mark
from apps.evaluation.quality.preset import Question
from apps.evaluation.quality.queries.scope import departments_reviewed
from apps.evaluation.quality.services import Given
from apps.evaluation.quality.services.draw import MOST_A_WEEK
from helpdesk.models import Department, Role, Ticket, User
from helpdesk.numbers import Number, WholeNumber
from helpdesk.permissions import VERBS, may

NOT_APPLICABLE = "na"
CHOICES: dict[str, list[tuple[str, Any]]] = {
    "yes_no": [("1", _("Yes")), ("0", _("No")), (NOT_APPLICABLE, _("Does not apply"))],
    "four": [
        ("1", _("1 not at all")), ("2", _("2 partly")), ("3", _("3 well")), ("4", _("4 very well")),
        (NOT_APPLICABLE, _("Does not apply")),
    ],
}  # fmt: skip
REVIEWING = [role for role in Role.values if "evaluation.review" in VERBS[role] and role != Role.SYSTEM]


@dataclass(frozen=True)
class Row:
    """A criterion with its two controls."""

    criterion: Criterion
    value: BoundField
    note: BoundField


class MarksForm(forms.Form):
    """A scorecard to be filled in: a choice and a note for each criterion. `whole`: nothing may be left out."""

    def __init__(
        self, *args: Any, criteria: Sequence[Criterion], marks: Mapping[str, Mark] | None = None, whole: bool = True,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for one in criteria:
            mark = (marks or {}).get(one.code)
            self.fields[f"m-{one.code}"] = forms.ChoiceField(
                choices=CHOICES[one.scale], widget=forms.RadioSelect, required=whole, label=one.question,
                help_text=escape(one.looks_like), initial=_initial(mark),
                error_messages={"required": _("Answer it, or say that it does not apply.")},
            )  # fmt: skip
            self.fields[f"n-{one.code}"] = forms.CharField(
                max_length=500,
                required=False,
                label=_("What you saw in the answer"),
                initial=mark.note if mark else "",
            )

    def rows(self) -> list[Row]:
        return [Row(one, self[f"m-{one.code}"], self[f"n-{one.code}"]) for one in self.criteria]

    def marks(self) -> dict[str, Given]:
        """What was answered, by code; what was not is left out."""
        given = self.cleaned_data
        return {
            one.code: Given(None if value == NOT_APPLICABLE else int(value), given.get(f"n-{one.code}", ""))
            for one in self.criteria
            if (value := given.get(f"m-{one.code}"))
        }

    def refuse(self, pointer: str, detail: str) -> None:
        """Where the service has refused: at its criterion, its field, or above the form."""
        names = (f"m-{pointer}", pointer)
        self.add_error(next((name for name in names if name in self.fields), None), detail)


class ReviewForm(MarksForm):
    """A review: the scorecard, and what the reviewer wants to say besides."""

    scorecard = forms.ModelChoiceField(Scorecard.objects.none(), widget=forms.HiddenInput)
    summary = forms.CharField(
        max_length=4_000, required=False, label=_("In a few words"),
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("What was good, and one thing to try next time."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scorecard"].queryset = Scorecard.objects.all()  # type: ignore[attr-defined]


class SettleForm(MarksForm):
    """A dispute decided: the marks as they are right, and why."""

    words = forms.CharField(
        max_length=4_000, label=_("Why, to both of them"), widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerForm(forms.Form):
    """What the agent says to a review."""

    words = forms.CharField(
        max_length=4_000, required=False, label=_("Your words"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where you see it otherwise: what, and why."),
    )  # fmt: skip


class ByHandForm(forms.Form):
    """A ticket whose answer is to be reviewed without having been drawn."""

    ticket = WholeNumber(min_value=1, max_value=2**62, label=_("Ticket number"))


class SampleForm(forms.Form):
    """How much is drawn."""

    department = forms.ModelChoiceField(Department.objects.none(), empty_label=None, label=_("Department"))
    per_agent = WholeNumber(
        min_value=0, max_value=MOST_A_WEEK, label=_("Answers of each agent, a week"), initial=2
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_reviewed(user)  # type: ignore[attr-defined]


class ScorecardForm(forms.Form):
    """The name of a form, and what is good enough."""

    name = forms.CharField(max_length=120, label=_("Name"))
    percent = Number(
        label=_("Good enough from, in % of the points"), validators=[MinValueValidator(1), MaxValueValidator(100)],
        widget=forms.NumberInput(attrs={"step": "1", "inputmode": "decimal"}),
        help_text=_("For a whole review, and for each question: 3 on a scale of 1 to 4 is 67 %."),
    )  # fmt: skip


class CriterionForm(forms.Form):
    """One question of a scorecard."""

    question = forms.CharField(
        max_length=200, label=_("What is asked"), help_text=_("So that yes, or more, is good.")
    )
    looks_like = forms.CharField(
        max_length=1_000,
        required=False,
        label=_("What good looks like"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    group = forms.CharField(max_length=60, label=_("Group"))
    about = forms.ChoiceField(
        choices=Criterion._meta.get_field("about").choices or [], label=_("It speaks of"),
        help_text=_("What the system does counts for nobody's score: it is collected, to be removed."),
    )  # fmt: skip
    scale = forms.ChoiceField(choices=Criterion._meta.get_field("scale").choices or [], label=_("Scale"))
    weight = WholeNumber(min_value=1, max_value=10, initial=1, label=_("Weight"))
    is_critical = forms.BooleanField(required=False, label=_("Missed, it fails the review whatever the rest"))
    code = forms.SlugField(
        max_length=40, required=False, label=_("Code"), help_text=_("Made from the question if empty.")
    )

    def __init__(self, *args: Any, criterion: Criterion | None = None, **kwargs: Any) -> None:
        if criterion is not None:
            kwargs["initial"] = {name: getattr(criterion, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        if criterion is not None:  # by its code it is followed from version to version
            del self.fields["code"]

    def asked(self) -> Question:
        return Question(**({"code": ""} | self.cleaned_data))


class DepartmentForm(forms.Form):
    """Whose form is drafted."""

    department = forms.ModelChoiceField(
        Department.objects.none(), required=False, empty_label=_("All without a form of their own"),
        label=_("Department"),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields["department"]
        own.queryset = departments_reviewed(user)  # type: ignore[attr-defined]
        own.required = not may(user, "helpdesk.configure")


class CalibrationForm(forms.Form):
    """A session to be opened."""

    title = forms.CharField(max_length=120, label=_("Name"))
    department = forms.ModelChoiceField(
        Department.objects.none(),
        required=False,
        empty_label=_("The form of all departments"),
        label=_("Department"),
    )
    tickets = forms.CharField(
        max_length=400, label=_("Ticket numbers"), help_text=_("Up to twenty, with spaces between them.")
    )
    panel = forms.ModelMultipleChoiceField(
        User.objects.none(), widget=forms.CheckboxSelectMultiple, label=_("Who scores"),
        help_text=_("Two or more. Nobody sees the others' scores before their own are in."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        department = self.fields["department"]
        department.queryset = departments_reviewed(user)  # type: ignore[attr-defined]
        department.required = not may(user, "helpdesk.configure")
        self.fields["panel"].queryset = reviewers()  # type: ignore[attr-defined]

    def clean_tickets(self) -> list[Ticket]:
        """In the order in which they were named."""
        numbers = list(dict.fromkeys(re.findall(r"\d{1,18}", self.cleaned_data["tickets"])))
        seen = Ticket.objects.visible_to(self.user).in_bulk([int(number) for number in numbers])
        if unknown := [number for number in numbers if int(number) not in seen]:
            raise forms.ValidationError(_("There is no ticket #%(n)s that you may see.") % {"n": unknown[0]})
        if not numbers:
            raise forms.ValidationError(_("Name at least one ticket."))
        return [seen[int(number)] for number in numbers]


class DiscussionForm(forms.Form):
    words = forms.CharField(
        max_length=10_000, required=False, label=_("What was discussed"), widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Where you read a question in two ways, and how it is to be read from now on."),
    )  # fmt: skip


def reviewers() -> Any:
    return User.objects.filter(role__in=REVIEWING, is_active=True).order_by("name", "pk")


def _initial(mark: Mark | None) -> str:
    if mark is None:
        return ""
    return NOT_APPLICABLE if mark.value is None else str(mark.value)
