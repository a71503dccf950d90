"""Which fields of its own a desk asks for on a ticket, and whether what was given can be taken.

Pure: definitions, the place of a ticket and values go in; the fields that concern it, values as they are kept, and
reasons come out. Values are kept as JSON has them: text, number, true or false, a list of texts, a day as 2026-05-31.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MAX_TEXT, MAX_CHOSEN = 2_000, 50
MAX_NUMBER = 10**15  # beyond it JSON's readers lose digits


class Kind(TextChoices):
    """What may be written into a field."""

    TEXT = "text", gettext_lazy("Text")
    NUMBER = "number", gettext_lazy("Number")
    DATE = "date", gettext_lazy("Date")
    CHOICE = "choice", gettext_lazy("One of several")
    CHOICES = "choices", gettext_lazy("Several of several")
    YES_NO = "yes_no", gettext_lazy("Yes or no")
    LINK = "link", gettext_lazy("Link")


class Needed(TextChoices):
    """By when it must be filled in. What is needed at the beginning is needed at the end as well."""

    NEVER = "", gettext_lazy("Never")
    OPEN = "open", gettext_lazy("When the ticket is opened")
    SOLVE = "solve", gettext_lazy("Before the ticket is solved")


Value = str | int | float | bool | list[str]
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Definition:
    """One field. Empty departments or issues: all of them; an issue stands for all below it. With `when_key` the field
    is asked only while that other field holds one of `when_values`, or anything where none are named."""

    key: str
    label: str
    kind: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    when_key: str = ""
    when_values: tuple[str, ...] = ()
    needed: str = Needed.NEVER
    is_public: bool = False
    is_retired: bool = False


@dataclass(frozen=True)
class Place:
    """Where a ticket stands: the short name of its department, and the path of its issue, from the root."""

    department: str = ""
    issue_path: str = ""


class Wrong(ValueError):
    """This value can't be taken; the text says what can."""


def asked(definitions: Iterable[Definition], place: Place, values: Values) -> list[Definition]:
    """The fields that concern a ticket, in their order. A field whose condition is not asked itself is not asked."""
    known = {one.key: one for one in definitions}
    return [one for one in known.values() if _concerns(one, place, values, known, frozenset())]


def _concerns(
    one: Definition, place: Place, values: Values, known: Mapping[str, Definition], above: frozenset[str]
) -> bool:
    if one.is_retired or one.key in above:
        return False
    if one.departments and place.department not in one.departments:
        return False
    if one.issues and not set(one.issues) & set(place.issue_path.split("/")):
        return False
    if not one.when_key:
        return True
    other = known.get(one.when_key)
    if other is None or not _concerns(other, place, values, known, above | {one.key}):
        return False
    held = texts(values.get(one.when_key))
    return bool(held if not one.when_values else set(held) & set(one.when_values))


def missing(definitions: Iterable[Definition], place: Place, values: Values, *, at: str) -> list[Definition]:
    """The fields that must be filled in by this moment ("open" or "solve") and are not."""
    by_now = (Needed.OPEN,) if at == Needed.OPEN else (Needed.OPEN, Needed.SOLVE)
    return [
        one for one in asked(definitions, place, values) if one.needed in by_now and one.key not in values
    ]


def settled(
    definitions: Iterable[Definition], before: Values, given: Values, *, only_known: bool = False
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values with what was given in them, and for each key that can't be taken the reason.

    Nothing (None, an empty text or list) takes a value away. A key that no field has is a fact of a program's own and
    kept as it is, unless `only_known`. What stood there before may stay, whatever the definition says today.
    """
    known = {one.key: one for one in definitions}
    values, problems = dict(before), {}
    for key, raw in given.items():
        one = known.get(key)
        if raw is None or raw in ("", []):
            values.pop(key, None)
        elif key in before and before[key] == raw:
            continue
        elif one is None and only_known:
            problems[key] = _("There is no field with this key.")
        elif one is None:
            values[key] = raw
        elif one.is_retired:
            problems[key] = _("“%(label)s” is not in use any more.") % {"label": one.label}
        else:
            try:
                values[key] = read(one, raw, kept=texts(before.get(key)))
            except Wrong as error:
                problems[key] = str(error)
    return values, problems


def texts(value: Any) -> list[str]:
    """A value as conditions, columns and people read it."""
    if value is None:
        return []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


# --- reading one value ----------------------------------------------------------------------------------


def read(one: Definition, raw: Any, *, kept: Iterable[str] = ()) -> Value:
    """The value as it is kept. `kept` are choices that may stay though they are offered no more. Raises Wrong."""
    match one.kind:
        case Kind.NUMBER:
            return _number(raw)
        case Kind.YES_NO:
            return _yes_no(raw)
        case Kind.CHOICES:
            return _chosen(one, raw, kept)
        case Kind.CHOICE:
            return _one_of(one, _text(raw), kept)
        case Kind.DATE:
            return _day(_text(raw))
        case Kind.LINK:
            return _link(_text(raw))
    return _text(raw)


def _text(raw: Any) -> str:
    if isinstance(raw, date):
        return raw.isoformat()
    if not isinstance(raw, str):
        raise Wrong(_("Give a text."))
    text = raw.replace("\0", "").strip()
    if len(text) > MAX_TEXT:
        raise Wrong(_("At most %(most)s characters.") % {"most": f"{MAX_TEXT:,}"})
    return text


_WRITTEN = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?")


def _number(raw: Any) -> int | float:
    if isinstance(raw, str) and _WRITTEN.fullmatch(raw.strip()):
        raw = float(raw) if "." in raw else int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise Wrong(_("Write a number in digits, like 12 or 2.5."))
    if not math.isfinite(raw) or abs(raw) > MAX_NUMBER:
        raise Wrong(_("That number is too large."))
    return int(raw) if raw == int(raw) else raw


def _yes_no(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if raw in ("yes", "no"):
        return bool(raw == "yes")
    raise Wrong(_("Yes or no (true or false)."))


def _one_of(one: Definition, text: str, kept: Iterable[str]) -> str:
    if text in one.choices or text in kept:
        return text
    raise Wrong(_("One of: %(choices)s.") % {"choices": ", ".join(one.choices)})


def _chosen(one: Definition, raw: Any, kept: Iterable[str]) -> list[str]:
    if isinstance(raw, str) or not isinstance(raw, list | tuple):
        raise Wrong(_("Give a list."))
    if len(raw) > MAX_CHOSEN:
        raise Wrong(_("At most %(most)s.") % {"most": MAX_CHOSEN})
    picked = {_one_of(one, _text(part), kept) for part in raw}
    offered = [choice for choice in one.choices if choice in picked]
    return offered + sorted(picked.difference(offered))


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise Wrong(_("Write a day like 2026-05-31.")) from error


def _link(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise Wrong(_("Write a whole address like https://example.com/page.")) from error
    if parts.scheme not in ("http", "https") or not parts.netloc or set(text) & set(' <>"'):
        raise Wrong(_("Write a whole address like https://example.com/page."))
    return text
