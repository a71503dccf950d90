"""What acts name, read once for all tickets they are done to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from apps.response.acting.act import Act, Value
from apps.response.models import Macro
from helpdesk.errors import Invalid
from helpdesk.models import CustomField, Department, Issue, Product, Ticket, User

ME = "@me"


@dataclass(frozen=True, eq=False)
class Noun:
    """Something that acts name: where its rows are, and the field in which programs name it ("" for numbers alone)."""

    rows: Callable[[], QuerySet[Any]]
    name: str
    missing: Callable[[], str]


PERSON = Noun(User.objects.exclude(role="customer").all, "email", lambda: _("There is no such colleague."))
DEPARTMENT = Noun(Department.objects.all, "slug", lambda: _("There is no such department."))
ISSUE = Noun(Issue.objects.all, "code", lambda: _("There is no issue with this code."))
PRODUCT = Noun(Product.objects.all, "code", lambda: _("There is no product with this code."))
TICKET = Noun(Ticket.objects.all, "", lambda: _("There is no ticket with this number."))
MACRO = Noun(
    Macro.objects.filter(is_active=True).all, "", lambda: _("There is no macro with this number in use.")
)
FIELD = Noun(
    CustomField.objects.filter(retired_at=None).all,
    "key",
    lambda: _("There is no field with this key in use."),
)


@dataclass(frozen=True)
class Known:
    """The rows that acts name, by noun and by what names them."""

    rows: Mapping[tuple[Noun, Value], Model] = field(default_factory=dict)

    def of(self, noun: Noun, value: Value) -> Any:
        """Raises Invalid where there is none."""
        found = self.rows.get((noun, value))
        if found is None:
            raise Invalid(noun.missing(), pointer="acts")
        return found

    def has(self, noun: Noun, value: Value) -> bool:
        return (noun, value) in self.rows


def read_nouns(named: Iterable[tuple[Noun, Value]]) -> Known:
    """One query for each noun that is named."""
    wanted: dict[Noun, set[Value]] = {}
    for noun, value in named:
        wanted.setdefault(noun, set()).add(value)
    rows: dict[tuple[Noun, Value], Model] = {}
    for noun, values in wanted.items():
        numbers = [value for value in values if isinstance(value, int)]
        names = [value for value in values if isinstance(value, str)]
        condition = Q(pk__in=numbers)
        if noun.name:
            condition |= Q(**{f"{noun.name}__in": names})
        for row in noun.rows().filter(condition):
            rows[noun, row.pk] = row
            if noun.name:
                rows[noun, getattr(row, noun.name)] = row
    return Known(rows)


def names_row(act: Act, noun: Noun | None) -> bool:
    """Whether its value names a row, and not nobody, whoever acts, or several."""
    return noun is not None and act.value not in (None, ME) and not isinstance(act.value, tuple)


def names_of(act: Act, noun: Noun | None) -> list[Value]:
    """The names of the rows it speaks of: one, none, or each of the fields it fills in."""
    if isinstance(act.value, tuple):
        return [key for key, _value in act.value]
    return [act.value] if names_row(act, noun) else []
