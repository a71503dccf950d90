"""The values that go in and come out."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.intp]
Sparse = Any  # scipy's csr_matrix of float32: it has no types


class NotEnoughIssues(ValueError):
    """A suggestion needs at least two issues to choose between."""


class StaleModel(ValueError):
    """The bytes are no model, or one that another version of this package or another encoder wrote: train anew."""


@dataclass(frozen=True, slots=True)
class IssueWords:
    """What the taxonomy says about one issue."""

    code: str
    name: str
    definition: str = ""
    examples: tuple[str, ...] = ()

    @property
    def first_examples(self) -> list[str]:
        texts = (f"{self.name}. {self.definition}", self.name, *self.examples)
        return [text for text in dict.fromkeys(text.strip(" .") for text in texts) if text]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An issue and the probability that a person would give it."""

    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """The likeliest issues of a text, best first; none for a text without a word.

    `novelty` is how much less the text fits than four in five coded tickets do: above 0 it fits no code.
    None while too few are coded to tell.
    """

    suggestions: tuple[Suggestion, ...]
    novelty: float | None = None

    @property
    def fits_no_code(self) -> bool:
        return self.novelty is not None and self.novelty > 0
