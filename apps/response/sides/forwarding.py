"""The words of a forwarded message. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Said:
    """A message as it is passed on: its sender by name alone."""

    who: str
    at: datetime
    subject: str
    text: str


def forwarded(words: str, messages: Iterable[Said]) -> str:
    """Our words, and below them each message with who said it and when."""
    parts = [words.strip()] if words.strip() else []
    for one in messages:
        head = f"{_('From')}: {one.who}\n{_('Date')}: {date_format(one.at, 'Y-m-d H:i')}\n{_('Subject')}: {one.subject}"
        parts.append(f"---------- {_('Forwarded message')} ----------\n{head}\n\n{one.text.strip()}")
    return "\n\n".join(parts)
