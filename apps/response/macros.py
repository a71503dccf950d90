"""Filling the fields of a macro. Pure: a text and the facts of a ticket go in, the filled text comes out.

A field reads `{{ customer }}`. What is unknown, or empty on this ticket, stays as it stands and is named, so that no
customer is ever greeted as "Dear ,": a person sees the gap in the preview and fills it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

FIELDS = {
    "customer": "the customer's name",
    "customer_first": "the customer's first name",
    "number": "the ticket's number",
    "subject": "the ticket's subject",
    "issue": "the issue, in the customer's words",
    "product": "the product",
    "agent": "your name",
    "department": "the department",
}
_FIELD = re.compile(r"\{\{\s*([\w.]{1,40})\s*\}\}")


@dataclass(frozen=True)
class Filled:
    """A macro's text for one ticket, and the fields that could not be filled."""

    text: str
    missing: tuple[str, ...]


def fill(body: str, facts: Mapping[str, str]) -> Filled:
    missing: dict[str, None] = {}

    def value(found: re.Match[str]) -> str:
        if known := facts.get(found[1], "").strip():
            return known
        missing[found[1]] = None
        return found[0]

    return Filled(_FIELD.sub(value, body), tuple(missing))


def unknown_fields(body: str) -> tuple[str, ...]:
    """Fields that no ticket will ever fill: a misspelling, told when the macro is saved."""
    return tuple(dict.fromkeys(name for name in _FIELD.findall(body) if name not in FIELDS))
