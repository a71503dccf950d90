"""A rule as a form: a sentence of three parts. Its buttons work without scripts, and what was typed stays."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.intake.custom_fields.checking import definitions
from apps.response.query.fields import OWN
from apps.response.rules.conditions import MOST_GROUPS, MOST_LINES, Group, Line, kept, wrong_with
from apps.response.rules.models import MAX_NAME, Rule
from apps.response.rules.moments import CHOICES, TIMED
from apps.response.rules.services.saving import LONGEST, SHORTEST, wrong_names
from apps.response.rules.vocabulary import FIELDS, HAPPENED, OPERATORS, field_named, wants
from helpdesk.models import Department, Role, User


class RuleForm(forms.Form):
    """When, and for whom; conditions and acts are forms of their own."""

    name = forms.CharField(max_length=MAX_NAME, label=gettext_lazy("Name"))
    department = forms.ModelChoiceField(
        Department.objects.order_by("name"),
        required=False,
        empty_label=gettext_lazy("Whole desk"),
        label=gettext_lazy("Tickets of"),
    )
    when = forms.ChoiceField(choices=CHOICES, label=gettext_lazy("When"))
    every_minutes = forms.IntegerField(
        required=False,
        min_value=SHORTEST,
        max_value=LONGEST,
        label=gettext_lazy("By the clock: every so many minutes"),
    )
    stops = forms.BooleanField(
        required=False, label=gettext_lazy("Stop after this rule: rules after it do not look at the ticket")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["department"]
        if user.role != Role.ADMIN:
            field.queryset = Department.objects.filter(pk=user.department_id or 0)  # type: ignore[attr-defined]
            field.empty_label = None  # type: ignore[attr-defined]

    def clean_every_minutes(self) -> int | None:
        """Of no meaning for the others, which forget it."""
        return self.cleaned_data["every_minutes"] if self.cleaned_data.get("when") == TIMED else None

    @staticmethod
    def words_of(rule: Rule) -> dict[str, Any]:
        return {
            name: getattr(rule, name) for name in ("name", "department", "when", "every_minutes", "stops")
        }


@dataclass(frozen=True)
class FormLine:
    """One condition as it stands on the form; what is wrong with it, if anything."""

    place: int
    group: int
    field: str = ""
    operator: str = ""
    value: str = ""
    error: str = ""

    @property
    def line(self) -> Line:
        return Line(self.field, self.operator, self.value.strip())

    @property
    def is_empty(self) -> bool:
        return not (self.field or self.value.strip())

    @property
    def operators(self) -> list[tuple[str, Any]]:
        """What may be said of its field; all there is, while none is chosen."""
        field = field_named(self.field)
        return [(name, OPERATORS[name].label) for name in (field.operators if field else OPERATORS)]

    @property
    def choices(self) -> tuple[tuple[str, Any], ...]:
        field = field_named(self.field)
        return field.choices if field else ()

    @property
    def wants(self) -> str:
        field = field_named(self.field)
        if field is None:
            return ""
        operator = self.operator if self.operator in field.operators else field.operators[0]
        return wants(self.field, operator) if OPERATORS[operator].valued and not field.choices else ""

    @property
    def takes_value(self) -> bool:
        operator = OPERATORS.get(self.operator)
        return operator is None or operator.valued

    @property
    def chosen(self) -> list[str]:
        return [value.strip().lower() for value in self.value.split(",")]


@dataclass(frozen=True)
class FormGroup:
    number: int
    join: str
    lines: tuple[FormLine, ...]


class ConditionsForm:
    """Lines and groups as they were typed, and the buttons that add and remove them."""

    def __init__(self, lines: list[FormLine], joins: dict[int, str]) -> None:
        self.lines, self.joins = lines, joins

    @classmethod
    def of(cls, conditions: Mapping[str, Any]) -> "ConditionsForm":
        group = kept(conditions)
        lines: list[FormLine] = []
        joins = {0: group.join}
        for part in group.parts:
            if isinstance(part, Group):
                joins[len(joins)] = part.join
            number = len(joins) - 1 if isinstance(part, Group) else 0
            for line in part.parts if isinstance(part, Group) else (part,):
                if isinstance(line, Line):
                    lines.append(FormLine(len(lines), number, line.field, line.operator, line.value))
        return cls(lines, joins)

    @classmethod
    def posted(cls, data: Any) -> "ConditionsForm":
        """`c-<line>-field`, `-operator`, `-value` (several: a list), `-group`; `g-<group>-join`."""
        places = sorted(
            int(name[2:-6])
            for name in data
            if name.startswith("c-") and name.endswith("-group") and name[2:-6].isdecimal() and len(name) < 12
        )[: MOST_LINES + 1]
        joins = {
            number: "any" if data.get(f"g-{number}-join") == "any" else "all"
            for number in range(MOST_GROUPS + 1)
            if number == 0 or f"g-{number}-join" in data
        }
        lines: list[FormLine] = []
        for place in places:
            told = {name: data.get(f"c-{place}-{name}", "")[:300] for name in ("field", "operator")}
            group = data.get(f"c-{place}-group", "0")
            number = int(group) if group.isdecimal() and len(group) < 3 and int(group) in joins else 0
            value = ", ".join(one for one in data.getlist(f"c-{place}-value") if one.strip())[:1_000]
            lines.append(FormLine(len(lines), number, **told, value=value))
        return cls(lines, joins)

    def press(self, button: str) -> None:
        """`add:<group>`, `group`, `drop:<line>`; anything else only shows what was typed."""
        what, _colon, number = button.partition(":")
        place = int(number) if number.isdecimal() and len(number) < 4 else 0
        if what == "add" and place in self.joins and len(self.lines) < MOST_LINES:
            self.lines.append(FormLine(len(self.lines), place))
        elif what == "group" and len(self.joins) <= MOST_GROUPS and len(self.lines) < MOST_LINES:
            new = max(self.joins) + 1
            self.joins[new] = "all" if self.joins[0] == "any" else "any"
            self.lines.append(FormLine(len(self.lines), new))
        elif what == "drop":
            left = [one for one in self.lines if one.place != place]
            self.lines = [replace(one, place=at) for at, one in enumerate(left)]
            used = {one.group for one in self.lines} | {0}
            self.joins = {number: join for number, join in self.joins.items() if number in used}

    def is_right(self, *, when: str, at: datetime) -> bool:
        """Looks at every line, and says at each what is wrong with it; lines left empty are nothing."""
        self.lines = [one for one in self.lines if not one.is_empty]
        self.lines = [
            replace(one, place=place, error=wrong_with(one.line, at=at, when=when))
            for place, one in enumerate(self.lines)
        ]
        fine = [one for one in self.lines if not one.error]
        unknown = wrong_names(group=Group("all", tuple(one.line for one in fine)), at=at)
        self.lines = [replace(one, error=one.error or unknown.get(one.line, "")) for one in self.lines]
        return not any(one.error for one in self.lines)

    @property
    def conditions(self) -> dict[str, Any]:
        """As data: single lines first, then the groups."""
        groups = [
            {"join": group.join, "lines": [_written(one) for one in group.lines]}
            for group in self.groups
            if group.lines
        ]
        own = [_written(one) for one in self.lines if one.group == 0]
        return {"join": self.joins[0], "lines": [*own, *groups]}

    @property
    def own(self) -> FormGroup:
        return self._group(0)

    @property
    def groups(self) -> list[FormGroup]:
        return [self._group(number) for number in sorted(self.joins) if number]

    def _group(self, number: int) -> FormGroup:
        return FormGroup(number, self.joins[number], tuple(one for one in self.lines if one.group == number))

    @property
    def has_room(self) -> bool:
        return len(self.lines) < MOST_LINES

    @property
    def has_room_for_a_group(self) -> bool:
        return self.has_room and len(self.joins) <= MOST_GROUPS


def _written(one: FormLine) -> dict[str, str]:
    return {"field": one.field, "operator": one.operator, "value": one.value.strip()}


def field_choices() -> list[tuple[str, list[tuple[str, Any]]]]:
    """What a condition may look at, under headings. One query for the desk's own fields."""
    own = [(f"{OWN}{one.key}", one.label) for one in definitions() if not one.is_retired]
    groups = [
        (_("The ticket"), [(name, field.label) for name, field in FIELDS.items()]),
        (_("What has just happened"), [(name, field.label) for name, field in HAPPENED.items()]),
    ]
    return [*groups, (_("Your own fields"), own)] if own else groups
