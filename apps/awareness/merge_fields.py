"""Fields in the words of a message: {name} becomes the customer's name. Anything else in braces is a typing error."""

import re
from collections.abc import Callable, Collection, Mapping

from django.utils.formats import date_format
from django.utils.translation import override

from apps.analysis.models import Case
from apps.awareness.models.wave import WaveLetter

FIELDS: dict[str, Callable[[WaveLetter, Case], str]] = {
    "name": lambda letter, case: letter.customer.name or "customer",
    "number": lambda letter, case: f"#{letter.ticket_id}",
    "subject": lambda letter, case: letter.ticket.subject,
    "date": lambda letter, case: date_format(letter.ticket.opened_at, "j F Y"),
    "workaround": lambda letter, case: case.workaround,
}
KNOWN = ", ".join(f"{{{name}}}" for name in FIELDS)
_FIELD = re.compile(r"\{([^{}\n]*)\}")


def filled(text: str, letter: WaveLetter, case: Case, *, language: str = "en") -> str:
    """The text for one customer, months in this language. What a customer wrote is put in once and not looked at
    again."""
    with override(language):
        return _FIELD.sub(
            lambda found: FIELDS[found[1]](letter, case) if found[1] in FIELDS else found[0], text
        )


def put_in(text: str, values: Mapping[str, str]) -> str:
    """The same with values that are known by then."""
    return _FIELD.sub(lambda found: values.get(found[1], found[0]), text)


def unknown_fields(text: str, known: Collection[str] = FIELDS) -> list[str]:
    return sorted({found[0] for found in _FIELD.finditer(text) if found[1] not in known})
