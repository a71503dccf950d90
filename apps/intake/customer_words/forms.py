from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.intake.customer_words.queries import LANGUAGES, Said
from apps.intake.models import MAX_CUSTOMER_WORDS


class WordsForm(forms.Form):
    """A control for each text, named after it: whatever was added meanwhile, none is taken for another."""

    def __init__(self, *args: Any, language: str, said: Iterable[Said], **options: Any) -> None:
        super().__init__(*args, **options)
        self.texts: dict[str, str] = {}
        for one in said:
            name = f"w-{sha256(one.text.encode()).hexdigest()[:16]}"
            self.texts[name] = one.text
            self.fields[name] = forms.CharField(
                label=one.text, initial=one.words, required=False, max_length=MAX_CUSTOMER_WORDS,
                widget=forms.TextInput(attrs={"lang": language, "dir": "auto"}),
            )  # fmt: skip

    def words(self) -> dict[str, str]:
        """Those that were sent: of a text that came in meanwhile nothing is said."""
        return {text: self.cleaned_data[name] for name, text in self.texts.items() if name in self.data}


class LanguageForm(forms.Form):
    language = forms.ChoiceField(choices=list(LANGUAGES.items()), label=_("Language"))
