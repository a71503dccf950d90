"""Taxonomies to begin with, in our own words: one file each in `packs/`, in the format of `files`.

A folder below it holds the words in another language: for each code its label and, where it says more, a definition and
an example. Codes are the same in every language, so that a pack is known again whoever loaded it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from apps.evaluation.taxonomy.files import Line

FOLDER = Path(__file__).parent / "packs"


@dataclass(frozen=True)
class Pack:
    """One taxonomy to begin with."""

    name: str
    title: str
    about: str
    issues: tuple[dict[str, Any], ...]

    @property
    def lines(self) -> list[Line]:
        return [Line(number, row) for number, row in enumerate(self.issues, 1)]

    @property
    def branches(self) -> list[str]:
        return [row["label"] for row in self.issues if not row.get("parent")]

    @property
    def leaves(self) -> int:
        return len(self.issues) - len({row.get("parent") for row in self.issues} - {"", None})


def packs() -> dict[str, Pack]:
    """By name, the universal one first; in the language of whoever asks, where there are words in it."""
    return packs_in((get_language() or "en").partition("-")[0])


@cache
def packs_in(language: str) -> dict[str, Pack]:
    found = sorted(_read(language), key=lambda pack: (pack.name != "universal", pack.title))
    return {pack.name: pack for pack in found}


def _read(language: str) -> Iterator[Pack]:
    for path in FOLDER.glob("*.json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        words = FOLDER / language / path.name
        if words.exists():
            told = _in_words(told, json.loads(words.read_text(encoding="utf-8")))
        yield Pack(path.stem, told["title"], told["about"], tuple(told["issues"]))


def _in_words(told: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    return words | {"issues": [row | _words_of(words["issues"][row["code"]]) for row in told["issues"]]}


def _words_of(said: list[str]) -> dict[str, Any]:
    label, *more = said
    return {"label": label} | ({"definition": more[0], "examples": more[1:]} if more else {})
