"""What the page of one issue is asked, and the figures it answers with: frozen and plain."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.analysis.figures import must_be_a_release
from apps.analysis.proof.course import Point
from apps.analysis.simulation import Range

SPANS = {182: _("Half a year"), 364: _("A year"), 728: _("Two years")}
WITHIN = (7, 14, 30, 60)


@dataclass(frozen=True)
class IssueAsked:
    """The days looked at, within how many days a customer who writes again came back, and the edition of the taxonomy
    (as in `Asked`). With the moment looked back to it is all that an address of the page can say."""

    days: int = 364
    within: int = 30
    release: str = ""

    def __post_init__(self) -> None:
        must_be_a_release(self.release)
        for chosen, known in ((self.days, SPANS), (self.within, WITHIN)):
            if chosen not in known:
                raise ValueError(
                    gettext("%(chosen)s is none of %(known)s")
                    % {"chosen": chosen, "known": ", ".join(map(str, known))}
                )

    @classmethod
    def read(cls, words: dict[str, str]) -> "IssueAsked":
        """From the words of a query; raises ValueError for what cannot be asked."""
        if unknown := set(words) - set(cls.__dataclass_fields__):
            raise ValueError(gettext("not known: %(unknown)s") % {"unknown": ", ".join(sorted(unknown))})
        given = {name: word if name == "release" else int(word) for name, word in words.items()}
        return replace(cls(), **given)  # type: ignore[arg-type]  # which is which is said above

    @property
    def words(self) -> dict[str, str]:
        said = {name: str(value) for name, value in vars(self).items()}
        return {name: word for name, word in said.items() if word}

    @property
    def query(self) -> str:
        return urlencode(self.words)


@dataclass(frozen=True)
class WeekFigure:
    """Seven days: tickets, and per 1,000 of the exposure where it is known what came, was expected and is usual; the
    signal is 1 for a rise, -1 for a fall."""

    begin: date
    tickets: int
    value: float
    expected: float
    lower: float
    upper: float
    signal: int


@dataclass(frozen=True)
class Turn:
    """A day from which another level holds, and why: "accepted", or "proven"."""

    day: date
    why: str


@dataclass(frozen=True)
class ReturnFigures:
    """Of so many contacts that have had their time, so many came back; by four weeks (first day, contacts, came
    back), None while their time is not over."""

    contacts: int
    back: int
    months: tuple[tuple[date, int, int | None], ...]

    @property
    def share(self) -> float | None:
        return self.back / self.contacts if self.contacts else None


@dataclass(frozen=True)
class FixFigures:
    """Since the fix of a case (None: one that the reader may not see): the first day that counts, the promise, and
    week by week what came and was expected."""

    case: int | None
    start: date
    promised: float
    points: tuple[Point, ...]


@dataclass(frozen=True)
class IssueFigures:
    """Everything that is computed for one issue, with all below it.

    `unit` says what a week's value is: tickets, or tickets per 1,000 of something. Money and customers at risk are of a
    quarter, contact costs and refunds of the days looked at.
    """

    path: str
    label: str
    first: date
    last: date
    tickets: int
    before: int
    unit: str
    weeks: tuple[WeekFigure, ...]
    turns: tuple[Turn, ...]
    returns: ReturnFigures
    fix: FixFigures | None
    money: Range | None
    customers: Range | None
    cost: Range | None
    refunds: float
    seams: tuple[tuple[date, str, str], ...]

    @property
    def change(self) -> float | None:
        return self.tickets / self.before - 1 if self.before >= 10 else None
