"""Acts in the reader's words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from apps.response.acting.act import Act
from apps.response.acting.kinds import kinds
from apps.response.acting.nouns import FIELD, ME, TICKET, Known, names_row
from helpdesk.custom_fields import texts


def describe(acts: Iterable[Act], known: Known) -> list[str]:
    """A sentence for each: "Assign to Ana". What is no longer there is named as it was kept."""
    return [kinds()[act.name].sentence(name_of(act, known)) for act in acts]


def name_of(act: Act, known: Known) -> str:
    """What an act's value is called in its sentence."""
    noun = kinds()[act.name].noun
    if act.value == ME:
        return _("me")
    if isinstance(act.value, tuple):
        return "; ".join(f"{_label(key, known)}: {_held(value)}" for key, value in act.value)
    if names_row(act, noun) and noun not in (None, TICKET) and known.has(noun, act.value):
        return str(known.of(noun, act.value))
    return "" if act.value is None else str(act.value)


def _label(key: str, known: Known) -> str:
    return str(known.of(FIELD, key)) if known.has(FIELD, key) else key


def _held(value: Any) -> str:
    return ", ".join(texts(list(value) if isinstance(value, tuple) else value)) or _("nothing")
