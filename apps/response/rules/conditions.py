"""Conditions of a rule: lines joined by all or any, with one level of groups within. Pure.

    {"join": "all", "lines": [{"field": "channel", "operator": "is", "value": "email"},
                              {"join": "any", "lines": [...]}]}

Several values of one line are parted by commas: one of them. What a line means, the queue's language says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from apps.response.query import All, Node, Not, Words
from apps.response.query import Any as AnyOf
from apps.response.query.fields import MAX_VALUE, condition
from apps.response.rules.moments import TIMED, Happening
from apps.response.rules.vocabulary import HAPPENED, OPERATORS, RULE_STATES, SIGNS, field_named, wants
from helpdesk.errors import Invalid

MOST_LINES, MOST_GROUPS = 20, 5
JOINS = ("all", "any")
_PERSONAL_WORDS = ("@me",)


@dataclass(frozen=True)
class Line:
    """One condition."""

    field: str
    operator: str
    value: str = ""

    @property
    def asks_event(self) -> bool:
        return self.field in HAPPENED


@dataclass(frozen=True)
class Group:
    """Lines of which all, or any, must fit. Nothing in it fits always."""

    join: str = "all"
    parts: tuple["Line | Group", ...] = ()


def lines_of(group: Group) -> Iterator[Line]:
    for part in group.parts:
        if isinstance(part, Group):
            yield from lines_of(part)
        else:
            yield part


# --- read and written -----------------------------------------------------------------------------------


def read_conditions(given: Any, *, at: datetime, when: str) -> Group:
    """From JSON. Raises Invalid that says which line and what to do."""
    group = _read_group(given, "conditions", nested=True)
    for pointer, line in _placed(group, "conditions"):
        if wrong := wrong_with(line, at=at, when=when):
            raise Invalid(wrong, pointer=pointer)
    if sum(1 for _line in lines_of(group)) > MOST_LINES:
        raise Invalid(_("At most %(most)s conditions.") % {"most": MOST_LINES}, pointer="conditions")
    return group


def _read_group(given: Any, there: str, *, nested: bool) -> Group:
    if not isinstance(given, Mapping) or given.keys() - {"join", "lines"} or given.get("join") not in JOINS:
        shape = '{"join": "all", "lines": [{"field": "channel", "operator": "is", "value": "email"}]}'
        raise Invalid(_("Conditions read %(shape)s.") % {"shape": shape}, pointer=there)
    lines = given.get("lines", [])
    if not isinstance(lines, list):
        raise Invalid(_("Lines are a list."), pointer=f"{there}/lines")
    return Group(
        given["join"], tuple(_read_part(one, f"{there}/lines/{place}", nested) for place, one in enumerate(lines))
    )  # fmt: skip


def _read_part(given: Any, there: str, nested: bool) -> Line | Group:
    if isinstance(given, Mapping) and "lines" in given:
        if not nested:
            raise Invalid(_("Groups go one level deep."), pointer=there)
        return _read_group(given, there, nested=False)
    if not isinstance(given, Mapping) or given.keys() - {"field", "operator", "value"}:
        raise Invalid(_("A condition names a field, an operator and a value."), pointer=there)
    told = [given.get(name) or "" for name in ("field", "operator", "value")]
    if not all(isinstance(one, str) for one in told):
        raise Invalid(_("Field, operator and value are texts."), pointer=there)
    return Line(told[0], told[1], told[2].replace("\0", "").strip())


def _placed(group: Group, there: str) -> Iterator[tuple[str, Line]]:
    for place, part in enumerate(group.parts):
        pointer = f"{there}/lines/{place}"
        if isinstance(part, Group):
            yield from _placed(part, pointer)
        else:
            yield pointer, part


def written(group: Group) -> dict[str, Any]:
    """As JSON keeps it."""
    return {
        "join": group.join,
        "lines": [
            written(part)
            if isinstance(part, Group)
            else {"field": part.field, "operator": part.operator, "value": part.value}
            for part in group.parts
        ],
    }


def kept(data: Mapping[str, Any]) -> Group:
    """Our own notes come back."""
    return Group(
        data["join"],
        tuple(
            kept(one) if "lines" in one else Line(one["field"], one["operator"], one.get("value", ""))
            for one in data["lines"]
        ),
    )


# --- checked --------------------------------------------------------------------------------------------


def wrong_with(line: Line, *, at: datetime, when: str) -> str:
    """What is wrong with a line, and what to do; empty where nothing is."""
    field = field_named(line.field)
    if field is None:
        return _("Choose what to look at.")
    if line.operator not in field.operators:
        possible = ", ".join(f"“{OPERATORS[one].label}”" for one in field.operators)
        return _("Of this one may say: %(operators)s.") % {"operators": possible}
    if line.asks_event and when == TIMED:
        return _("By the clock nothing has just happened: ask for something else.")
    if line.field.startswith("changed_") and when != "state":
        return _("This is known when the state changes.")
    if not OPERATORS[line.operator].valued:
        return ""
    said = _("Say %(what)s.") % {"what": wants(line.field, line.operator)}
    values = values_of(line)
    if not values or len(line.value) > MAX_VALUE or any(value in _PERSONAL_WORDS for value in values):
        return said
    if field.choices:
        known = RULE_STATES if line.field == "is" else [value for value, _label in field.choices]
        return "" if all(value.lower() in known for value in values) else said
    if line.operator in ("before", "after") and not line.value[:4].isdecimal():
        return said
    if SIGNS.get(line.operator) and line.operator not in ("before", "after") and "-" in line.value:
        return said
    return said if isinstance(_node(line, at), str) else ""


def values_of(line: Line) -> list[str]:
    """Of words there is one, with its commas."""
    if line.field == "words":
        return [line.value.strip()] if line.value.strip(' "-') else []
    return [value.strip() for value in line.value.split(",") if value.strip()]


# --- as the queue's language has it ---------------------------------------------------------------------


def node_of(line: Line, *, at: datetime) -> Node:
    """The line as a condition of the queue's language. Raises Invalid."""
    node = _node(line, at)
    if isinstance(node, str):
        raise Invalid(node, pointer="value")
    return node


