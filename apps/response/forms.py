from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.intake import uploads
from apps.intake.files import File
from apps.response.columns import COLUMNS, GROUPS, all_own_columns
from apps.response.models import Guidance, Offer, RemedyCeiling, Sharing, Then
from apps.response.models.knowledge import MAX_ANSWER, MAX_QUESTION
from apps.response.services import Composer, Read
from helpdesk.models import (
    Department,
    Direction,
    Issue,
    Message,
    Product,
    Remedy,
    Role,
    Severity,
    Status,
    SuspectedCause,
    Ticket,
    User,
)
from helpdesk.numbers import Amount, WholeNumber
from helpdesk.permissions import may


def copies_in(data: Any) -> list[str] | None:
    """Whom a composer copies; None where it did not ask."""
    return data.getlist("cc") if isinstance(data, QueryDict) and "cc_told" in data else None


class WrittenForm(forms.Form):
    """Words and files. Empty words are the service's refusal, so that page and API say it alike."""

    body = forms.CharField(widget=forms.Textarea, required=False, strip=False)
    # Which composer wrote it, and how often it had saved its draft; a page without scripts has none.
    writer = forms.CharField(max_length=40, required=False)
    revision = WholeNumber(required=False)

    @property
    def uploads(self) -> list[str]:
        data = self.data
        return data.getlist("upload") if isinstance(data, QueryDict) else []

    def files_of(self) -> list[File]:
        """Those that come with the form, and those that were added to the draft before."""
        sent = [File(f.name or "", f.content_type or "", f.read()) for f in self.files.getlist("attachments")]
        return [*sent, *(uploads.fetch(token) for token in self.uploads)]

    def composer(self) -> Composer | None:
        writer = self.cleaned_data["writer"]
        return Composer(writer, self.cleaned_data["revision"] or 0) if writer else None


class DraftForm(forms.Form):
    """What a composer saves by itself."""

    text = forms.CharField(required=False, strip=False)
    writer = forms.CharField(max_length=40)
    revision = WholeNumber(min_value=1, max_value=2_000_000_000)
    # The draft it goes on with, as it stood then.
    draft = WholeNumber(required=False)
    seen = WholeNumber(required=False)
    macro = WholeNumber(required=False)

    @property
    def copies(self) -> list[str] | None:
        return copies_in(self.data)

    def composer(self) -> Composer:
        return Composer(self.cleaned_data["writer"], self.cleaned_data["revision"])

    def read(self) -> Read | None:
        draft, seen = self.cleaned_data["draft"], self.cleaned_data["seen"]
        return Read(draft, seen) if draft and seen else None


class ReplyForm(WrittenForm):
    seen = WholeNumber(required=False, widget=forms.HiddenInput)

    @property
    def copies(self) -> list[str] | None:
        return copies_in(self.data)

    # The macro whose acts are done with it.
    macro = WholeNumber(required=False)
    # A button each; "next" goes on to the next ticket of the list.
    then = forms.ChoiceField(choices=[*Then.choices, ("next", _("Solve and go on"))], required=False)
    # The button that sends it later, and what becomes of the ticket then.
    schedule = forms.BooleanField(required=False)
    later_then = forms.ChoiceField(choices=Then.choices, required=False)


class AssignForm(forms.Form):
    # The pk, or nothing for nobody.
    assignee = WholeNumber(label=_("Assignee"), required=False)
    expected = WholeNumber(required=False)


class ClassifyForm(forms.Form):
    issue = forms.SlugField(label=_("Issue"), max_length=80)
    suspected_cause = forms.ChoiceField(
        label=_("Suspected cause"),
        choices=[("", _("Not yet known")), *SuspectedCause.choices],
        required=False,
    )
    second = forms.BooleanField(required=False)


class ReadingForm(forms.Form):
    """What a ticket is about, in the eyes of whoever reads it a second time."""

    issue = forms.ModelChoiceField(Issue.objects.all(), to_field_name="code", label=_("What is it about?"))

    def chosen(self) -> Issue:
        issue: Issue = self.cleaned_data["issue"]
        return issue


