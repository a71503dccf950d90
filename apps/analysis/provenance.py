"""Where a figure comes from: what was asked, read in which release of the taxonomy, as things stood when.

An *address* says all of it in one line, `analysis?by=money&days=90&as_of=2026-05-04T10%3A00%3A00%2B00%3A00&...`.
The same address gives the same figures to the last digit, for chance is seeded and assumptions are dated;
`manage.py recompute '<address>'` prints them. The *digest* (the first 16 hexadecimal digits of the SHA-256 of the
figures) notices when it does not: then rows behind the figures have changed since, tickets were recoded or merged.
"""

import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

PLACES = ("as_of", "release", "digest")
EARLIEST, LATEST = 1970, 2999  # years; a calendar's last days can't be counted on from


@dataclass(frozen=True)
class Provenance:
    """`query` is the name of the figures with what was asked of them, in the order of its words."""

    query: str
    release: int | None
    as_of: datetime
    digest: str

    @property
    def address(self) -> str:
        """All of it in one line, for the command and for people to quote."""
        stamp = {"as_of": self.as_of.isoformat(), "release": self.release or "", "digest": self.digest}
        return f"{self.query}{'&' if '?' in self.query else '?'}{urlencode(stamp)}"

    @classmethod
    def of(
        cls, name: str, asked: dict[str, str], *, release: int | None, as_of: datetime, figures: Any
    ) -> Self:
        query = f"{name}?{urlencode(sorted(asked.items()))}" if asked else name
        return cls(query, release, as_of, digest(figures))


@dataclass(frozen=True)
class Address:
    """An address, read: the name of the figures, what is asked of them, and as of when."""

    name: str
    asked: dict[str, str]
    as_of: datetime | None
    release: int | None
    digest: str

    @classmethod
    def read(cls, written: str) -> Self:
        """Raises ValueError when it is no address."""
        name, _, rest = written.strip().strip("/").partition("?")
        asked = dict(parse_qsl(rest, strict_parsing=True)) if rest else {}
        stamp = {place: asked.pop(place, "") for place in PLACES}
        as_of = moment(stamp["as_of"]) if stamp["as_of"] else None
        return cls(name, asked, as_of, int(stamp["release"]) if stamp["release"] else None, stamp["digest"])


def moment(written: str) -> datetime:
    """A moment as it stands in an address, where a plus sign is a blank. Raises ValueError."""
    read = datetime.fromisoformat(written.replace(" ", "+"))
    if read.tzinfo is None:
        raise ValueError("as_of needs a time zone: 2026-05-04T10:00:00+00:00")
    if not EARLIEST <= read.year <= LATEST:
        raise ValueError(f"as_of lies between {EARLIEST} and {LATEST}")
    return read


def plain(figures: Any) -> Any:
    """Figures as JSON has them: money as text with all its digits, days and moments as ISO 8601."""
    if is_dataclass(figures) and not isinstance(figures, type):
        return {each.name: plain(getattr(figures, each.name)) for each in fields(figures)}
    if isinstance(figures, dict):
        return {str(key): plain(value) for key, value in figures.items()}
    if isinstance(figures, list | tuple):
        return [plain(value) for value in figures]
    if isinstance(figures, Decimal):
        return f"{figures:f}"
    return figures.isoformat() if isinstance(figures, date) else figures


def written(figures: Any) -> str:
    """One spelling for the same figures: floats as the shortest decimal that is that float."""
    return json.dumps(plain(figures), sort_keys=True, ensure_ascii=False, allow_nan=False)


def digest(figures: Any) -> str:
    return sha256(written(figures).encode()).hexdigest()[:16]
