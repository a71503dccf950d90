"""Words that are marked for translation where they stand, and translated when somebody reads them."""

from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import get_language

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Marked: TypeAlias = "str | _StrPromise"


def inside(label: object) -> str:
    """A label within a sentence: in small letters, but for German, whose nouns keep their capitals."""
    return str(label) if (get_language() or "").startswith("de") else str(label).lower()
