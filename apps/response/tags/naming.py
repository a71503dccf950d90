"""Where rules, macros and views name a tag, and how they read with another. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from apps.response.query.rewriting import values_in, with_value
from apps.response.rules.conditions import Group, Line, lines_of, values_of

ACTS = ("tag", "untag")


def tags_in_acts(acts: Iterable[dict[str, Any]]) -> set[str]:
    return {str(act.get("value")) for act in acts if act["act"] in ACTS}


def tags_in_conditions(group: Group) -> set[str]:
    return {value for line in lines_of(group) if line.field == "tag" for value in values_of(line)}


def tags_in_query(text: str) -> set[str]:
    return values_in(text, "tag")


def acts_with(acts: Iterable[dict[str, Any]], tag: str, into: str) -> list[dict[str, Any]]:
    """As they are kept, each once."""
    told: list[dict[str, Any]] = []
    for act in acts:
        named = act["act"] in ACTS and act.get("value") == tag
        said = act | {"value": into} if named else act
        if said not in told:
            told.append(said)
    return told


def conditions_with(group: Group, tag: str, into: str) -> Group:
    return replace(
        group,
        parts=tuple(
            conditions_with(part, tag, into) if isinstance(part, Group) else _line_with(part, tag, into)
            for part in group.parts
        ),
    )


def _line_with(line: Line, tag: str, into: str) -> Line:
    values = values_of(line)
    if line.field != "tag" or tag not in values:
        return line
    return replace(line, value=", ".join(dict.fromkeys(into if one == tag else one for one in values)))


def query_with(text: str, tag: str, into: str) -> str:
    return with_value(text, "tag", tag, into)
