"""What a text speaks of besides: the one letter that names two reasons.

Method: the text is cut at ends of sentences and lines and at words that join clauses; each part with enough words is
read by itself. A part that votes for another issue than the whole, surely and without looking like nothing
known, names a further issue. Measured on the demo company's letters with two reasons (docs/decisions/0012).
Limits: two reasons in one clause stay one; at most a dozen parts of a text are read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from apps.intake.suggestion.kinds import Prediction
from apps.intake.suggestion.model import Model

_JOINING = "and also|also|besides|in addition|another thing|by the way|außerdem|zudem|übrigens|además|también"
_ENDS = re.compile(rf"(?<=[.!?…;])\s+|\n+|,?\s+(?=\b(?:{_JOINING})\b)", re.IGNORECASE)
_WORDS = re.compile(r"\w+")
_FEWEST_WORDS, _MOST_PARTS = 4, 12
_SURE, _MOST_FURTHER = 0.7, 2
_STRANGE = 1.5  # a part is shorter than a ticket, and so lies a little farther from every one


@dataclass(frozen=True, slots=True)
class Further:
    """Another issue of a text, and the part that names it."""

    code: str
    confidence: float
    said: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as a whole, and what its parts add; `further` never repeats the first suggestion."""

    whole: Prediction
    further: tuple[Further, ...]


def read(model: Model, texts: Sequence[str], *, top: int = 3) -> list[Reading]:
    """Whole texts and their parts in one pass."""
    parts = [parts_of(text) for text in texts]
    said = model.predict([*texts, *(part for own in parts for part in own)], top=top)
    readings, place = [], len(texts)
    for number, own in enumerate(parts):
        votes = list(zip(own, said[place : place + len(own)], strict=True))
        readings.append(Reading(said[number], _further(said[number], votes)))
        place += len(own)
    return readings


def parts_of(text: str) -> list[str]:
    """Sentences and clauses with enough words to say something; none for a text that is one sentence."""
    pieces = [piece.strip() for piece in _ENDS.split(text)]
    parts = [piece for piece in dict.fromkeys(pieces) if len(_WORDS.findall(piece)) >= _FEWEST_WORDS]
    return parts[:_MOST_PARTS] if len(parts) > 1 else []


def _further(whole: Prediction, votes: Sequence[tuple[str, Prediction]]) -> tuple[Further, ...]:
    if not whole.suggestions:
        return ()
    best: dict[str, Further] = {}
    for part, vote in votes:
        if not vote.suggestions or (vote.novelty is not None and vote.novelty > _STRANGE):
            continue
        first = vote.suggestions[0]
        if first.code == whole.suggestions[0].code or first.confidence < _SURE:
            continue
        if first.code not in best or best[first.code].confidence < first.confidence:
            best[first.code] = Further(first.code, first.confidence, part)
    ranked = sorted(best.values(), key=lambda one: (-one.confidence, one.code))
    return tuple(ranked[:_MOST_FURTHER])
