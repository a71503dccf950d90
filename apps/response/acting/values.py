"""How the value of an act is read. Pure: anything goes in, the value as it is kept comes out, or Invalid says what it
should be."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from apps.response.acting.act import Value, frozen
from helpdesk.errors import Invalid
from helpdesk.models import Severity
from helpdesk.sentences import Number

Reader = Callable[[Any], Value]
MOST_NUMBER = 2**62


def nothing(given: Any) -> Value:
    if given not in (None, ""):
        raise Invalid(_("This act takes no value: leave it out."))
    return None


def yes_or_no(given: Any) -> Value:
    named = {True: "yes", False: "no", "yes": "yes", "no": "no"}
    if isinstance(given, bool | str) and given in named:
        return named[given]
    raise Invalid(_("Say yes or no."))


def name_of(what: str, *, also: tuple[str | None, ...] = ()) -> Reader:
    """A row by its number, or by the name it has for programs; `also` are words that name no row."""

    def read(given: Any) -> Value:
        if given in also or (given == "" and None in also):
            return given or None
        if isinstance(given, int) and not isinstance(given, bool) and 0 < given < MOST_NUMBER:
            return given
        if isinstance(given, str) and given.strip() and len(given) <= 254 and "\0" not in given:
            return given.strip()
        raise Invalid(_("Say %(what)s.") % {"what": what})

    return read


def number_of(what: str) -> Reader:
    def read(given: Any) -> Value:
        text = given.strip().removeprefix("#") if isinstance(given, str) else given
        if isinstance(text, str) and text.isdecimal() and len(text) < 19:
            text = int(text)
        if isinstance(text, int) and not isinstance(text, bool) and 0 < text < MOST_NUMBER:
            return text
        raise Invalid(_("Say %(what)s.") % {"what": what})

    return read


def severity(given: Any) -> Value:
    """1 to 4, or by name."""
    named = {one.name.lower(): one.value for one in Severity}
    found = named.get(given.strip().lower(), given) if isinstance(given, str) else given
    if isinstance(found, str) and found.isdecimal():
        found = int(found)
    if isinstance(found, bool) or found not in Severity.values:
        raise Invalid(_("Severity is 1 (critical) to 4 (low)."))
    return int(found)


def one_of(*values: str) -> Reader:
    def read(given: Any) -> Value:
        if given not in values:
            raise Invalid(_("One of: %(values)s.") % {"values": ", ".join(values)})
        return str(given)

    return read


def text(*, most: int, needed: bool = True) -> Reader:
    def read(given: Any) -> Value:
        if given is not None and not isinstance(given, str):
            raise Invalid(_("This is a text."))
        said = (given or "").replace("\0", "").replace("\r\n", "\n").strip()
        if needed and not said:
            raise Invalid(_("Write something: there is no text here."))
        if len(said) > most:
            raise Invalid(_("At most %(most)s characters.") % {"most": Number(most, grouped=True)})
        return said or None

    return read


def tag(given: Any) -> Value:
    """As tickets carry it: small letters, joined by hyphens."""
    tidy = "-".join(given.lower().split()) if isinstance(given, str) else ""
    if not 0 < len(tidy) <= 60 or "\0" in tidy or "," in tidy:
        raise Invalid(_("A tag is one word of up to 60 letters."))
    return tidy


def tag_as_it_is(given: Any) -> Value:
    """One that some ticket carries, perhaps not as we would write it."""
    if not isinstance(given, str) or not 0 < len(given.strip()) <= 60 or "\0" in given:
        raise Invalid(_("A tag is one word of up to 60 letters."))
    return given.strip()


def fields(given: Any) -> Value:
    """Values by the key of their field; null takes one away. What each field takes is known where it is."""
    if not isinstance(given, dict) or not given or not all(_may_be_held(one) for one in given.values()):
        raise Invalid(_('Say which fields get what: {"order-id": "4711", "colour": null}.'))
    return frozen(given)


def _may_be_held(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(one, str) for one in value)
    return value is None or isinstance(value, str | int | float)
