"""What customers read of a case, in every language of our pages."""

from copy import deepcopy
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.analysis.forms import CaseForm, day
from apps.analysis.models import Case
from apps.analysis.models.case_notice import WORDS
from apps.analysis.services.known_issues import other_languages


def translated(field: forms.Field, language: str) -> forms.Field:
    """The same question in another language; nothing is an answer, too."""
    other = deepcopy(field)
    other.required = other.widget.is_required = False
    other.label, other.help_text = format_lazy("{} ({})", field.label, language), ""
    return other


class NoticeForm(CaseForm):
    """Beginning with what customers read already. Below, the same in the other languages of our pages."""

    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        help_text=_("In the customers' words: they read it where they ask for help."),
    )
    text = forms.CharField(
        label=_("What we know"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    meanwhile = forms.CharField(
        label=_("What they can do until it is solved"), max_length=1_000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    news_on = day(_("When we say more"), required=False)

    def __init__(self, *args: Any, case: Case | None = None, **options: Any) -> None:
        super().__init__(*args, case=case, **options)
        notice = getattr(case, "notice", None)
        if notice is None:
            return
        for name in (*WORDS, "news_on"):
            self.initial.setdefault(name, getattr(notice, name))
        for code, words in notice.translations.items():
            for name, said in words.items():
                self.initial.setdefault(f"{name}_{code}", said)

    def clean(self) -> dict[str, Any]:
        """As the service takes it. What it refuses of a translation stands at that field: it is named alike."""
        given = super().clean() or self.cleaned_data
        own = {name: value for name, value in given.items() if name in (*WORDS, "news_on")}
        translations = {
            code: {name: given.get(f"{name}_{code}", "") for name in WORDS} for code in other_languages()
        }
        return own | {"translations": translations}


for _code, _language in other_languages().items():
    # On the class, where programs look for the names of fields.
    NoticeForm.base_fields |= {
        f"{_name}_{_code}": translated(NoticeForm.base_fields[_name], _language) for _name in WORDS
    }
