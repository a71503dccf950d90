"""Where contacts come from: the parts of them that are watched one by one, and how each is named."""

from dataclasses import dataclass

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


EVERYWHERE = Place()
