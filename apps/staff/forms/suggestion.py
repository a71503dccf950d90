from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.analysis.models import Case
from apps.staff.models import Suggestion
from apps.staff.models.suggestion import MAX_TITLE, SuggestionState
from apps.staff.services.suggestion import MAX_LABEL, MAX_WORDS
from helpdesk.http import number_in
from helpdesk.marked import Marked
from helpdesk.models import Department, Issue, Product, Ticket, User

CHOICES_A_PAGE = 20
LARGE, SMALL = {"rows": 5}, {"rows": 3}


class SuggestionForm(forms.Form):
    title = forms.CharField(max_length=MAX_TITLE, label=_("What goes wrong, in a few words"))
    problem = forms.CharField(
        max_length=MAX_WORDS, label=_("What you see, and how often"), widget=forms.Textarea(attrs=LARGE)
    )
    remedy = forms.CharField(
        max_length=MAX_WORDS,
        required=False,
        label=_("What you would do about it"),
        widget=forms.Textarea(attrs=SMALL),
    )
    issue = forms.ModelChoiceField(
        Issue.objects.filter(valid_to=None), label=_("Issue"), required=False,
        help_text=_("With an issue its tickets and their money stand beside your suggestion."),
    )  # fmt: skip
    product = forms.ModelChoiceField(
        Product.objects.filter(is_active=True), label=_("Product"), required=False
    )
    department = forms.ModelChoiceField(
        Department.objects.all(), required=False, label=_("Department it concerns")
    )
    ticket = forms.CharField(
        required=False,
        max_length=20,
        label=_("A ticket that shows it"),
        help_text=_("Its number, like #4182."),
    )

    def __init__(self, *args: Any, user: User, row: Suggestion | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = self.of(row)
        super().__init__(*args, **kwargs)
        self.user, self.row = user, row

    def clean_ticket(self) -> Ticket | None:
        given = self.cleaned_data["ticket"].strip().removeprefix("#")
        if not given:
            return None
        number = number_in(given)
        if self.row is not None and number and number == self.row.ticket_id:
            return self.row.ticket  # it stays: whoever mends the words need not see it
        found = number and Ticket.objects.visible_to(self.user).filter(pk=number).first()
        if not found:
            raise forms.ValidationError(gettext("You see no ticket of this number."))
        return found

    @classmethod
    def of(cls, row: Suggestion) -> dict[str, Any]:
        """What an edit begins with."""
        fields = ("title", "problem", "remedy", "issue", "product", "department")
        return {name: getattr(row, name) for name in fields} | {"ticket": row.ticket_id or ""}


class AnswerForm(forms.Form):
    """One way to answer; who answers decides which cases can be chosen.

    Of what there may be thousands of, a page is offered at a time, the newest first; any of them is taken.
    """

    # The page of choices that is offered; None where all of them are.
    shown: Page[Any] | None = None

    def __init__(
        self, *args: Any, user: User, row: Suggestion, page: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.row, self.page = user, row, page
        self.limit()

    def limit(self) -> None:
        """Choose among what is there for this person."""

    def narrow(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows

    def offer(self, name: str, rows: QuerySet[Any]) -> None:
        """A page of them; and the one that was chosen, on whatever page it stands."""
        self.narrow(name, rows)
        self.shown = Paginator(rows.order_by("-pk"), CHOICES_A_PAGE).get_page(self.page)
        offered = list(self.shown)
        chosen = number_in(str(self.data.get(self.add_prefix(name), "")))
        if chosen and chosen not in {one.pk for one in offered}:
            offered += rows.filter(pk=chosen)
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (named so below)
        empty = [] if field.empty_label is None else [("", field.empty_label)]
        field.widget.choices = [*empty, *((one.pk, field.label_from_instance(one)) for one in offered)]


def _words(label: Marked, *, required: bool) -> forms.CharField:
    return forms.CharField(
        max_length=MAX_WORDS, required=required, label=label, widget=forms.Textarea(attrs=SMALL)
    )


class TakeUpForm(AnswerForm):
    case = forms.ModelChoiceField(
        Case.objects.none(),
        required=False,
        label=_("An open case it belongs to"),
        empty_label=_("Open a new one"),
    )
    issue = forms.ModelChoiceField(
        Issue.objects.filter(valid_to=None), required=False, label=_("Or the issue a new one is about")
    )
    answer = _words(_("In your words"), required=False)

    def limit(self) -> None:
        self.offer("case", Case.objects.visible_to(self.user).open())
        self.fields["issue"].initial = self.row.issue_id


class ProposeForm(AnswerForm):
    label = forms.CharField(max_length=MAX_LABEL, label=_("The issue, in customers' words"))
    under = forms.ModelChoiceField(
        Issue.objects.filter(valid_to=None), required=False, label=_("Below"), empty_label=_("At the top")
    )
    answer = _words(_("In your words"), required=False)


class MergeForm(AnswerForm):
    into = forms.ModelChoiceField(Suggestion.objects.none(), label=_("Into"))
    answer = _words(_("In your words"), required=False)

    def limit(self) -> None:
        gone = (SuggestionState.MERGED, SuggestionState.DECLINED)
        self.offer("into", Suggestion.objects.exclude(state__in=gone).exclude(pk=self.row.pk))


class DeclineForm(AnswerForm):
    answer = _words(_("Why not"), required=True)


class ReopenForm(AnswerForm):
    answer = _words(_("In your words"), required=False)


class DraftForm(AnswerForm):
    """Nothing to fill in."""