class SettleForm(ReadingForm):
    keep_both = forms.BooleanField(required=False, label=_("It is about the other as well"))


class SeverityForm(forms.Form):
    severity = forms.TypedChoiceField(label=_("Severity"), choices=Severity.choices, coerce=int)


class DescribeForm(forms.Form):
    product = forms.ModelChoiceField(
        Product.objects.filter(is_active=True), label=_("Product"), required=False, empty_label=_("Not known")
    )
    product_version = forms.CharField(max_length=40, required=False, label=_("Version"))
    tags = forms.CharField(label=_("Tags"),
        max_length=400, required=False, help_text=_("Separated by commas."),
        widget=forms.TextInput(attrs={"data-completes": reverse_lazy("complete_tags"), "autocomplete": "off"}),
    )  # fmt: skip

    def clean_tags(self) -> tuple[str, ...]:
        return _parted(self.cleaned_data["tags"])


class TagsForm(forms.Form):
    add = forms.CharField(label=_("Tags"), max_length=400, required=False)
    remove = forms.CharField(max_length=60, required=False, strip=False)

    def clean_add(self) -> tuple[str, ...]:
        return _parted(self.cleaned_data["add"])

    def clean_remove(self) -> tuple[str, ...]:
        """One tag, as it stands: imports may have left commas in it."""
        return (self.cleaned_data["remove"],) if self.cleaned_data["remove"] else ()


def _parted(tags: str) -> tuple[str, ...]:
    return tuple(tag.strip() for tag in tags.split(",") if tag.strip())


class HoldForm(forms.Form):
    waiting_on = forms.ChoiceField(
        choices=[
            (Status.WAITING_CUSTOMER.value, _("The customer")),
            (Status.WAITING_OWNER.value, _("The owner of a part of the work")),
        ],
        widget=forms.RadioSelect,
        label=_("Whom do we wait for?"),
    )
    reason = forms.CharField(max_length=500, required=False, label=_("What for?"))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)


class MoveForm(forms.Form):
    department = forms.ModelChoiceField(
        Department.objects.all(), label=_("Who should answer?"), empty_label=None
    )


class MergeForm(forms.Form):
    into = WholeNumber(min_value=1, label=_("The number of the other ticket"))


class MergeSeveralForm(forms.Form):
    """Some of the customer's other tickets."""

    tickets = forms.TypedMultipleChoiceField(
        coerce=int, widget=forms.CheckboxSelectMultiple, label=_("Which belong to this one?")
    )

    def __init__(self, *args: Any, others: list[Ticket], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {one.pk: one for one in others}
        self.fields["tickets"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"#{one.pk} {one.subject} ({one.get_status_display()})") for one in others
        ]

    def chosen(self) -> list[Ticket]:
        return [self.others[number] for number in self.cleaned_data["tickets"]]


class SplitForm(forms.Form):
    """Messages that belong elsewhere, and where that is."""

    messages = forms.TypedMultipleChoiceField(
        coerce=int, widget=forms.CheckboxSelectMultiple, label=_("Which messages belong elsewhere?")
    )
    subject = forms.CharField(
        max_length=500,
        required=False,
        label=_("Subject of the new ticket"),
        help_text=_("Empty: as it is called here."),
    )
    into = WholeNumber(
        min_value=1, required=False, label=_("Or the number of another ticket"),
        help_text=_("An open one of the same customer."),
    )  # fmt: skip

    def __init__(self, *args: Any, said: list[Message], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["messages"].choices = [(one.pk, _in_short(one)) for one in said]  # type: ignore[attr-defined]


def _in_short(message: Message) -> str:
    ours = message.author.name if message.author else gettext("Helpdesk")
    theirs = message.sender_name or message.sender_email or str(message.customer or gettext("Customer"))
    who = ours if message.direction == Direction.OUT else theirs
    return f"{date_format(message.at, 'j M H:i')}, {who}: {' '.join(message.body.split())[:160]}"


class RemedyForm(forms.Form):
    remedy = forms.ChoiceField(label=_("Remedy"), choices=Remedy.choices)
    amount = Amount(label=_("Amount"), required=False, max_digits=12, decimal_places=2)
    reason = forms.CharField(required=False, max_length=200, label=_("What for"))
    issue = forms.ModelChoiceField(Issue.objects.all(), required=False, widget=forms.HiddenInput)
    offer = forms.ModelChoiceField(Offer.objects.in_force(), required=False, widget=forms.HiddenInput)


class FactForm(forms.Form):
    """What was found out about a question of the guidance."""

    issue = forms.ModelChoiceField(Issue.objects.all(), label=_("Issue"))
    question = forms.CharField(max_length=MAX_QUESTION)
    answer = forms.CharField(max_length=MAX_ANSWER, required=False)


class ApprovalForm(forms.Form):
    """What an approver says; which of the three, says the button."""

    answer = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("Your words to the agent"),
        help_text=_("Needed to refuse, or to ask something first."),
    )


