"""Sentences that engines compute, kept so that everybody reads them in their own language.

What is kept is the text as it stands in the source and the values that it names, and no finished sentence: `str()`
makes one, in the language of that moment, with numbers and days as that language writes them. `said` and `counted` mark
their texts for translation where they stand (`manage.py words` reads them), so their texts are written out there, in
one piece. Who reads a kept sentence may find a plain text as well, kept before or typed by a person: call `str()` on
either. See docs/decisions/0027.
"""

import json
import logging
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any, TypeAlias, cast

from django.db import models
from django.db.models.expressions import Combinable
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext, override

logger = logging.getLogger(__name__)

_KINDS = {"say", "row", "number", "share", "day"}
_NAMED = re.compile(r"%\((\w+)\)s")


class Said(ABC):
    """Something that reads differently in each language; `form` is how it is kept, in what JSON knows."""

    @abstractmethod
    def __str__(self) -> str: ...

    @property
    @abstractmethod
    def form(self) -> dict[str, Any]: ...


Words: TypeAlias = Said | str
Value: TypeAlias = Said | str | int


@dataclass(frozen=True)
class Sentence(Said):
    """A text of the source with its values; of two texts, `n` among the values decides. Made by `said` and `counted`.

    Raises ValueError for values that are not those the text names, so that a gap is found by who writes it.
    """

    text: str
    values: Mapping[str, Value] = field(default_factory=dict, hash=False)
    plural: str = ""

    def __post_init__(self) -> None:
        texts = [self.text, *filter(None, [self.plural])]
        named = {name for text in texts for name in _NAMED.findall(text)}
        if named | ({"n"} if self.plural else set()) != set(self.values):
            raise ValueError(f"{self.text!r} names {sorted(named)} and was given {sorted(self.values)}")
        if any("%" in _NAMED.sub("", text.replace("%%", "")) for text in texts):
            raise ValueError(f"a percent sign of its own is written twice: {self.text!r}")

    def __str__(self) -> str:
        values = {name: str(value) for name, value in self.values.items()}
        n = cast(int, self.values.get("n", 0))
        words = ngettext(self.text, self.plural, n) if self.plural else gettext(self.text)
        try:
            return words % values
        except (KeyError, TypeError, ValueError):
            # The page goes on in the words of the source; tests/house/test_words.py is where such a translation stops.
            logger.exception("The translation %r does not fit %r", words, self.text)
            return (self.plural if self.plural and n != 1 else self.text) % values

    @property
    def form(self) -> dict[str, Any]:
        values = {name: _form(value) for name, value in self.values.items()}
        return {"say": self.text} | ({"many": self.plural} if self.plural else {}) | {"with": values}


@dataclass(frozen=True)
class Row(Said):
    """Several, one after the other."""

    parts: tuple[Words, ...]
    between: str = " "

    def __str__(self) -> str:
        return self.between.join(map(str, self.parts))

    @property
    def form(self) -> dict[str, Any]:
        return {"row": [_form(part) for part in self.parts], "between": self.between}


@dataclass(frozen=True)
class Number(Said):
    """Rounded when it is made: 1,234.5 in one language and 1.234,5 in another."""

    value: float
    digits: int = 0
    grouped: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _rounded(self.value, self.digits))

    def __str__(self) -> str:
        if not isfinite(self.value):
            return "∞"
        return number_format(Decimal(str(self.value)), decimal_pos=self.digits, force_grouping=self.grouped)

    @property
    def form(self) -> dict[str, Any]:
        kept = self.value if isfinite(self.value) else str(self.value)
        return (
            {"number": kept}
            | ({"digits": self.digits} if self.digits else {})
            | ({"grouped": True} if self.grouped else {})
        )


def short(value: float, significant: int) -> Number:
    """So many digits that say something, and none behind them: 0.29, 2 or 15."""
    exponent = Decimal(f"{value:.{significant}g}").normalize().as_tuple().exponent
    return Number(float(f"{value:.{significant}g}"), digits=max(-cast(int, exponent), 0))


@dataclass(frozen=True)
class Share(Said):
    """A part of the whole: .43 is 43%."""

    value: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _rounded(self.value, 2))

    def __str__(self) -> str:
        return gettext("%(number)s%%") % {"number": Number(self.value * 100)}

    @property
    def form(self) -> dict[str, Any]:
        return {"share": self.value if isfinite(self.value) else str(self.value)}


