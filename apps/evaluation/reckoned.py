"""Parts and guards of a score as a statement keeps them: figures, and sentences for readers of every language. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from apps.analysis.provenance import plain
from apps.evaluation.incentive import Part, Reading
from helpdesk.sentences import Said, Words, read

_SENTENCES = ("label", "says")


def kept(rows: Sequence[Part | Reading]) -> list[dict[str, Any]]:
    """As JSON has them, with their sentences for `read_kept`."""
    return [plain(row) | {name: _form(getattr(row, name)) for name in _SENTENCES} for row in rows]


def _form(words: Words) -> Any:
    return words.form if isinstance(words, Said) else words


def read_kept(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was kept, in the language of whoever reads it."""
    return [dict(row) | {name: str(read(row[name])) for name in _SENTENCES} for row in rows]
