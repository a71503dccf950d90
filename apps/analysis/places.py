"""Where contacts come from: the parts of them that are watched one by one, and how each is named."""

from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.sentences import Words, said

WORDS = "words"
DIMENSIONS = ("product", "version", "department", "region", "segment", "channel")
# Each issue is watched in each value of these. The channel is ours to choose and versions come and go: they only
# explain a rise. A version is named with its product ("hub 3.2").
WATCHED = ("product", "department", "region", "segment")


@dataclass(frozen=True)
class Place:
    """A part of the contacts: one value of one dimension, or all of them."""

    dimension: str = ""
    value: str = ""

    @property
    def is_everywhere(self) -> bool:
        return self.dimension in ("", WORDS)

    def __str__(self) -> str:
        return "" if self.is_everywhere else f"{self.dimension} {self.value}"

    @property
    def words(self) -> Words:
        """What a kept sentence says of it."""
        return "" if self.is_everywhere else place_words(self.dimension, self.value)


def place_words(dimension: str, value: Words) -> Words:
    """“region north”, in the reader's language."""
    match dimension:
        case "product":
            return said("product %(value)s", value=value)
        case "version":
            return said("version %(value)s", value=value)
        case "department":
            return said("department %(value)s", value=value)
        case "region":
            return said("region %(value)s", value=value)
        case "segment":
            return said("segment %(value)s", value=value)
        case "channel":
            return said("channel %(value)s", value=value)
        case "organisation":
            return said("organisation %(value)s", value=value)
    raise ValueError(f"there is no dimension {dimension!r}")


def dimension_words(dimension: str) -> Words:
    """“the region”, of which a sentence says something."""
    match dimension:
        case "product":
            return said("the product")
        case "version":
            return said("the version")
        case "department":
            return said("the department")
        case "region":
            return said("the region")
        case "segment":
            return said("the segment")
        case "channel":
            return said("the channel")
        case "organisation":
            return said("the organisation")
    raise ValueError(f"there is no dimension {dimension!r}")


def alongside(parts: Iterable[Words]) -> Words:
    """“product hub and region north”."""
    first, *others = parts
    return said("%(first)s and %(others)s", first=first, others=alongside(others)) if others else first


EVERYWHERE = Place()
