"""The form of a definition, and the form that definitions make."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from helpdesk.custom_fields import Definition, Kind, Needed, Place, Wrong, asked, read
from helpdesk.models import CustomField, Department, Issue
from helpdesk.models.custom_field import MAX_KEY
from helpdesk.numbers import WholeNumber

PREFIX = "field-"  # of a control's name: a field may be called "body"


class FieldForm(forms.Form):
    """One definition."""

    label = forms.CharField(max_length=80, label=_("Label"), help_text=_("As people read it: Order number."))
    key = forms.SlugField(
        max_length=MAX_KEY,
        label=_("Key"),
        help_text=_(
            "For programs and the search box: order-id is asked as field.order-id:4711. It never changes."
        ),
    )
    kind = forms.ChoiceField(choices=Kind.choices, label=_("What is written into it"))
    choices = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        label=_("What can be chosen"),
        help_text=_("One on a line."),
    )
    hint = forms.CharField(max_length=200, required=False, label=_("Help"))
    needed = forms.ChoiceField(choices=Needed.choices, required=False, label=_("Must be filled in"))
    is_public = forms.BooleanField(required=False, label=_("Customers see it, and are asked for it"))
    departments = forms.ModelMultipleChoiceField(
        Department.objects.order_by("name"),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Of tickets of these departments"),
        help_text=_("None: of all."),
    )
    issues = forms.ModelMultipleChoiceField(
        Issue.objects.order_by("path"),
        to_field_name="code",
        required=False,
        label=_("Of tickets about these issues"),
        help_text=_("And all below them. None: about all. Ctrl and a click takes one out."),
    )
    when_key = forms.ChoiceField(required=False, label=_("Only beside"))
    when_values = forms.CharField(
        max_length=500,
        required=False,
        label=_("While that is"),
        help_text=_("Separated by commas; nothing: while it is filled in at all."),
    )
    position = WholeNumber(
        min_value=0,
        max_value=999,
        initial=100,
        label=pgettext_lazy("in a list", "Place"),
        help_text=_("Lower stands higher."),
    )

    def __init__(self, *args: Any, row: CustomField | None = None, **options: Any) -> None:
        options["initial"] = _words_of(row) if row else options.get("initial")
        super().__init__(*args, **options)
        others = CustomField.objects.filter(retired_at=None).exclude(key=row.key if row else "")
        self.fields["when_key"].choices = [  # type: ignore[attr-defined]
            ("", _("No other field")), *others.values_list("key", "label"),
        ]  # fmt: skip
        if row:
            self.fields["key"].disabled = True

    def clean_choices(self) -> list[str]:
        return [line for line in self.cleaned_data["choices"].splitlines() if line.strip()]

    def clean_when_values(self) -> list[str]:
        return [one for one in self.cleaned_data["when_values"].split(",") if one.strip()]

    def clean_departments(self) -> list[str]:
        return [one.slug for one in self.cleaned_data["departments"]]

    def clean_issues(self) -> list[str]:
        return [one.code for one in self.cleaned_data["issues"]]


def _words_of(row: CustomField) -> dict[str, Any]:
    names = (
        "label",
        "key",
        "kind",
        "hint",
        "needed",
        "is_public",
        "departments",
        "issues",
        "when_key",
        "position",
    )
    joined = {"choices": "\n".join(row.choices), "when_values": ", ".join(row.when_values)}
    return {name: getattr(row, name) for name in names} | joined


# --- the form that definitions make -------------------------------------------------------------------


def add_fields(
    form: forms.Form, definitions: Iterable[Definition], values: Mapping[str, Any], needed: Iterable[str] = ()
) -> None:
    """A control for each field; those whose key is in `needed` must be filled in."""
    wanted = set(needed)
    for one in definitions:
        form.fields[PREFIX + one.key] = _control(one, values.get(one.key), one.key in wanted)


def values_in(form: forms.Form) -> dict[str, Any]:
    """What was written into them, by key; nothing is told too, for it takes a value away."""
    return {
        name.removeprefix(PREFIX): form.cleaned_data[name]
        for name in form.fields
        if name.startswith(PREFIX) and name in form.cleaned_data
    }


def _control(one: Definition, value: Any, required: bool) -> forms.Field:
    """Required ones are marked so; that they are missing is the service's word."""
    told: dict[str, Any] = {
        "label": one.label,
        "help_text": one.hint,
        "required": required,
        "initial": value,
        "validators": [],
        "error_messages": {"required": _("Fill this in.")},
    }
    match one.kind:
        case Kind.YES_NO:
            initial = "" if value is None else ("yes" if value else "no")
            field: forms.Field = _Choice(
                choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))], **told | {"initial": initial}
            )
        case Kind.CHOICE:
            offered = list(dict.fromkeys([*one.choices, *([value] if isinstance(value, str) else [])]))
            field = _Choice(choices=[("", "—"), *((choice, choice) for choice in offered)], **told)
        case Kind.CHOICES:
            held = value if isinstance(value, list) else []
            offered = list(dict.fromkeys([*one.choices, *map(str, held)]))
            field = forms.MultipleChoiceField(
                choices=[(choice, choice) for choice in offered], widget=forms.CheckboxSelectMultiple, **told
            )
        case Kind.DATE:
            field = _Written(one, forms.DateInput(attrs={"type": "date"}), **told)
        case Kind.NUMBER:
            field = _Written(one, forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr"}), **told)
        case Kind.LINK:
            field = _Written(one, forms.URLInput(attrs={"dir": "ltr"}), **told)
        case _:
            field = _Written(one, forms.TextInput(), **told)
    return field


class _Choice(forms.ChoiceField):
    """Nothing chosen is None."""

    def clean(self, value: Any) -> Any:
        return super().clean(value) or None


class _Written(forms.CharField):
    """What is typed, read by the one engine."""

    def __init__(self, definition: Definition, widget: forms.Widget, **options: Any) -> None:
        super().__init__(widget=widget, **options)
        self.definition = definition

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return read(self.definition, text)
        except Wrong as error:
            raise forms.ValidationError(str(error)) from error


class AsksFields(forms.Form):
    """A form that opens a ticket, with the desk's own fields among the others.

    Which ones are asked follows from the issue and from each other. Without a script that is known once the form was
    sent: what it did not show then is shown, and asked for, before the ticket is opened.
    """

    def ask_fields(self, known: list[Definition], place: Callable[[Issue | None], Place], after: str) -> None:
        """Add those that concern the ticket as it stands, behind the field `after`."""
        issues: dict[str, Issue] = self.fields["issue"].issues  # type: ignore[attr-defined]
        issue = issues.get(str(self["issue"].value() or ""))
        concerned = asked(known, place(issue), self._typed(known)) if known else []
        add_fields(self, concerned, {}, [one.key for one in concerned if one.needed == Needed.OPEN])
        names = list(self.fields)
        place_in_order = names.index(after) + 1
        own = [PREFIX + one.key for one in concerned]
        self.order_fields([*names[:place_in_order], *own, *names[place_in_order:]])
        self.shown_fields = " ".join(one.key for one in concerned)

    def call_fields(self, said: Callable[[str], str]) -> None:
        """Give the desk's own fields, and what can be chosen in them, the names that whoever fills them in knows."""
        for name, field in self.fields.items():
            if not name.startswith(PREFIX):
                continue
            field.label, field.help_text = said(str(field.label)), said(str(field.help_text))
            if isinstance(field, forms.ChoiceField):
                offered: Any = field.choices
                field.choices = [(value, said(str(label))) for value, label in offered]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if set(self.shown_fields.split()) - set(self.data.get("shown", "").split()):
            raise forms.ValidationError(
                _("There is a little more to say about this: look at the marked fields.")
            )
        return given

    def _typed(self, known: Iterable[Definition]) -> dict[str, Any]:
        """As it came, before anything was checked: enough to know what else to ask."""
        typed = {one.key: self._raw(one) for one in known} if self.is_bound else {}
        return {key: value for key, value in typed.items() if value}

    def _raw(self, one: Definition) -> Any:
        name = PREFIX + one.key
        several = one.kind == Kind.CHOICES and isinstance(self.data, MultiValueDict)
        return self.data.getlist(name) if several else self.data.get(name)  # type: ignore[attr-defined]
