"""Reads: what is to be translated, and each text as a customer reads it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language

from apps.intake.models import CustomerWords
from helpdesk.models import CustomField, Issue, IssueKind, TicketStatus

LANGUAGES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class Said:
    """One text, and what stands for it in a language; "" where nobody translated it."""

    text: str
    words: str


def said_to_customers(language: str | None = None) -> Callable[[str], str]:
    """What each text is called in a language, or in that of the page. One query, when the first is asked for."""
    code, known = (language or get_language() or "en").partition("-")[0], dict[str, str]()
    asked: list[bool] = []

    def said(text: str) -> str:
        if not asked:
            asked.append(True)
            known.update(CustomerWords.objects.filter(language=code).values_list("text", "words"))
        return known.get(text, text)

    return said


def texts_and_words(language: str) -> list[Said]:
    """All that customers read of what this desk named itself, in the order of the pages. Four queries."""
    words = dict(CustomerWords.objects.filter(language=language).values_list("text", "words"))
    return [Said(text, words.get(text, "")) for text in texts()]


def texts() -> list[str]:
    """Each once: the issues they can choose and the groups those stand in, their fields, and words for states."""
    issues = Issue.objects.filter(valid_to=None, kind=IssueKind.REASON).leaves().order_by("path")
    fields = CustomField.objects.filter(is_public=True, retired_at=None)
    found = [text for row in issues.values_list("parent__label", "label") for text in row]
    for field in fields:
        found += [field.label, field.hint, *field.choices]
    found += TicketStatus.objects.values_list("customer_label", flat=True)
    return list(dict.fromkeys(filter(None, found)))
