"""What a rule saw on a ticket and what became of it, as kept in a run and told to people. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from apps.response.rules.judging import Seen
from apps.response.rules.models import Outcome


@dataclass(frozen=True)
class Told:
    """One act, in words, and whether it changed anything."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Look:
    """One rule looked at a ticket."""

    rule: int
    name: str
    outcome: str
    join: str = "all"
    why: str = ""
    seen: tuple[Seen, ...] = ()
    acts: tuple[Told, ...] = ()

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)

    @property
    def told_acts(self) -> list[dict[str, Any]]:
        return [asdict(act) for act in self.acts]


def written(looks: Iterable[Look]) -> list[dict[str, Any]]:
    return [asdict(look) for look in looks]


def read_looks(kept: Iterable[Mapping[str, Any]]) -> list[Look]:
    return [
        Look(
            one["rule"], one["name"], one["outcome"], one["join"], one["why"],
            tuple(Seen(**seen) for seen in one["seen"]), tuple(Told(**told) for told in one["acts"]),
        )
        for one in kept
    ]  # fmt: skip
