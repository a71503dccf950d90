"""What a rule saw on a ticket and what became of it, as kept in a run and told to people, in the language of whoever
reads it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from apps.response.acting.kinds import kinds
from apps.response.rules.conditions import Line
from apps.response.rules.judging import Seen
from apps.response.rules.models import Outcome
from helpdesk.sentences import Said, Words, read


@dataclass(frozen=True)
class Told:
    """One act, with what its value was called then, and whether it changed anything. `words`: as those of before were
    kept, in English and in one piece."""

    act: str
    named: str
    changed: bool
    words: str = ""

    @property
    def text(self) -> str:
        return kinds()[self.act].sentence(self.named) if self.act in kinds() else self.words or self.act


@dataclass(frozen=True)
class Look:
    """One rule looked at a ticket."""

    rule: int
    name: str
    outcome: str
    join: str = "all"
    why: Words = ""
    seen: tuple[Seen, ...] = ()
    acts: tuple[Told, ...] = ()

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)

    @property
    def told_acts(self) -> list[dict[str, Any]]:
        return [{"text": act.text, "changed": act.changed} for act in self.acts]


def written(looks: Iterable[Look]) -> list[dict[str, Any]]:
    return [
        {
            "rule": look.rule, "name": look.name, "outcome": look.outcome, "join": look.join,
            "why": look.why.form if isinstance(look.why, Said) else look.why,
            "seen": [asdict(one) for one in look.seen], "acts": [asdict(act) for act in look.acts],
        }
        for look in looks
    ]  # fmt: skip


def read_looks(kept: Iterable[Mapping[str, Any]]) -> list[Look]:
    return [
        Look(
            one["rule"], one["name"], one["outcome"], one["join"], read(one["why"]),
            tuple(map(_seen, one["seen"])), tuple(map(_told, one["acts"])),
        )
        for one in kept
    ]  # fmt: skip


def _seen(kept: Mapping[str, Any]) -> Seen:
    if "text" in kept:
        return Seen(None, kept["saw"], kept["fits"], kept["group"], words=kept["text"])
    line = kept["line"]
    return Seen(line and Line(**line), kept["was"], kept["fits"], kept["group"], kept["words"])


def _told(kept: Mapping[str, Any]) -> Told:
    return Told("", "", kept["changed"], kept["text"]) if "text" in kept else Told(**kept)