def _node(line: Line, at: datetime) -> Node | str:
    if line.field == "words":
        words = Words(line.value)
        return Not(words) if line.operator == "contain_not" else words
    if line.operator in ("set", "unset"):
        found = condition(f"{line.field}:none", line.field, "none", at=at)
        return found if isinstance(found, str) or line.operator == "unset" else Not(found)
    sign = SIGNS.get(line.operator, "")
    terms: list[Node] = []
    for value in values_of(line):
        one = condition(f"{line.field}:{value}", line.field, f"{sign}{value}", at=at)
        if isinstance(one, str):
            return one
        terms.append(one)
    node = terms[0] if len(terms) == 1 else AnyOf(tuple(terms))
    return Not(node) if line.operator == "is_not" else node


def whole_node(group: Group, *, at: datetime) -> Node:
    """All of it as one question; lines about what has just happened stand for nothing."""
    parts = [
        whole_node(part, at=at) if isinstance(part, Group) else node_of(part, at=at)
        for part in group.parts
        if isinstance(part, Group) or not part.asks_event
    ]
    parts = [part for part in parts if not isinstance(part, All | AnyOf) or part.parts]
    return AnyOf(tuple(parts)) if group.join == "any" and len(parts) > 1 else All(tuple(parts))


# --- judged ---------------------------------------------------------------------------------------------


def happened_so(line: Line, happening: Happening) -> bool:
    """A line about what has just happened."""
    same = getattr(happening, line.field) in [value.lower() for value in values_of(line)]
    return same if line.operator == "is" else not same


def fits(group: Group, so: Mapping[Line, bool]) -> bool:
    """Whether it fits, by what each line says."""
    said = [fits(part, so) if isinstance(part, Group) else so[part] for part in group.parts]
    if not said:
        return True
    return all(said) if group.join == "all" else any(said)


# --- told -----------------------------------------------------------------------------------------------


def sentence(line: Line) -> str:
    """“Channel is E-mail or Form”."""
    field = field_named(line.field)
    operator = OPERATORS.get(line.operator)
    if field is None or operator is None:
        return f"{line.field} {line.operator} {line.value}".strip()
    labels = {value: str(label) for value, label in field.choices}
    values = [labels.get(value.lower(), value) for value in values_of(line)]
    value = _(" or ").join(values)
    if line.field == "words":
        value = _("“%(words)s”") % {"words": value.strip(chr(34))}
    return str(operator.sentence % {"field": field.label, "value": value})


def in_words(group: Group) -> str:
    """All of it: “Channel is E-mail and (Tag is vip or Severity is Critical)”."""
    joint = _(" and ") if group.join == "all" else _(" or ")
    said = [
        f"({in_words(part)})" if isinstance(part, Group) and len(part.parts) > 1 else
        in_words(part) if isinstance(part, Group) else sentence(part)
        for part in group.parts
    ]  # fmt: skip
    return joint.join(one for one in said if one)
