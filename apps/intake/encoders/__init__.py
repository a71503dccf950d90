"""Sentence encoders: texts to vectors of unit length that lie close together where the meaning does.

One interface for all of them; who stores a vector stores the encoder's `name` with it, for vectors of different
encoders can't be compared. Everything that uses one also works with none: words alone are the floor.
The setting TEXT_ENCODER chooses; docs/decisions/0007 says why these two and how the first gets installed.
"""

from collections.abc import Callable, Sequence
from functools import cache
from threading import Lock
from typing import Protocol

import numpy as np
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from numpy.typing import NDArray

from apps.intake.encoders import minilm, use
from apps.intake.language import is_english

NONE = "none"
MULTILINGUAL, ENGLISH_ONLY = "use", {"minilm"}
MAKERS: dict[str, "type[Encoder]"] = {"minilm": minilm.MiniLM, "use": use.Multilingual}
DIMENSIONS = {maker.name: maker.dimensions for maker in MAKERS.values()}  # by the name vectors carry
INSTALLED: dict[str, Callable[[], bool]] = {"minilm": minilm.installed, "use": use.installed}
_one_at_a_time = Lock()


class Encoder(Protocol):
    """Deterministic, safe to share between threads, and content with one core."""

    name: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, dimensions), rows of unit length; a text without a word is a row of zeros."""
        ...


def default(language: str = "") -> Encoder | None:
    """The encoder of TEXT_ENCODER, or the best one that is installed; None where there is none.

    Texts in another language than English get one that understands it, where one is installed.
    Raises ImproperlyConfigured for a name nobody knows, or one whose package is not installed.
    """
    name = chosen(language)
    return named(name) if name else None


def chosen(language: str = "") -> str:
    """The name of `default(language)` in `MAKERS`, which costs nothing to ask; "" where there is none."""
    if settings.TEXT_ENCODER == NONE:
        return ""
    name = settings.TEXT_ENCODER or next((name for name, is_there in INSTALLED.items() if is_there()), "")
    if name in ENGLISH_ONLY and not is_english(language) and INSTALLED[MULTILINGUAL]():
        return MULTILINGUAL
    return name


def stored_as(language: str = "") -> str:
    """The name that vectors of texts in this language carry now; "" where there is no encoder."""
    name = chosen(language)
    return _maker(name).name if name else ""


def named(name: str) -> Encoder:
    """Loaded when first asked for, once in a process. Raises ImproperlyConfigured."""
    _maker(name)
    if not INSTALLED[name]():
        raise ImproperlyConfigured(f"TEXT_ENCODER={name}: its package is not installed.")
    with _one_at_a_time:
        return _loaded(name)


def _maker(name: str) -> "type[Encoder]":
    if name not in MAKERS:
        raise ImproperlyConfigured(f"TEXT_ENCODER={name}: choose one of {', '.join([*MAKERS, NONE])}.")
    return MAKERS[name]


@cache
def _loaded(name: str) -> Encoder:
    return MAKERS[name]()


def richest() -> Encoder | None:
    """For telling issues apart, where every tenth of a point counts: all that is installed side by side, or the one of
    TEXT_ENCODER. Raises ImproperlyConfigured."""
    installed = [name for name, is_there in INSTALLED.items() if is_there()]
    if settings.TEXT_ENCODER or len(installed) < 2:
        return default()
    with _one_at_a_time:
        return _side_by_side(*installed)


@cache
def _side_by_side(*names: str) -> Encoder:
    return Joined([_loaded(name) for name in names])


class Joined:
    """Several encoders' vectors, one beside the other: the cosine of two texts is the mean of theirs."""

    def __init__(self, encoders: Sequence[Encoder]) -> None:
        self.encoders = tuple(encoders)
        self.name = "+".join(encoder.name for encoder in encoders)
        self.dimensions = sum(encoder.dimensions for encoder in encoders)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.hstack([encoder.encode(texts) for encoder in self.encoders])
        return vectors / np.float32(np.sqrt(len(self.encoders)))
