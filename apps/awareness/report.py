"""The executive report as data: one page of plain words and the few numbers its chart is drawn from.

Method: the page is put into words once and kept; the mail, its text, the PDF and the page in the helpdesk are four
ways to write the same rows down, so a report of last year reads as it did then, whatever became of currencies and
assumptions. Two reports say the same when their rows do: the days they are about and the moments they were made
tell nothing new.
"""

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Self

from apps.analysis.provenance import written
from helpdesk.charts import Bar, Caption, Chart, draw_bars
from helpdesk.charts.chart import WIDTH

TOP, MOST = 10, 4
LONGEST = 90  # letters of a label; what is longer would cost the page a second line


@dataclass(frozen=True)
class Row:
    """One line: what it is about, the number that counts, what else is said, and how the chart draws it."""

    label: str
    value: str = ""
    says: str = ""
    amount: float | None = None
    low: float | None = None
    high: float | None = None
    tone: str = ""
    # Grows by itself from month to month: no news.
    runs_on: bool = False
    # What the number is made of: a path in the helpdesk, for who reads it there.
    url: str = ""

    @property
    def said(self) -> dict[str, Any]:
        """All but where it leads."""
        return {name: value for name, value in asdict(self).items() if name != "url"}


@dataclass(frozen=True)
class Section:
    """Some rows under a heading; how many more there are; what is said when there are none."""

    name: str
    rows: tuple[Row, ...]
    more: int = 0
    none: str = ""

    @classmethod
    def of(cls, name: str, rows: list[Row], *, none: str, most: int = MOST) -> Self:
        return cls(name, tuple(rows[:most]), max(len(rows) - most, 0), none)


@dataclass(frozen=True)
class Page:
    """All that a report says. `stamp`: as of when, in which taxonomy; `addresses`: its figures again."""

    title: str
    finding: str
    measure: str
    period: str
    tickets: int
    headline: tuple[str, ...]
    top: Section
    sections: tuple[Section, ...]
    stamp: str
    addresses: tuple[str, ...]

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        """From what `asdict` gave, by way of JSON."""
        whole: dict[str, Any] = dict(kept)
        whole["headline"], whole["addresses"] = tuple(kept["headline"]), tuple(kept["addresses"])
        whole["top"], whole["sections"] = _section(kept["top"]), tuple(map(_section, kept["sections"]))
        return cls(**whole)

    @property
    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def is_empty(self) -> bool:
        return not any(section.rows for section in (self.top, *self.sections))

    @property
    def fingerprint(self) -> str:
        """The same for pages that say the same."""
        said = [
            (section.name, section.more, [row.said for row in section.rows if not row.runs_on])
            for section in (self.top, *self.sections)
        ]
        return sha256(written(said).encode()).hexdigest()

    @property
    def bars(self) -> list[tuple[Row, int]]:
        """The top rows with the length of their bars, in per cent of the longest."""
        longest = max((row.amount or 0 for row in self.top.rows), default=0) or 1
        return [(row, round(100 * (row.amount or 0) / longest)) for row in self.top.rows]

    @property
    def chart(self) -> Chart | None:
        return self.drawn(WIDTH)

    def drawn(self, width: float) -> Chart | None:
        rows = [row for row in self.top.rows if row.amount is not None]
        words = {row.amount: row.value for row in rows}
        bars = [
            Bar(row.label, row.amount or 0, tone=row.tone, low=row.low, high=row.high,
                may_be_cut=row.tone == "uncoded")
            for row in rows
        ]  # fmt: skip
        caption = Caption(self.finding, self.measure, self.tickets, self.period)
        return draw_bars(caption, bars, format_value=words.__getitem__, width=width) if bars else None


def _section(kept: dict[str, Any]) -> Section:
    return Section(**kept | {"rows": tuple(Row(**row) for row in kept["rows"])})


def short(label: str) -> str:
    """On one line, and no longer than a page can bear."""
    words = " ".join(label.split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
