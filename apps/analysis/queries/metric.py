"""The metric of a case, as the proof counts it: its tickets a day, what they are held against, and their neighbours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from apps.analysis.contacts import Contacts
from apps.analysis.deadlines import holidays_between
from apps.analysis.models import Case
from apps.analysis.places import Place
from apps.analysis.queries.contacts import read_contacts
from apps.analysis.queries.exposure import read_exposure
from apps.analysis.queries.taxonomy import Taxonomy, place_names, read_taxonomy
from apps.analysis.series import Calendar, Floats


@dataclass(frozen=True)
class Metric:
    """Counts a day (days,) from `first` on: the case's issue in its place, its neighbours, all other contacts; every
    issue's own line (S, days) to learn from how far rates wander by themselves."""

    first: date
    calendar: Calendar
    tickets: Floats
    neighbours: Floats
    others: Floats
    everything: Floats
    offset: Floats | None
    denominator: str
    neighbour_issues: tuple[int, ...]

    def index(self, day: date) -> int:
        return (day - self.first).days

    def since(self, day: date) -> "Metric":
        """The same from a later day on."""
        start = max(self.index(day), 0)
        rest = slice(start, None)
        return Metric(
            self.first + timedelta(days=start), self.calendar.between(start, len(self.tickets)), self.tickets[rest],
            self.neighbours[rest], self.others[rest], self.everything[:, rest],
            None if self.offset is None else self.offset[rest], self.denominator, self.neighbour_issues,
        )  # fmt: skip

    @property
    def last(self) -> date:
        return self.first + timedelta(days=len(self.tickets) - 1)


def read_metric(
    case: Case, first: date, last: date, *, neighbours: tuple[int, ...] | None = None, denominator: str = ""
) -> Metric:
    """Read it from the counted days; fewer days than asked for when the tickets begin later."""
    taxonomy = read_taxonomy()
    contacts = read_contacts(first, last, names=place_names(), crosswalk=taxonomy.crosswalk)
    return metric_of(case, contacts, taxonomy, neighbours=neighbours, denominator=denominator)


def metric_of(
    case: Case,
    contacts: Contacts,
    taxonomy: Taxonomy,
    *,
    neighbours: tuple[int, ...] | None = None,
    denominator: str = "",
) -> Metric:
    """The same from contacts that were read for something else too. Two queries."""
    last = contacts.last
    # Read as today: an issue that was merged into another does not look as if it had been cured.
    own = as_today(taxonomy.subtree(case.issue_id), taxonomy) if case.issue_id else ()
    beside = neighbours if neighbours is not None else _neighbours(case, taxonomy)
    beside = tuple(issue for issue in as_today(beside, taxonomy) if issue not in own)
    place = Place(case.dimension, case.value)
    tickets, moved = contacts.daily(own, place), contacts.daily(beside, place)
    exposure = None if denominator == "contacts" else read_exposure(contacts.first, last, denominator)
    return Metric(
        first=contacts.first,
        calendar=Calendar.of_days(contacts.first, contacts.days, holidays_between(contacts.first, last)),
        tickets=tickets,
        neighbours=moved,
        others=np.maximum(contacts.total - contacts.daily(own) - contacts.daily(beside), 0.0),
        everything=_each_issue(contacts),
        offset=exposure.offset if exposure else None,
        denominator=exposure.kind if exposure else "contacts",
        neighbour_issues=beside,
    )


def as_today(issues: Iterable[int], taxonomy: Taxonomy) -> tuple[int, ...]:
    return tuple(dict.fromkeys(taxonomy.read_as(issue) for issue in issues))


def _neighbours(case: Case, taxonomy: Taxonomy) -> tuple[int, ...]:
    return taxonomy.neighbours(case.issue_id) if case.issue_id else ()


def _each_issue(contacts: Contacts) -> Floats:
    present, row = np.unique(contacts.issue, return_inverse=True)
    cells = row * contacts.days + contacts.day
    return (
        np.bincount(cells, contacts.tickets, len(present) * contacts.days)
        .reshape(-1, contacts.days)
        .astype(float)
    )
