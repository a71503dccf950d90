"""What a question consists of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Term:
    """One condition. A time has its span instead of a value: from `since` on, and before `until`; None is open."""

    key: str
    value: str = ""
    token: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Words:
    """A word, an "exact phrase", or several of them joined by `or`: in the syntax of web search."""

    text: str

    @property
    def token(self) -> str:
        return self.text


@dataclass(frozen=True)
class Not:
    part: "Node"

    @property
    def token(self) -> str:
        # Two signs in a row are a word that begins with one.
        return f"-({self.part.token})" if isinstance(self.part, Not) else f"-{self.part.token}"


@dataclass(frozen=True)
class All:
    parts: tuple["Node", ...] = ()

    @property
    def token(self) -> str:
        return f"({' '.join(part.token for part in self.parts)})"


@dataclass(frozen=True)
class Any:
    parts: tuple["Node", ...]

    @property
    def token(self) -> str:
        return f"({' or '.join(part.token for part in self.parts)})"


Node = Term | Words | Not | All | Any


@dataclass(frozen=True)
class Wrong:
    """A token that was left out, why, and where in the text it stands."""

    token: str
    reason: str
    start: int
    end: int


@dataclass(frozen=True)
class Query:
    """`text` is what was typed, with single spaces; `where` holds what is asked, its parts side by side."""

    text: str
    where: All = All()
    sort: str = ""
    wrong: tuple[Wrong, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every condition, wherever it stands."""
        return tuple(node for node in walk(self.where) if isinstance(node, Term))


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, as they were typed."""
    yield node
    below: tuple[Node, ...] = ()
    if isinstance(node, All | Any):
        below = node.parts
    elif isinstance(node, Not):
        below = (node.part,)
    for part in below:
        yield from walk(part)


def without(node: Node, left_out: frozenset[Term] | set[Term]) -> Node | None:
    """The same question without these conditions; None where nothing is left of it."""
    if isinstance(node, Term):
        return None if node in left_out else node
    if isinstance(node, Not):
        part = without(node.part, left_out)
        return None if part is None else Not(part)
    if isinstance(node, All | Any):
        parts = tuple(kept for part in node.parts if (kept := without(part, left_out)) is not None)
        return type(node)(parts) if parts else None
    return node
