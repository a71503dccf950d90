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

NONE = "none"
MAKERS: dict[str, Callable[[], "Encoder"]] = {"minilm": minilm.MiniLM, "use": use.Multilingual}
INSTALLED: dict[str, Callable[[], bool]] = {"minilm": minilm.installed, "use": use.installed}
_one_at_a_time = Lock()


class Encoder(Protocol):
    """Deterministic, safe to share between threads, and content with one core."""

    name: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, dimensions), rows of unit length; a text without a word is a row of zeros."""
        ...


def default() -> Encoder | None:
    """The encoder of TEXT_ENCODER, or the best one that is installed; None where there is none.

    Raises ImproperlyConfigured for a name nobody knows, or one whose package is not installed.
    """
    chosen = settings.TEXT_ENCODER
    if chosen == NONE:
        return None
    if chosen:
        return named(chosen)
    best = next((name for name, is_there in INSTALLED.items() if is_there()), None)
    return named(best) if best else None


def named(name: str) -> Encoder:
    """Loaded when first asked for, once in a process. Raises ImproperlyConfigured."""
    if name not in MAKERS:
        raise ImproperlyConfigured(f"TEXT_ENCODER={name}: choose one of {', '.join([*MAKERS, NONE])}.")
    if not INSTALLED[name]():
        raise ImproperlyConfigured(f"TEXT_ENCODER={name}: its package is not installed.")
    with _one_at_a_time:
        return _loaded(name)


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
