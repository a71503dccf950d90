"""The forms of one change each. Every one says with `changes` what it asks for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.marked import Marked
from helpdesk.models import Department, Issue, IssueKind, Severity, User
from helpdesk.numbers import WholeNumber
from helpdesk.services import (
    AddIssue,
    Change,
    EditIssue,
    MergeIssues,
    MoveIssue,
    ReinstateIssue,
    RetireIssue,
    SplitIssue,
)

INDENT = "\u00a0" * 3
LINES = ("examples", "counter_examples")


def lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class IssueChoice(forms.ModelChoiceField):
    """An issue by its code, with its place in the tree: no-break spaces, which browsers leave out when somebody looks
    for it by its first letters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Issue.objects.none(), to_field_name="code", **kwargs)

    def label_from_instance(self, obj: Issue) -> str:
        return f"{INDENT * obj.path.count('/')}{obj.label}"


class WordsForm(forms.Form):
    """What is said about an issue, and whose it is."""

    label = forms.CharField(max_length=120, label=_("What the customer would call it"))
    definition = forms.CharField(
        label=_("Definition"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    includes = forms.CharField(label=_("Includes"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    excludes = forms.CharField(
        label=_("Excludes"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=_("And where that belongs instead."),
    )
    examples = forms.CharField(label=_("Examples"),
        widget=forms.Textarea(attrs={"rows": 4}), required=False,
        help_text=_("One a line, in customers' words; the suggestions learn from them."),
    )  # fmt: skip
    counter_examples = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), required=False, label=_("Looks alike, and is something else"),
        help_text=_("One a line: words that belong to a neighbouring issue."),
    )  # fmt: skip
    owner_department = forms.ModelChoiceField(
        Department.objects.all(), required=False, label=_("Department that owns the cause")
    )
    owner = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        label=_("Person who owns it"),
        empty_label=_("The head of the department"),
    )
    default_severity = forms.TypedChoiceField(
        choices=Severity.choices, coerce=int, initial=Severity.NORMAL, label=_("Usual severity")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).exclude(role__in=["customer", "system", "api_client"])
        self.fields["owner"].queryset = people.order_by("name")  # type: ignore[attr-defined]

    def words(self) -> dict[str, Any]:
        return {name: lines(value) if name in LINES else value for name, value in self.cleaned_data.items()}


class AddForm(WordsForm):
    """A new node."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=80,
        required=False,
        help_text=_("Short, for ever; made from the name if empty."),
    )
    parent = IssueChoice(required=False, empty_label=_("At the top"), label=_("Below"))
    field_order = ("label", "parent", "code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = _places()  # type: ignore[attr-defined]

    def changes(self) -> list[Change]:
        words = self.words()
        parent = words.pop("parent")
        words["code"] = words["code"] or free_code(words["label"])
        return [AddIssue(**words, parent=parent.code if parent else "")]


class ChangeForm(forms.Form):
    """One change of one node."""

    title: ClassVar[Marked]
    button: ClassVar[Marked] = _("Put it into the draft")
    advice: ClassVar[Marked] = ""

    def __init__(self, *args: Any, node: Issue, **kwargs: Any) -> None:
        self.node = node
        super().__init__(*args, **kwargs)

    def changes(self) -> list[Change]:
        raise NotImplementedError


class EditForm(ChangeForm, WordsForm):
    title = _("Edit")

    def __init__(self, *args: Any, node: Issue, **kwargs: Any) -> None:
        now = {name: getattr(node, name) for name in WordsForm.base_fields}
        initial = now | {name: "\n".join(now[name]) for name in LINES}
        super().__init__(*args, node=node, **(kwargs | {"initial": initial}))

    def clean(self) -> dict[str, Any] | None:
        if not self.errors and not self._given():
            raise forms.ValidationError(gettext("Nothing is different from what is published."))
        return super().clean()

    def _given(self) -> dict[str, Any]:
        """Only what differs: what somebody else changes meanwhile stays."""
        now = {name: getattr(self.node, name) for name in WordsForm.base_fields}
        now |= {name: tuple(now[name]) for name in LINES}
        return {name: value for name, value in self.words().items() if now[name] != value}

    def changes(self) -> list[Change]:
        return [EditIssue(self.node.code, **self._given())]


class MoveForm(ChangeForm):
    title = _("Move to…")
    advice = _("Everything below it goes along. Codes stay as they are, so no ticket changes.")
    parent = IssueChoice(required=False, empty_label=_("At the top"), label=_("Below"))

    def __init__(self, *args: Any, node: Issue, **kwargs: Any) -> None:
        super().__init__(*args, node=node, **kwargs)
        places = _places().exclude(pk=node.pk).exclude(path__startswith=node.path + "/")
        self.fields["parent"].queryset = places  # type: ignore[attr-defined]

    def changes(self) -> list[Change]:
        parent = self.cleaned_data["parent"]
        return [MoveIssue(self.node.code, parent.code if parent else "")]


class MergeForm(ChangeForm):
    title = _("Merge into…")
    advice = _(
        "This issue goes out of use. Its tickets keep their original code and edition on record; "
        "a ticket that has both counts once."
    )
    into = IssueChoice(label=_("Into"), empty_label=_("Choose…"))
    recode = forms.BooleanField(required=False, initial=True, label=_("Recode its tickets after publishing"))

    def __init__(self, *args: Any, node: Issue, **kwargs: Any) -> None:
        super().__init__(*args, node=node, **kwargs)
        self.fields["into"].queryset = _leaves(node)  # type: ignore[attr-defined]

    def changes(self) -> list[Change]:
        given = self.cleaned_data
        return [MergeIssues((self.node.code,), into=given["into"].code, recode=given["recode"])]


class SplitForm(ChangeForm):
    title = _("Split into…")
    advice = _(
        "This issue goes out of use and its parts take its place. Say in words what each is once "
        "they are published; then its tickets can be recoded by suggestion, or by hand."
    )
    parts = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}), required=False, label=_("New issues, one a line"),
        help_text=_("They stand beside this one, and have the same owner."),
    )  # fmt: skip
    existing = forms.ModelMultipleChoiceField(
        Issue.objects.none(),
        to_field_name="code",
        required=False,
        label=_("And issues that are there already"),
    )
    read_as_first = forms.BooleanField(
        required=False, label=_("Read its old tickets as the first of them until they are recoded")
    )

    def __init__(self, *args: Any, node: Issue, **kwargs: Any) -> None:
        super().__init__(*args, node=node, **kwargs)
        self.fields["existing"].queryset = _leaves(node)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        given = super().clean() or {}
        if len(lines(given.get("parts", ""))) + len(given.get("existing", ())) < 2:
            raise forms.ValidationError(gettext("A split needs two parts or more."))
        return given

    def changes(self) -> list[Change]:
        node = self.node
        taken_in_order: list[str] = []
        added: list[Change] = []
        for label in lines(self.cleaned_data["parts"]):
            code = free_code(label, taken_in_order)
            taken_in_order.append(code)
            added.append(
                AddIssue(
                    code, label, parent=node.parent.code if node.parent else "", kind=node.kind, owner=node.owner,
                    owner_department=node.owner_department, default_severity=node.default_severity,
                )
            )  # fmt: skip
        codes = [
            *(one.code for one in added if isinstance(one, AddIssue)),
            *(i.code for i in self.cleaned_data["existing"]),
        ]
        read_as = codes[0] if self.cleaned_data["read_as_first"] else ""
        return [*added, SplitIssue(node.code, tuple(codes), read_as)]


class RetireForm(ChangeForm):
    title = _("Retire")
    advice = _("It is given to no more tickets. Old ones keep it.")
    replaced_by = IssueChoice(required=False, empty_label=_("Nothing"), label=_("Charts read it as"))

    def __init__(self, *args: Any, node: Issue, **kwargs: Any) -> None:
        super().__init__(*args, node=node, **kwargs)
        self.fields["replaced_by"].queryset = _leaves(node)  # type: ignore[attr-defined]

    def changes(self) -> list[Change]:
        after = self.cleaned_data["replaced_by"]
        return [RetireIssue(self.node.code, after.code if after else "")]


class ReinstateForm(ChangeForm):
    title = _("Bring back")
    advice = _("It can be given to tickets again, where it stood before.")

    def changes(self) -> list[Change]:
        return [ReinstateIssue(self.node.code)]


ACTS: dict[str, type[ChangeForm]] = {
    "edit": EditForm,
    "move": MoveForm,
    "merge": MergeForm,
    "split": SplitForm,
    "retire": RetireForm,
    "reinstate": ReinstateForm,
}


def acts_for(node: Issue, *, is_branch: bool) -> list[str]:
    """What can be done with it as it stands."""
    if node.valid_to is not None:
        return ["reinstate"]
    return ["edit", "move"] if is_branch else ["edit", "move", "merge", "split", "retire"]


class PublishForm(forms.Form):
    """Now, or at a time; the number only where many tickets lose their code."""

    version = WholeNumber(widget=forms.HiddenInput)
    note = forms.CharField(
        max_length=500,
        required=False,
        label=_("What is new, in a sentence"),
        help_text=_("People read it in the charts."),
    )
    when = forms.ChoiceField(
        choices=[("now", _("Now")), ("later", _("At a time"))],
        initial="now",
        widget=forms.RadioSelect,
        label=_("Publish"),
    )
    publish_at = forms.DateTimeField(
        required=False, label=_("Date and time"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    confirmed = WholeNumber(required=False, min_value=0)

    def __init__(self, *args: Any, losing: int = 0, needs_number: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = self.fields["confirmed"]
        if needs_number:
            number.required = True
            number.label = gettext(
                "%(losing)s tickets carry a code that goes out of use. Type %(losing)s"
            ) % {"losing": losing}
        else:
            del self.fields["confirmed"]

    def clean(self) -> dict[str, Any] | None:
        given = super().clean() or {}
        if given.get("when") == "later" and not given.get("publish_at") and "publish_at" not in self.errors:
            self.add_error("publish_at", gettext("Say when."))
        return given

    @property
    def publish_at_given(self) -> datetime | None:
        given: datetime | None = self.cleaned_data["publish_at"]
        return given if self.cleaned_data["when"] == "later" else None


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("A taxonomy as CSV or JSON"),
        help_text=_("It becomes part of the draft. Nothing is published."),
    )


def free_code(label: str, besides: Iterable[str] = ()) -> str:
    """A code made from a name, with a number behind it where that is taken."""
    stem = slugify(label)[:70] or "issue"
    taken = set(Issue.objects.filter(code__startswith=stem).values_list("code", flat=True)) | set(besides)
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(code for code in numbered if code not in taken)


def _places() -> Any:
    return Issue.objects.filter(kind=IssueKind.REASON, valid_to=None).order_by("path")


def _leaves(node: Issue) -> Any:
    """What a ticket may be given instead: the issues beside it first come where they stand in the tree."""
    return Issue.objects.filter(kind=node.kind, valid_to=None).leaves().exclude(pk=node.pk).order_by("path")
