from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.intake.files import File
from helpdesk.models import Attachment


class WithFiles(forms.Form):
    def files_of(self) -> list[File]:
        return [File(f.name or "", f.content_type or "", f.read()) for f in self.files.getlist("attachments")]


class SideForm(WithFiles):
    """To whom, about what, in which words."""

    to = forms.CharField(max_length=1_000, label=_("To"), help_text=_("Addresses, separated by commas."))
    subject = forms.CharField(max_length=500, required=False, label=_("Subject"))
    body = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 8}), required=False, strip=False, label=_("Message")
    )
    going_along = forms.TypedMultipleChoiceField(
        coerce=int, required=False, widget=forms.CheckboxSelectMultiple, label=_("Files that go along")
    )

    def __init__(self, *args: Any, files: list[Attachment], chosen: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if files:
            self.fields["going_along"].choices = [(one.pk, one.name) for one in files]  # type: ignore[attr-defined]
            self.fields["going_along"].initial = [one.pk for one in files] if chosen else []
        else:
            del self.fields["going_along"]


class SideAnswerForm(WithFiles):
    body = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}), required=False, strip=False, label=_("Message")
    )
