"""Taxonomies to begin with, in our own words: one file each in `packs/`, in the format of `files`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

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


@cache
def packs() -> dict[str, Pack]:
    """By name, the universal one first."""
    return {
        pack.name: pack for pack in sorted(_read(), key=lambda pack: (pack.name != "universal", pack.title))
    }


def _read() -> Iterator[Pack]:
    for path in FOLDER.glob("*.json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        yield Pack(path.stem, told["title"], told["about"], tuple(told["issues"]))
