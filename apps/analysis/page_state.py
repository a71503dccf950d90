"""What a page of the analysis shows is what its address says, and nothing else: read from it, written back to it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, Protocol, Self, TypeVar
from urllib.parse import urlencode

from apps.analysis.provenance import moment


class Words(Protocol):
    """What can be asked of a page (`Asked`, `IssueAsked`)."""

    @classmethod
    def read(cls, words: dict[str, str]) -> Self: ...

    @property
    def words(self) -> dict[str, str]: ...


A = TypeVar("A", bound=Words)


@dataclass(frozen=True)
class PageState(Generic[A]):
    """What is asked, and the moment looked back to (None: now)."""

    asked: A
    as_of: datetime | None = None

    @classmethod
    def read(cls, kind: type[A], words: Mapping[str, str]) -> "PageState[A]":
        """What can be asked is taken, anything else is as by default: an address typed by hand still answers."""
        taken: dict[str, str] = {}
        for name in kind.__dataclass_fields__:  # type: ignore[attr-defined]  # what is asked is a frozen dataclass
            if name in words:
                with suppress(ValueError):
                    kind.read(one := {name: words[name]})
                    taken |= one
        as_of = None
        with suppress(ValueError):
            as_of = moment(words.get("as_of", ""))
        return cls(kind.read(taken), as_of)

    def at(self, now: datetime) -> datetime:
        """The moment everything is computed as of: never one to come."""
        return min(self.as_of, now) if self.as_of else now

    def with_words(self, **changed: Any) -> "PageState[A]":
        return replace(self, asked=replace(self.asked, **changed))  # type: ignore[type-var]  # a dataclass, as above

    @property
    def words(self) -> dict[str, str]:
        return self.asked.words | ({"as_of": self.as_of.isoformat()} if self.as_of else {})

    @property
    def query(self) -> str:
        """The address, after its question mark: the same state is always written alike."""
        return urlencode(self.words)