class OfferForm(forms.ModelForm):
    class Meta:
        model = Offer
        fields = (
            "remedy", "words", "segment", "alone_from", "agent_limit", "lead_limit", "position",
        )  # fmt: skip
        labels = {
            "remedy": _("What is given"),
            "words": _("In a few words"),
            "segment": _("For customers of this segment alone"),
            "alone_from": _("Given without asking from this role on"),
            "agent_limit": _("An agent may give up to"),
            "lead_limit": _("A lead may give up to"),
            "position": pgettext_lazy("in a list", "Place"),
        }


class CeilingForm(forms.ModelForm):
    class Meta:
        model = RemedyCeiling
        fields = ("per_day", "per_customer")
        labels = {
            "per_day": _("One person in a day"),
            "per_customer": _("One customer in 12 months"),
        }


class GuidanceForm(forms.ModelForm):
    class Meta:
        model = Guidance
        fields = (
            "questions", "solution_space", "explanation", "prevention_tip", "known_error", "agent_limit", "lead_limit",
        )  # fmt: skip
        labels = {
            "questions": _("What to ask"),
            "solution_space": _("What may be offered"),
            "explanation": _("How to explain it"),
            "prevention_tip": _("Tip, so that it does not come back"),
            "known_error": _("Known error: what to do until the cause is gone"),
            "agent_limit": _("An agent may give up to"),
            "lead_limit": _("A lead may give up to"),
        }
        help_texts = {"questions": _("One on a line: each can be answered on the ticket.")}


class TicketViewForm(forms.Form):
    name = forms.CharField(max_length=60, label=_("Name"))
    query = forms.CharField(
        max_length=500,
        label=_("What it asks"),
        help_text=_("As in the search box: is:open assignee:@me sort:due"),
    )
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=lambda: [(name, column.label) for name, column in (COLUMNS | all_own_columns()).items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: cards beside the overview. Some: a table."),
    )
    group_by = forms.ChoiceField(
        label=_("Group by"),
        choices=[("", _("Not grouped")), *((name, group.label) for name, group in GROUPS.items())],
        required=False,
    )
    sharing = forms.ChoiceField(choices=Sharing.choices, required=False, label=_("Who sees it"))
    department = forms.ModelChoiceField(
        Department.objects.all(), label=_("Department"), required=False, empty_label="—"
    )
    role = forms.ChoiceField(label=_("Role"), choices=[("", "—"), *Role.choices], required=False)
    position = WholeNumber(
        min_value=0,
        max_value=999,
        initial=100,
        label=pgettext_lazy("in a list", "Place"),
        help_text=_("Lower stands higher."),
    )

    @classmethod
    def of(cls, user: User, *args: Any, **kwargs: Any) -> "TicketViewForm":
        """With the ways to share that this person has."""
        form = cls(*args, **kwargs)
        if not may(user, "helpdesk.configure"):
            del form.fields["role"]
            kept = ["", "department"] if may(user, "response.manage") else [""]
            form.fields["sharing"].choices = [pair for pair in Sharing.choices if pair[0] in kept]  # type: ignore[attr-defined]
            form.fields["department"].queryset = Department.objects.filter(pk=user.department_id or 0)  # type: ignore[attr-defined]
        if not may(user, "response.manage"):
            del form.fields["sharing"], form.fields["department"]
        return form
