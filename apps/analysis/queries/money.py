"""Money at risk through an issue, from the assumptions in force; and what is missing when it can't be said."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property

import numpy as np
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from apps.analysis.deadlines import today
from apps.analysis.models import Assumption, Parameter
from apps.analysis.series import Floats, Ints
from apps.analysis.simulation import Drawn, Estimate, Range, simulate_lost
from apps.analysis.what_if import Supposed
from apps.control.models import Survey
from helpdesk.models import Outcome, Ticket
from helpdesk.sentences import Words, in_a_row, labelled, said

SEED = 1  # the same figures give the same range every night
LEAST_ANSWERS = 30
ANSWERS_OF = timedelta(days=365)
QUARTER_DAYS = 91
NEEDED = (Parameter.CUSTOMER_VALUE, Parameter.MULTIPLIER, Parameter.LOSS_SILENT)
LOSSES = {
    Outcome.SATISFIED: Parameter.LOSS_SATISFIED,
    Outcome.MOLLIFIED: Parameter.LOSS_MOLLIFIED,
    Outcome.DISSATISFIED: Parameter.LOSS_DISSATISFIED,
}
LIKE_SILENT = said("Customers who told us are counted like silent ones: too little is known of the answers.")


@dataclass(frozen=True)
class Money:
    """Low, likely and high of a quarter's money at risk; all None with the reason in `note`."""

    low: Decimal | None
    likely: Decimal | None
    high: Decimal | None
    note: Words

    @property
    def is_known(self) -> bool:
        return self.likely is not None


@dataclass(frozen=True)
class Cells:
    """Contacts by what an assumption can be about: parallel (n,) issues (None: uncoded), channels, segments and
    tickets. Channel and segment are "" where no assumption tells them apart.
    """

    issues: Sequence[int | None]
    channels: Sequence[str]
    segments: Sequence[str]
    tickets: Floats

    @classmethod
    def of_issues(cls, issues: Sequence[int | None], tickets: Sequence[float] | Floats) -> "Cells":
        blank = [""] * len(issues)
        return cls(issues, blank, blank, np.asarray(tickets, np.float64))

    @cached_property
    def group(self) -> tuple[list[int | None], Ints]:
        """The issues there are, in order of appearance, and which of them each cell belongs to (n,)."""
        place = {issue: n for n, issue in enumerate(dict.fromkeys(self.issues))}
        return list(place), np.array([place[issue] for issue in self.issues], np.int64)


