"""Why customers of the demo company write: the tree of issues and the words for each, read from issues/*.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from config.demo import company

FOLDER = Path(__file__).parent / "issues"
BRANCHES = ("billing", "delivery", "device", "app", "account", "promise", "other")
SAMPLE = {
    "amount": "$24.90", "amount2": "$12.45", "date": "3 May", "month": "April", "days": "9", "weeks": "5",
    "room": "bedroom", "order": "WF-204817", "hour": "10:14", "voucher": "WARM-771", "plan": "Comfort",
    "version": "3.1", "dmy": "03.05.2025",
}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """A node of the taxonomy, in the fields the kernel's `Issue` has; departments by slug, the owner by e-mail."""

    code: str
    path: str
    parent: str | None
    label: str
    definition: str
    owner_department: str
    owner: str | None
    kind: str = "reason"
    includes: str = ""
    excludes: str = ""
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()
    default_severity: int = 3
    guidance: str = ""
    is_leaf: bool = False


@dataclass(frozen=True)
class Wording:
    """The sentences in which customers name an issue and we answer it; slots in braces."""

    subjects: tuple[str, ...]
    says: tuple[str, ...]
    more: tuple[str, ...]
    de: tuple[str, ...]
    es: tuple[str, ...]
    replies: tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """How an issue behaves: what it is about, who answers it, and how many a day we expect (`weight`)."""

    code: str
    kind: str
    wording: Wording
    weight: float
    product: str
    handled_by: str
    severity: int
    contact_type: str
    cause: str
    remedies: tuple[str, ...]
    season: str | None = None


@cache
def nodes() -> tuple[Node, ...]:
    """All nodes, parents before their children."""
    return tuple(node for branch in _branches() for node in _nodes_of(branch))


@cache
def profiles() -> tuple[Profile, ...]:
    """One profile for each leaf, in the order of the tree."""
    return tuple(
        _profile(leaf, branch)
        for branch in _branches()
        for group in branch["group"]
        for leaf in group["leaf"]
    )


@cache
def unnamed_wording() -> Wording:
    """The words for the fault that no code names yet."""
    return _wording(tomllib.loads((FOLDER / "unnamed.toml").read_text(encoding="utf-8")))


@cache
def _branches() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")) for name in BRANCHES)


def _nodes_of(branch: dict[str, Any]) -> list[Node]:
    found = [_node(branch, branch, parent=None)]
    for group in branch["group"]:
        found.append(_node(group, branch, parent=found[0]))
        parent = found[-1]
        found += [_node(leaf, branch, parent=parent, is_leaf=True) for leaf in group["leaf"]]
    return found


def _node(
    source: dict[str, Any], branch: dict[str, Any], *, parent: Node | None, is_leaf: bool = False
) -> Node:
    department = source.get("owner", branch["department"])
    return Node(
        code=source["code"],
        path=f"{parent.path}/{source['code']}" if parent else source["code"],
        parent=parent.code if parent else None,
        label=source["label"],
        definition=source["definition"],
        owner_department=department,
        owner=_head(department) if is_leaf else None,
        kind=source.get("kind", "reason"),
        includes=source.get("includes", ""),
        excludes=source.get("excludes", ""),
        examples=tuple(text.format(**SAMPLE) for text in source.get("examples", ())),
        counter_examples=tuple(text.format(**SAMPLE) for text in source.get("counter_examples", ())),
        default_severity=source.get("severity", 3),
        guidance=source.get("guidance", ""),
        is_leaf=is_leaf,
    )


def _head(slug: str) -> str:
    return next(department.head for department in company.DEPARTMENTS if department.slug == slug)


def _profile(leaf: dict[str, Any], branch: dict[str, Any]) -> Profile:
    return Profile(
        code=leaf["code"],
        kind=leaf.get("kind", "reason"),
        wording=_wording(leaf),
        weight=leaf["weight"],
        product=leaf["product"],
        handled_by=leaf.get("handled_by", branch["department"]),
        severity=leaf["severity"],
        contact_type=leaf["contact_type"],
        cause=leaf["cause"],
        remedies=tuple(leaf["remedies"]),
        season=leaf.get("season"),
    )


def _wording(source: dict[str, Any]) -> Wording:
    return Wording(
        **{part: tuple(source[part]) for part in ("subjects", "says", "more", "de", "es", "replies")}
    )
