"""An act, and what became of it, as values. Pure; all of it goes into JSON and comes back the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk.sentences import Words

# What goes into the desk's own fields, by key: as it can be hashed.
Filling = tuple[tuple[str, Any], ...]
Value = str | int | None | Filling
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Act:
    """One thing to do to a ticket. `value`: a number, a code, an address, a text, values of fields, or nothing."""

    name: str
    value: Value = None


@dataclass(frozen=True)
class Done:
    """An act on one ticket: the facts it may change, before it and after it."""

    ticket: int
    act: Act
    by: int
    before: Facts
    after: Facts

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Undone:
    """The act is taken back, or `why` it stays."""

    done: Done
    why: Words = ""

    @property
    def stays(self) -> bool:
        return bool(self.why)


def written(act: Act | Done) -> dict[str, Any]:
    """As JSON keeps it."""
    if isinstance(act, Done):
        own = {"ticket": act.ticket, "by": act.by, "before": dict(act.before), "after": dict(act.after)}
        return own | written(act.act)
    return {"act": act.name} if act.value is None else {"act": act.name, "value": thawed(act.value)}


def frozen(value: Any) -> Value:
    """A value as JSON has it, as acts hold it."""
    if not isinstance(value, Mapping):
        return value  # type: ignore[no-any-return]
    return tuple((key, tuple(one) if isinstance(one, list) else one) for key, one in value.items())


def thawed(value: Value) -> Any:
    """The other way."""
    if not isinstance(value, tuple):
        return value
    return {key: list(one) if isinstance(one, tuple) else one for key, one in value}


def read_done(kept: Iterable[Mapping[str, Any]]) -> tuple[Done, ...]:
    """Our own notes come back: what `written` wrote of something done."""
    return tuple(
        Done(one["ticket"], Act(one["act"], frozen(one.get("value"))), one["by"], one["before"], one["after"])
        for one in kept
    )
