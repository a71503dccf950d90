from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from apps.intake.custom_fields.checking import definitions
from apps.intake.custom_fields.forms import AsksFields, values_in
from apps.intake.customer_words.queries import said_to_customers
from apps.intake.files import MAX_FILES, File
from apps.intake.queries import issues_to_choose
from apps.intake.services import Contact, department_for
from helpdesk.custom_fields import Place
from helpdesk.models import Channel, ContactType, Customer, Issue, Product, Severity, User
from helpdesk.numbers import WholeNumber

LONGEST = 100_000  # characters a person types into a form


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, as the services take them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=ManyFiles(), required=False, **options)

    def clean(self, data: Any, initial: Any = None) -> list[File]:
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if len(uploads) > MAX_FILES:
            raise forms.ValidationError(_("At most 20 files at once."))
        return [self._file(super(FilesField, self).clean(upload, initial)) for upload in uploads]

    def _file(self, upload: UploadedFile) -> File:
        return File(upload.name or "", upload.content_type or "", upload.read())


class IssueField(forms.ChoiceField):
    """An issue of the taxonomy, under the name of the group it stands in; nothing chosen is None."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def offer(self, issues: Iterable[Issue], *, nothing: Any, said: Callable[[str], str] = str) -> None:
        """`said`: what each is called for whoever chooses."""
        self.issues = {issue.code: issue for issue in issues}
        groups: dict[str, list[tuple[str, str]]] = {}
        for issue in self.issues.values():
            groups.setdefault(said(issue.parent.label) if issue.parent else "", []).append(
                (issue.code, said(issue.label))
            )
        flat = groups.pop("", [])
        self.choices = [("", nothing), *flat, *groups.items()]

    def clean(self, value: Any) -> Issue | None:
        return self.issues.get(super().clean(value))


class RequestForm(AsksFields):
    """What a customer tells us: at most four things."""

    body = forms.CharField(
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 7, "dir": "auto"}),
        label=_("What happened?"),
        help_text=_("In your own words. An order or invoice number helps us find it."),
        error_messages={"required": _("Tell us what happened.")},
    )
    issue = IssueField(label=_("What is it about?"))
    email = forms.EmailField(
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr", "spellcheck": "false"}),
        label=_("Your e-mail address"),
        help_text=_("Only to answer you."),
        error_messages={
            "required": _("Enter your e-mail address, so that we can answer."),
            "invalid": _("Enter an e-mail address like name@example.com."),
        },
    )
    files = FilesField(label=_("Pictures or documents"))  # type: ignore[assignment]
    # No person sees this field; programs fill in whatever they find.
    website = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, customer: Customer | None, by: User, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.customer = customer
        said = said_to_customers()
        issues = cast("IssueField", self.fields["issue"])
        issues.offer(issues_to_choose(at), nothing=_("I am not sure"), said=said)
        known = [one for one in definitions() if one.is_public]
        self.ask_fields(known, partial(_place, by), after="issue")
        self.call_fields(said)
        if customer is not None:
            del self.fields["email"]

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "website"]

    @property
    def is_a_program(self) -> bool:
        return bool(self.cleaned_data["website"])

    @property
    def chosen_issue(self) -> Issue | None:
        """As it stands on the form, before anything is checked."""
        return cast("IssueField", self.fields["issue"]).issues.get(str(self["issue"].value() or ""))

    @property
    def contact(self) -> Contact | Customer:
        return self.customer or Contact(email=self.cleaned_data["email"])


class FollowUpForm(forms.Form):
    """What a customer adds on the status page."""

    body = forms.CharField(
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        label=_("Your message"),
        error_messages={"required": _("Write something before you send.")},
    )
    files = FilesField(label=_("Pictures or documents"))  # type: ignore[assignment]


class PhoneNoteForm(AsksFields):
    """What an agent notes while the customer talks."""

    customer = forms.ModelChoiceField(Customer.objects.all(), required=False, widget=forms.HiddenInput)
    name = forms.CharField(required=False, max_length=200, label=_("Name"))
    phone = forms.CharField(
        required=False, max_length=40, widget=forms.TextInput(attrs={"dir": "ltr"}), label=_("Phone number")
    )
    email = forms.EmailField(required=False, max_length=254, label=_("E-mail address"))
    body = forms.CharField(
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        label=_("What the customer says"),
        help_text=_("Their words, not ours: the analysis reads them."),
    )
    subject = forms.CharField(required=False, max_length=500, label=_("Subject"))
    channel = forms.ChoiceField(
        choices=[(Channel.PHONE, Channel.PHONE.label), (Channel.WALK_IN, Channel.WALK_IN.label)],
        initial=Channel.PHONE,
        widget=forms.RadioSelect,
        label=_("How"),
    )
    contact_type = forms.ChoiceField(
        choices=ContactType.choices, initial=ContactType.PROBLEM, label=_("Kind")
    )
    issue = IssueField(label=_("Issue"))
    product = forms.ModelChoiceField(
        Product.objects.filter(is_active=True), required=False, empty_label=_("None"), label=_("Product")
    )
    severity = forms.TypedChoiceField(
        choices=[("", _("As the issue says")), *Severity.choices],
        required=False,
        coerce=int,
        empty_value=None,
        label=_("Severity"),
    )
    remedy_wanted = forms.CharField(required=False, max_length=200, label=_("What would put it right?"))
    attempts_before = WholeNumber(
        required=False, min_value=0, max_value=100, initial=0, label=_("Attempts before this one")
    )

    def __init__(self, *args: Any, by: User, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        cast("IssueField", self.fields["issue"]).offer(issues_to_choose(at), nothing=_("Don't know yet"))
        self.ask_fields(definitions(), partial(_place, by), after="attempts_before")

    def clean_attempts_before(self) -> int:
        return self.cleaned_data["attempts_before"] or 0

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        known = [given.get(name) for name in ("customer", "name", "phone", "email")]
        if not any(known):
            self.add_error("name", _("Say who it is: a name, a number or an address."))
        return given

    @property
    def words(self) -> dict[str, Any]:
        """What `open_ticket` takes: who it is, made of four fields, and the rest as it stands."""
        given = {name: said for name, said in self.cleaned_data.items() if self[name] not in self.own_fields}
        who = Contact(**{name: given.pop(name) for name in ("email", "name", "phone")})
        return given | {"customer": given["customer"] or who, "custom": values_in(self)}


def _place(by: User, issue: Issue | None) -> Place:
    """Where the ticket would stand."""
    return Place(department_for(issue=issue, by=by).slug, issue.path if issue else "")