@dataclass(frozen=True)
class MoneyModel:
    """The assumptions in force, and how customers judged our answers, read once for a page or a night."""

    rows: dict[tuple[str, int | None, str, str], Assumption]
    shares: dict[str, float] | None
    _drawn: dict[str, Drawn] = field(default_factory=dict, compare=False)

    def row(
        self, parameter: str, issue: int | None = None, channel: str = "", segment: str = ""
    ) -> Assumption | None:
        """The row that is most about this: of the issue before of the segment before of the channel."""
        for one in dict.fromkeys((issue, None)):
            for part in dict.fromkeys((segment, "")):
                for way in dict.fromkeys((channel, "")):
                    if found := self.rows.get((parameter, one, way, part)):
                        return found
        return None

    def find(self, parameter: str, issue: int | None) -> Estimate | None:
        row = self.row(parameter, issue)
        return Estimate(float(row.low), float(row.likely), float(row.high)) if row else None

    def drawn(self, row: Assumption) -> Drawn:
        if row.key not in self._drawn:
            numbers = Estimate(float(row.low), float(row.likely), float(row.high))
            self._drawn[row.key] = Drawn.of(numbers, row.key, seed=SEED)
        return self._drawn[row.key]

    def column(self, parameter: str, cells: Cells) -> Drawn | None:
        """The number each cell uses, side by side; None while one of them has none."""
        places = zip(cells.issues, cells.channels, cells.segments, strict=True)
        chosen = [self.row(parameter, *place) for place in places]
        used = {row.key: row for row in chosen if row is not None}
        if not chosen or None in chosen:
            return None
        place = {key: n for n, key in enumerate(used)}
        index = np.array([place[row.key] for row in chosen if row is not None], np.int64)
        return Drawn.side_by_side([self.drawn(row) for row in used.values()], index)

    def missing(self, issue: int | None) -> list[Words]:
        return [labelled(name) for name in NEEDED if self.row(name, issue) is None]

    def at_risk(self, tickets: float, issue: int | None) -> Money:
        """A quarter's money at risk when `tickets` contacts about the issue come in a quarter."""
        found = self.weigh(Cells.of_issues([issue], [tickets]))
        if found is None:
            lacking = said("Not known until set: %(numbers)s.", numbers=in_a_row(self.missing(issue), ", "))
            return Money(None, None, None, lacking)
        money = found.range()
        return Money(money.low, money.likely, money.high, "" if self.knows_answers(issue) else LIKE_SILENT)

    def unit(self, issue: int | None) -> float | None:
        """The likely money one contact stands for; None while unknown."""
        found = self.weigh(Cells.of_issues([issue], [1.0]))
        return None if found is None else float(found.likely[0])

    def weigh(self, cells: Cells) -> Drawn | None:
        """Money at risk of each issue of the cells, in order of appearance: customers lost x value."""
        lost, value = self.lost(cells), self.column(Parameter.CUSTOMER_VALUE, cells)
        if lost is None or value is None:
            return None
        issues, group = cells.group
        return Drawn(lost.likely * value.likely, lost.draws * value.draws).summed(group, len(issues))

    def lose(self, cells: Cells) -> Drawn | None:
        """Customers lost through each issue of the cells, in order of appearance; no value is needed."""
        lost, (issues, group) = self.lost(cells), cells.group
        return lost.summed(group, len(issues)) if lost else None

    def lost(self, cells: Cells) -> Drawn | None:
        """Customers lost in each cell; None while a number it needs is not set."""
        multiplier = self.column(Parameter.MULTIPLIER, cells)
        silent = self.column(Parameter.LOSS_SILENT, cells)
        if multiplier is None or silent is None:
            return None
        row = self.row(Parameter.CUSTOMER_BASE)
        base = self.drawn(row) if row else None
        heard = self.heard(cells) or silent
        return simulate_lost(cells.tickets, multiplier=multiplier, heard=heard, silent=silent, base=base)

    def heard(self, cells: Cells) -> Drawn | None:
        """Share of those who told us and leave, by how our answers were judged; None while too little is known."""
        if self.shares is None:
            return None
        total: Drawn | None = None
        for outcome, parameter in LOSSES.items():
            column = self.column(parameter, cells)
            if column is None:
                return None
            part = column.times(self.shares[outcome])
            total = part if total is None else total.plus(part)
        return total

    def knows_answers(self, issue: int | None = None) -> bool:
        return self.shares is not None and all(self.row(name, issue) for name in LOSSES.values())

    def cost(self, parameter: str, count: float) -> Range | None:
        """So many times what one costs; None while nobody has said what one costs."""
        row = self.row(parameter)
        return self.drawn(row).times(count).range() if row else None

    def with_numbers(self, supposed: Sequence[Supposed]) -> "MoneyModel":
        """The same with other numbers for everybody, drawn in the order of the kept ones: only the numbers differ."""
        if not supposed:
            return self
        rows = {
            (one.parameter, None, "", ""): Assumption(
                parameter=one.parameter, low=one.low, likely=one.likely, high=one.high,
                source="tried out on the page",
            )
            for one in supposed
        }  # fmt: skip
        return MoneyModel(self.rows | rows, self.shares)

    @property
    def channels(self) -> frozenset[str]:
        """The channels some assumption tells apart."""
        return frozenset(channel for _, _, channel, _ in self.rows if channel)

    @property
    def segments(self) -> frozenset[str]:
        return frozenset(segment for *_, segment in self.rows if segment)

    @property
    def used(self) -> list[Assumption]:
        return list(self.rows.values())


def money_model(at: datetime | None = None) -> MoneyModel:
    """Two queries: the assumptions in force at this moment (without one: all there are, the latest of each kind), and
    the outcomes of the year's answered surveys.
    """
    answered = Ticket.objects.exclude(outcome="")
    if at is not None:
        # What customers said since was not known then.
        later = Exists(Survey.objects.filter(ticket=OuterRef("pk"), answered_at__gt=at))
        answered = answered.filter(~later, opened_at__gt=at - ANSWERS_OF, opened_at__lte=at)
    counts = answered.aggregate(
        **{outcome: Count("id", filter=Q(outcome=outcome)) for outcome in Outcome.values}
    )
    total = sum(counts.values())
    shares = {name: number / total for name, number in counts.items()} if total >= LEAST_ANSWERS else None
    rows = {(row.parameter, row.issue_id, row.channel, row.segment): row for row in assumptions(at)}
    return MoneyModel(rows, shares)


def assumptions(at: datetime | None) -> QuerySet[Assumption]:
    """The rows in force, with those who set them and answer for them."""
    rows = Assumption.objects.select_related("issue", "set_by", "owner")
    if at is None:
        return rows.order_by("valid_from", "set_at", "pk")  # the latest of each kind is read last, and stays
    return rows.in_force(today(at), known_at=at)
