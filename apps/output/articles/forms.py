from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.intake.forms import FilesField
from apps.output.articles.languages import LANGUAGES
from apps.output.articles.models import (
    MAX_BODY,
    MAX_SUMMARY,
    MAX_TITLE,
    Article,
    SplitQuestion,
    Topic,
    Visibility,
)
from helpdesk.models import Department, Issue


class WordsForm(forms.Form):
    """An article in one language."""

    title = forms.CharField(
        max_length=MAX_TITLE,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        label=_("Title"),
        help_text=_("The question in the customer's words: that is what they look for."),
        error_messages={"required": _("Give it a title, best the question in the customer's words.")},
    )
    summary = forms.CharField(
        max_length=MAX_SUMMARY,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        label=_("In one sentence"),
        help_text=_("Stands below the title in lists."),
    )
    body = forms.CharField(
        max_length=MAX_BODY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 16, "dir": "auto"}),
        label=_("The answer"),
        help_text=_("Markdown: # heading, - list, 1. steps, **bold**, [words](https://address). No HTML."),
    )
    files = FilesField(  # type: ignore[assignment]
        label=_("Pictures and files"),
        help_text=_(
            "Each gets a line below the answer: move it to where it belongs. Between its brackets say what the picture "
            "shows, for those who can’t see it."
        ),
    )
    # When the draft was written that the page showed.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_seen(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None


class AboutForm(forms.Form):
    """Who reads an article, and what it is about."""

    topic = forms.ModelChoiceField(
        Topic.objects.all(), required=False, empty_label=_("None"), label=_("Topic")
    )
    visibility = forms.ChoiceField(
        choices=Visibility.choices, initial=Visibility.EVERYBODY, label=_("Who may read it")
    )
    department = forms.ModelChoiceField(
        Department.objects.all(), required=False, empty_label=_("None"), label=_("Department"),
        help_text=_("It looks after the article."),
    )  # fmt: skip
    issues = forms.ModelMultipleChoiceField(
        Issue.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        label=_("Answers these issues"),
        help_text=_("It is offered beside their tickets."),
    )
    look_again_on = forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        label=_("Look at it again by"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        issues: Any = self.fields["issues"]
        issues.queryset = Issue.objects.filter(valid_to=None).order_by("path")


class NewArticleForm(AboutForm, WordsForm):
    language = forms.ChoiceField(choices=LANGUAGES, label=_("Language"))
    field_order = (
        "language", "title", "summary", "body", "files", "topic", "visibility", "department", "issues", "look_again_on",
    )  # fmt: skip


class PartsForm(forms.Form):
    """Which parts of an issue that was split an article answers."""

    parts = forms.ModelMultipleChoiceField(
        Issue.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        label=_("It answers"),
        error_messages={"required": _("Choose at least one part.")},
    )
    question = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, question: SplitQuestion, article: Article, **options: Any) -> None:
        parts = {part.pk for part in question.parts_in_use}
        stands = [issue.pk for issue in article.issues_in_use if issue.pk in parts]
        options["initial"] = {"question": question.pk, "parts": stands}
        super().__init__(*args, **options)
        choices: Any = self.fields["parts"]
        choices.queryset = Issue.objects.filter(pk__in=parts).order_by("path")


class RefuseForm(forms.Form):
    why = forms.CharField(max_length=500, label=_("What is missing?"))


class TopicForm(forms.Form):
    slug = forms.CharField(
        max_length=60,
        label=_("Address"),
        help_text=_("Small letters, digits and hyphens: orders-and-delivery."),
    )
    position = forms.IntegerField(min_value=0, max_value=999, initial=0, label=_("Position"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for code, name in settings.LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(
                max_length=80, required=False, label=_("Name (%(language)s)") % {"language": name}
            )

    @property
    def names(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"name_{code}"] for code, _name in settings.LANGUAGES}
