"""Where a figure comes from: what was asked, read in which release of the taxonomy, as things stood when.

An *address* says all of it in one line, `analysis?by=money&days=90&as_of=2026-05-04T10%3A00%3A00%2B00%3A00&...`.
The same address gives the same figures to the last digit, for chance is seeded and assumptions are dated;
`manage.py recompute '<address>'` prints them. The *digest* (the first 16 hexadecimal digits of the SHA-256 of the
figures) notices when it does not: then rows behind the figures have changed since, tickets were recoded or merged.

A name is a page's (`ledger`), or says of which row the figures are: `signal:12`, `case:31/money`. What stands in
`config/figures.py` can be asked for. Figures that are stored are answered line by line: as stored, as found anew.
"""

import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from math import isfinite
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

from helpdesk.sentences import Said, in_english

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

    @property
    def told(self) -> dict[str, Any]:
        """As the API says it."""
        said: dict[str, Any] = plain(self)
        return said | {"address": self.address}

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

    @property
    def kind(self) -> str:
        """What the name is of, without the row: “case:31/money” is “case/money”."""
        noun, _, part = self.name.partition("/")
        return "/".join(filter(None, (noun.partition(":")[0], part)))

    @property
    def number(self) -> int:
        """Of the row it is about. Raises ValueError when the name says none."""
        return int(self.name.partition("/")[0].partition(":")[2])

    def asks_for(self, *words: str) -> None:
        """Raises ValueError for a word of the query that these figures do not know."""
        if unknown := set(self.asked) - set(words):
            raise ValueError(f"not known: {', '.join(sorted(unknown))}")

    @classmethod
    def read(cls, written: str) -> Self:
        """Raises ValueError when it is no address."""
        name, _, rest = written.strip().strip("/").partition("?")
        asked = dict(parse_qsl(rest, strict_parsing=True)) if rest else {}
        stamp = {place: asked.pop(place, "") for place in PLACES}
        as_of = moment(stamp["as_of"]) if stamp["as_of"] else None
        return cls(name, asked, as_of, int(stamp["release"]) if stamp["release"] else None, stamp["digest"])


@dataclass(frozen=True)
class Line:
    """One stored figure: its name, as it was stored, and as it comes out now."""

    name: str
    stored: Any
    computed: Any

    @property
    def holds(self) -> bool:
        return bool(self.stored == self.computed)


@dataclass(frozen=True)
class Answer:
    """Figures found anew and where they come from. `lines`: each beside what is stored, where they are stored.
    `changed`: what has changed since in the rows they rest on, in words; nothing of it is wrong.
    """

    figures: Any
    provenance: Provenance
    lines: tuple[Line, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def differing(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if not line.holds)


def stored_lines(stored: Any, computed: Any) -> tuple[Line, ...]:
    """Two of the same dataclass, or of the same mapping, line by line."""
    before, now = plain(stored), plain(computed)
    return tuple(Line(name, before[name], now.get(name)) for name in before)


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
    if isinstance(figures, Said):
        return in_english(figures)
    if is_dataclass(figures) and not isinstance(figures, type):
        return {each.name: plain(getattr(figures, each.name)) for each in fields(figures)}
    if isinstance(figures, dict):
        return {str(key): plain(value) for key, value in figures.items()}
    if isinstance(figures, list | tuple):
        return [plain(value) for value in figures]
    if isinstance(figures, Decimal):
        return f"{figures:f}"
    if isinstance(figures, float) and not isfinite(figures):
        return str(figures)  # JSON has no word for it
    return figures.isoformat() if isinstance(figures, date) else figures


def written(figures: Any) -> str:
    """One spelling for the same figures: floats as the shortest decimal that is that float."""
    return json.dumps(plain(figures), sort_keys=True, ensure_ascii=False, allow_nan=False)


def digest(figures: Any) -> str:
    return sha256(written(figures).encode()).hexdigest()[:16]
