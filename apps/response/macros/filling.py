"""Filling the fields of a macro. Pure: a text and the facts of a ticket go in, the filled text comes out.

A field reads `{{ customer.first_name }}`, or `{{ customer.first_name|there }}` with what stands there where it is not
known (nothing, if nothing comes after the bar). What is unknown and has no such word stays as it stands and is named,
so that no customer is ever greeted as "Dear ,": a person sees the gap in the preview and fills it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.translation import gettext_lazy as _

from helpdesk.marked import Marked

FIELDS: dict[str, Marked] = {
    "customer.name": _("the customer's name"),
    "customer.first_name": _("the customer's first name"),
    "customer.organisation": _("their organisation"),
    "ticket.number": _("the ticket's number"),
    "ticket.subject": _("the ticket's subject"),
    "issue": _("the issue, in the customer's words"),
    "product": _("the product"),
    "agent.name": _("your name"),
    "agent.first_name": _("your first name"),
    "department": _("the department"),
}
OWN = "field."  # and the key of one of the desk's own
# As fields were called before they had dots; what was written then still works.
_OLDER = {
    "customer": "customer.name",
    "customer_first": "customer.first_name",
    "number": "ticket.number",
    "subject": "ticket.subject",
    "agent": "agent.name",
}
_FIELD = re.compile(r"\{\{([^{}|]{0,80})(?:\|([^{}]{0,200}))?\}\}")


@dataclass(frozen=True)
class Filled:
    """A macro's text for one ticket, and the fields that could not be filled."""

    text: str
    missing: tuple[str, ...]


def fill(body: str, facts: Mapping[str, str]) -> Filled:
    missing: dict[str, None] = {}

    def value(found: re.Match[str]) -> str:
        name = found[1].strip()
        if known := facts.get(_OLDER.get(name, name), "").strip():
            return known
        if found[2] is not None:
            return found[2].strip()
        missing[name] = None
        return found[0]

    return Filled(_FIELD.sub(value, body), tuple(missing))


def unknown_fields(body: str) -> tuple[str, ...]:
    """Fields that no ticket will ever fill: a misspelling, told when the macro is saved."""
    names = (found[1].strip() for found in _FIELD.finditer(body))
    return tuple(dict.fromkeys(name for name in names if not _is_known(name)))


def own_fields_in(body: str) -> tuple[str, ...]:
    """The keys of the desk's own fields that a text speaks of: {{ field.order-id }}."""
    names = (found[1].strip() for found in _FIELD.finditer(body))
    return tuple(dict.fromkeys(name.removeprefix(OWN) for name in names if name.startswith(OWN)))


def _is_known(name: str) -> bool:
    return name in FIELDS or name in _OLDER or name.startswith(OWN)


def nearest(name: str) -> str:
    """The field that was meant, perhaps; empty where none is like it."""
    return next(iter(get_close_matches(name, [*FIELDS, *_OLDER], 1)), "")


def is_open(body: str) -> bool:
    """Whether braces are left that make no field: one was not closed, or holds what no field can."""
    rest = _FIELD.sub("", body)
    return "{{" in rest or "}}" in rest
