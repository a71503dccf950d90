"""What the analysis is asked, and the figures it answers with: frozen, plain, and the same wherever they are shown."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.analysis import ranking, what_if
from apps.analysis.editions import AS_CODED
from apps.analysis.simulation import Range

PERIODS = (30, 90, 365)
MEASURES = {
    "tickets": _("Tickets"),
    "cost": _("Direct cost"),
    "money": _("Money at risk a quarter"),
    "customers": _("Customers at risk a quarter"),
    "dissatisfied": _("Dissatisfied customers"),
}
# The branches of the taxonomy from the root down, the issues themselves, or who owns them; each with its plural.
LEVELS = {"top": _("Areas"), "middle": _("Groups"), "leaf": _("Issues"), "department": _("Departments")}
PLACES = {
    "product": _("Product"),
    "region": _("Region"),
    "segment": _("Segment"),
    "department": _("Department"),
}
LEVERS = range(101)  # per cent
TEXTS = ("by", "level", "place", "release", "assume")


@dataclass(frozen=True)
class Asked:
    """What the analysis is asked: the days, the measure that orders the Pareto and the level of its bars, the places,
    and how far the three levers are pulled (per cent of problems prevented; points more who complain; points more
    who are satisfied).
    """

    days: int = 90
    by: str = "tickets"
    level: str = "leaf"
    place: str = "product"
    prevent: int = 10
    solicit: int = 10
    satisfy: int = 10
    release: str = ""
    assume: str = ""

    def __post_init__(self) -> None:
        must_be_a_release(self.release)
        if what_if.written(what_if.read(self.assume)) != self.assume:
            raise ValueError(gettext("the numbers tried out are not in their order"))
        choices = (
            (self.days, PERIODS), (self.by, MEASURES), (self.level, LEVELS), (self.place, PLACES)
        )  # fmt: skip
        levers = ((part, LEVERS) for part in (self.prevent, self.solicit, self.satisfy))
        for chosen, known in (*choices, *levers):
            if chosen not in known:
                raise ValueError(
                    gettext("%(chosen)s is none of %(known)s")
                    % {"chosen": chosen, "known": ", ".join(map(str, known))}
                )

    @classmethod
    def read(cls, words: dict[str, str]) -> "Asked":
        """From the words of a query; raises ValueError for what cannot be asked."""
        if unknown := set(words) - set(cls.__dataclass_fields__):
            raise ValueError(gettext("not known: %(unknown)s") % {"unknown": ", ".join(sorted(unknown))})
        texts = {name: word for name, word in words.items() if name in TEXTS}
        numbers = {name: int(word) for name, word in words.items() if name not in texts}
        return replace(replace(cls(), **numbers), **texts)  # type: ignore[arg-type]  # which is which is said above

    @property
    def words(self) -> dict[str, str]:
        """What it says, what is read as ever and not tried out left away: an address is as short as it can be."""
        said = {name: str(value) for name, value in vars(self).items()}
        return {name: word for name, word in said.items() if word or name not in ("release", "assume")}

    @property
    def query(self) -> str:
        return urlencode(self.words)

    @property
    def supposed(self) -> tuple[what_if.Supposed, ...]:
        return what_if.read(self.assume)


def must_be_a_release(written: str) -> None:
    """Raises ValueError."""
    if written not in ("", AS_CODED) and not (written.isdecimal() and len(written) < 9):
        raise ValueError(
            gettext("%(written)s is no release: a number, or %(as_coded)s")
            % {"written": written, "as_coded": AS_CODED}
        )


@dataclass(frozen=True)
class IssueFigure:
    """One bar of the Pareto, an issue, a branch or a department, or the tickets without a code (they have no rank).

    `tickets` now and in the span before; `share` and rank by the measure that was asked for; `cost` of contacts and
    refunds in these days; money and customers at risk in a quarter; different customers who judged our answer, and
    those of them who were dissatisfied. `visible_rise` is the smallest lasting factor a surge of tickets must have to
    show within two weeks, None when not even twenty times as many would. `issue` is the path of an issue or a branch,
    `owner` the short name of a department.
    """

    issue: str | None
    owner: str | None
    label: str
    tickets: int
    before: int
    share: float
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    cost: Range | None
    money: Range | None
    customers: Range | None
    judged: int
    dissatisfied: int
    visible_rise: float | None
    key: int | None

    @property
    def is_uncoded(self) -> bool:
        return self.rank is None

    @property
    def change(self) -> float | None:
        return self.tickets / self.before - 1 if self.before >= 10 else None

    @property
    def rank_words(self) -> str:
        if self.rank is None or self.rank_low is None or self.rank_high is None:
            return gettext("not ranked")
        return ranking.rank_words(self.rank, self.rank_low, self.rank_high)


@dataclass(frozen=True)
class PlaceFigure:
    """One issue in one place: how many of 1,000 contacts from there are about it, raw and pulled towards the others."""

    issue: str
    label: str
    place: str
    tickets: int
    contacts: int
    raw: float
    rate: float
    rank_words: str
    chance_of_top: float


@dataclass(frozen=True)
class Payoff:
    """What pulling a lever keeps."""

    lever: str
    customers: Range
    money: Range


@dataclass(frozen=True)
class DamageFigure:
    """Customers likely to be lost to the problems of these days, and their value a year."""

    told: int
    customers: Range
    lost: Range
    satisfied: Range
    mollified: Range
    dissatisfied: Range
    silent: Range
    money: Range
    soliciting_pays: bool
    stay_heard: float
    stay_silent: float
    payoffs: tuple[Payoff, ...]
    # The value of those lost a year, in the order above: it adds up to the whole at the likely values.
    worths: tuple[Range, Range, Range, Range]


@dataclass(frozen=True)
class ChargeFigure:
    """What contacts about the issues of one department cost, whoever answered them. None: nobody owns the issue."""

    department: str | None
    contacts: int
    elsewhere: int
    repeats: int
    refunds: Range
    cost: Range | None


@dataclass(frozen=True)
class CostFigures:
    """Direct costs: repeats, wrong routes, what was told to others, and the causing departments."""

    problems: int
    contacts: int
    repeats: int
    repeat_cost: Range | None
    moves: int
    move_cost: Range | None
    told_others: int
    word_of_mouth: Range | None
    charges: tuple[ChargeFigure, ...]


@dataclass(frozen=True)
class Tried:
    """What one number that is tried out changes in the value of customers lost, after those before it."""

    parameter: str
    name: str
    change: float


@dataclass(frozen=True)
class WhatIf:
    """The same with the numbers that are kept, None where these do not suffice; and what each tried number changes."""

    stored: DamageFigure | None
    steps: tuple[Tried, ...]


@dataclass(frozen=True)
class TrendLine:
    """One of the largest bars, week by week."""

    label: str
    issue: str | None
    weekly: tuple[int, ...]


@dataclass(frozen=True)
class Trend:
    """The first days of whole weeks, up to the last day, and the lines; `seams` are sentences and the weeks they stand
    before."""

    begins: tuple[date, ...]
    lines: tuple[TrendLine, ...]
    seams: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class Figures:
    """Everything that is computed, in the order of the page."""

    first: date
    last: date
    tickets: int
    before: int
    per_thousand: float | None
    exposure: str
    coded: float | None
    sentence: str
    issues: tuple[IssueFigure, ...]
    places: tuple[PlaceFigure, ...]
    damage: DamageFigure | None
    costs: CostFigures
    assumptions: tuple[str, ...]
    trend: Trend
    # None while nothing is tried out.
    what_if: WhatIf | None
