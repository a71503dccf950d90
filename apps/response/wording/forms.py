"""A text for each automatic letter and language, as fields of a form."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings

from apps.response.wording.words import LONGEST_TEXT, Texts


class WordingForm(forms.Form):
    """`letters`: what each is called, with its %(language)s; `told`: what may stand in it."""

    letters: ClassVar[Mapping[str, Any]] = {}
    told: ClassVar[Any] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, language in settings.LANGUAGES:
            for letter, label in self.letters.items():
                self.fields[f"{letter}_{code}"] = forms.CharField(
                    required=False,
                    max_length=LONGEST_TEXT,
                    widget=forms.Textarea(attrs={"rows": 4}),
                    label=label % {"language": language},
                    help_text=self.told,
                )

    @property
    def terms(self) -> dict[str, Any]:
        """As the service takes it: the texts by language and letter, beside everything else."""
        given = dict(self.cleaned_data)
        texts = {
            code: {letter: given.pop(f"{letter}_{code}") for letter in self.letters}
            for code, _ in settings.LANGUAGES
        }
        return given | {"texts": texts}

    @staticmethod
    def worded(texts: Texts) -> dict[str, str]:
        """Texts as they were kept, for a form that changes them."""
        return {f"{letter}_{code}": text for code, words in texts.items() for letter, text in words.items()}
