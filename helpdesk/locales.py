"""In which language and at which time of day somebody reads. Pages know it from the request; letters ask here."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils import timezone, translation

from helpdesk.models import Customer, User


def known(language: str) -> str:
    """The nearest language the house speaks ("de" for "de-AT"), or its own where it speaks none like it."""
    try:
        return translation.get_supported_language_variant(language)
    except LookupError:
        return str(settings.LANGUAGE_CODE)


@contextmanager
def as_read_by(reader: User) -> Iterator[None]:
    """What is made within reads as it should for a colleague: in their language, and at their time of day."""
    with translation.override(known(reader.language)), timezone.override(ZoneInfo(reader.time_zone)):
        yield


@contextmanager
def as_written_to(customer: Customer, *, language: str = "") -> Iterator[None]:
    """What is made within is in the customer's language, or in the one that the ticket was written in."""
    with translation.override(known(customer.language or language)):
        yield


@cache
def zones() -> tuple[str, ...]:
    """The zones people choose from: places, and UTC before them; no technical or forgotten names."""
    places = (
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    return (
        "UTC",
        *sorted(zone for zone in available_timezones() if zone.split("/")[0] in places and "/" in zone),
    )
