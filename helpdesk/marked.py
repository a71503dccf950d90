"""Words that are marked for translation where they stand, and translated when somebody reads them."""

from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import get_language

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Marked: TypeAlias = "str | _StrPromise"

# What German labels begin with that keeps its capital within a sentence: nouns, by their ending or by name.
_ENDINGS = ("ung", "ungen", "tion", "keit", "heit")
_NOUNS = frozenset({
    "Abteilungen", "Anliegen", "Bereiche", "Dritte", "Dublette", "Entwurf", "Ersatz", "Geschenk", "Gruppen",
    "Gutschrift", "Hypothese", "Kundenservice", "Reparatur", "Risiko", "Reihen", "Tage", "Teil", "Tickets",
    "Formular", "Telefon", "Besuch", "Import",
})  # fmt: skip


def inside(label: object) -> str:
    """A label within a sentence: "In progress" -> "in progress", "In Untersuchung" -> "in Untersuchung"."""
    words = str(label)
    if not (get_language() or "").startswith("de"):
        return words.lower()
    first = words.partition(" ")[0].rstrip(",:")
    is_name = first in _NOUNS or first.endswith(_ENDINGS) or not first[1:2].islower()
    return words if is_name else words[:1].lower() + words[1:]
