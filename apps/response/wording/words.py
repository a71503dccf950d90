"""What an automatic letter says: the company's words in the customer's language, else ours; and its fields, filled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from helpdesk.errors import Invalid
from helpdesk.models import Ticket

LONGEST_TEXT = 4_000
_FIELD = re.compile(r"\{(\w*)\}")
# By language, then by letter: {"en": {"reminder": "Hello {name}, ..."}}.
Texts = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Wording:
    """The letters of one use: which there are, the fields they may name, and those without which they would be of no
    use. `ours` says each of them, in English at least, where nobody wrote other words."""

    letters: tuple[str, ...]
    fields: tuple[str, ...]
    ours: Texts
    needed: tuple[str, ...] = ()

    def kept(self, texts: Texts) -> dict[str, dict[str, str]]:
        """As they are kept: tidy, without empty ones. Raises Invalid with the text at fault, `reminder_en`."""
        kept: dict[str, dict[str, str]] = {}
        for language, words in texts.items():
            if language not in dict(settings.LANGUAGES):
                raise Invalid(_("There is no language “%(name)s”.") % {"name": language}, pointer="texts")
            for letter, text in words.items():
                self._check(letter, text, f"{letter}_{language}")
                if text.strip():
                    kept.setdefault(language, {})[letter] = text.strip()
        return kept

    def _check(self, letter: str, text: str, pointer: str) -> None:
        if letter not in self.letters or len(text) > LONGEST_TEXT or "\0" in text:
            raise Invalid(
                _("One of %(letters)s, of up to %(n)s characters.")
                % {"letters": ", ".join(self.letters), "n": LONGEST_TEXT},
                pointer="texts",
            )
        named = _FIELD.findall(text)
        if unknown := [name for name in named if name not in self.fields]:
            raise Invalid(
                _("There is no field {%(name)s}. Use %(known)s.")
                % {"name": unknown[0], "known": ", ".join(f"{{{name}}}" for name in self.fields)},
                pointer=pointer,
            )
        if text.strip() and (missing := [name for name in self.needed if name not in named]):
            raise Invalid(_("It must say {%(name)s} somewhere.") % {"name": missing[0]}, pointer=pointer)

    def said(
        self, letter: str, *, texts: Texts, language: str, facts: Mapping[str, str], ours: str = ""
    ) -> str:
        """The letter in this language; in one that nobody has written in, in the desk's own. `ours`: which of our own
        says it, where it is another than that of its name."""
        for spoken in (language[:2], settings.LANGUAGE_CODE[:2], "en"):
            text = texts.get(spoken, {}).get(letter) or self.ours.get(spoken, {}).get(ours or letter)
            if text:
                return fill(text, facts)
        raise KeyError(letter)


def language_of(ticket: Ticket) -> str:
    """The language in which its customer is written to."""
    return (ticket.customer.language or ticket.language or settings.LANGUAGE_CODE)[:2]


def fill(text: str, facts: Mapping[str, str]) -> str:
    """With the fields it names; a greeting without a name keeps no gap."""
    filled = _FIELD.sub(lambda found: facts.get(found[1], found[0]), text)
    return re.sub(r" +([,.])", r"\1", filled)