@dataclass(frozen=True)
class Day(Said):
    """A day of the calendar; `shown` as pages name their formats, "j M Y"."""

    day: date
    shown: str = "j M Y"

    def __str__(self) -> str:
        return date_format(self.day, self.shown)

    @property
    def form(self) -> dict[str, Any]:
        return {"day": self.day.isoformat(), "shown": self.shown}


def said(text: str, /, **values: Value) -> Sentence:
    """A sentence to keep. The text is marked for translation by standing here."""
    return Sentence(text, values)


def counted(one: str, many: str, /, n: int, **values: Value) -> Sentence:
    """The same where a number decides how it is said, as in "1 day" and "3 days"."""
    return Sentence(one, {"n": int(n)} | values, plural=many)


def labelled(choice: models.TextChoices) -> Sentence:
    """What a choice is called; its label is marked where it stands."""
    with override("en"):
        return Sentence(str(choice.label).replace("%", "%%"))


def told_by(refusal: type[Exception]) -> Sentence:
    """What a refusal says unless it is given other words: the first line of its docstring, which is marked there."""
    return Sentence((refusal.__doc__ or "").strip().splitlines()[0])


def in_a_row(parts: Iterable[Words], between: str = " ") -> Words:
    """All that is not empty, one after the other; nothing is an empty text."""
    kept = tuple(part for part in parts if part != "")
    return Row(kept, between) if len(kept) > 1 else next(iter(kept), "")


def in_english(words: Words) -> str:
    """As programs read it who know no reader, and figures that are compared."""
    with override("en"):
        return str(words)


# --- how they are kept --------------------------------------------------------------------------------


def kept(words: Words) -> str:
    """One line of JSON, always the same for the same sentence; a plain text is itself."""
    if isinstance(words, Said):
        return json.dumps(words.form, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return words


def read(text: Any) -> Words:
    """What was kept: of a column, or of an event's data. Whatever is no kept sentence is the text it is."""
    form = text
    if isinstance(text, str):
        try:
            form = json.loads(text) if text.startswith("{") else None
        except (ValueError, RecursionError):
            return text
    if not isinstance(form, dict) or not _KINDS & set(form):
        return str(text)
    try:
        return cast(Said, _read(form))
    except (ValueError, TypeError, LookupError, RecursionError):
        # Shown as it stands, which nobody overlooks; the page goes on.
        logger.exception("A kept sentence can't be read: %r", text)
        return str(text)


class SentenceField(models.TextField):
    """A column of sentences to keep. Rows hold a `Said` or, kept before or typed by a person, a plain text."""

    # For the types alone: what may be given, and what is found.
    _pyi_private_set_type: Words | Combinable  # type: ignore[assignment]
    _pyi_private_get_type: Words  # type: ignore[assignment]

    def from_db_value(self, value: str | None, *_: Any) -> Words | None:
        return None if value is None else read(value)

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, Said) else read(str(value))

    def get_prep_value(self, value: Any) -> Any:
        return kept(value) if isinstance(value, Said) else super().get_prep_value(value)

    def value_to_string(self, obj: models.Model) -> str:
        return kept(cast(Words, self.value_from_object(obj)))


def _rounded(value: float, digits: int) -> float:
    if not isfinite(value):
        return float(value)
    near = round(float(value), digits)
    return near + 0.0 if digits else int(near)


def _form(value: Value) -> Any:
    return value.form if isinstance(value, Said) else value


def _read(form: Any) -> Any:
    match form:
        case {"say": str(text), "with": dict(values)}:
            return Sentence(
                text, {name: _read(value) for name, value in values.items()}, form.get("many", "")
            )
        case {"row": list(parts), "between": str(between)}:
            return Row(tuple(map(_read, parts)), between)
        case {"number": value}:
            return Number(float(value), form.get("digits", 0), form.get("grouped", False))
        case {"share": value}:
            return Share(float(value))
        case {"day": str(day), "shown": str(shown)}:
            return Day(date.fromisoformat(day), shown)
        case str() | int():
            return form
    raise ValueError("not of ours")
