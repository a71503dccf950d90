"""Everything a night looks at, read in a handful of queries whatever the number of lines."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

import numpy as np
from django.db.models import Count, Max, Sum

from apps.analysis.contacts import Contacts
from apps.analysis.deadlines import holidays_between
from apps.analysis.findings import LEAST_DAYS
from apps.analysis.lines import Line, Lines, lines_of
from apps.analysis.models import DayCount, Exposure, NewLevel
from apps.analysis.queries.contacts import read_contacts
from apps.analysis.queries.exposure import Denominators, read_exposure
from apps.analysis.queries.solicited import read_asked
from apps.analysis.queries.taxonomy import Taxonomy, place_names, read_taxonomy
from apps.analysis.series import Calendar, Floats, Ints
from apps.analysis.solicited import Asked
from helpdesk.models import TaxonomyRelease
from helpdesk.sentences import Words, said

HISTORY_DAYS = 756  # two years to learn from, four weeks to watch


@dataclass(frozen=True)
class Night:
    """What is known on the evening of `day`, as the engines want it."""

    day: date
    contacts: Contacts
    taxonomy: Taxonomy
    lines: Lines
    calendar: Calendar
    exposure: Denominators | None
    # Campaigns that asked customers to complain.
    asked: tuple[Asked, ...] = ()

    @property
    def offset(self) -> Floats | None:
        return self.exposure.offset if self.exposure else None

    @property
    def can_tell(self) -> bool:
        return self.contacts.days >= LEAST_DAYS and len(self.lines) > 0

    @property
    def subjects(self) -> list[Words]:
        return [subject(line, self.taxonomy) for line in self.lines.lines]


def subject(line: Line, taxonomy: Taxonomy) -> Words:
    """How a line is called in sentences: “Charged twice in region north”."""
    label = taxonomy.nodes[line.issue].label
    if line.place.is_everywhere:
        return label
    return said("%(issue)s in %(place)s", issue=label, place=line.place.words)


def first_day(last: date) -> date:
    """Where the history of a night begins."""
    return last - timedelta(days=HISTORY_DAYS - 1)


def read_night(last: date, edition: TaxonomyRelease | None = None, known_at: datetime | None = None) -> Night:
    """From the counted days up to and with `last`, in the present edition or an earlier one, with the levels that were
    accepted by `known_at` (all without it); eleven queries."""
    return _read(first_day(last), last, thin=False, edition=edition, known_at=known_at)


def read_history(first: date, last: date) -> Night:
    """All of it, with the lines that are too thin to be watched as well: they need not have been always."""
    return _read(first, last, thin=True)


def _read(
    first: date,
    last: date,
    *,
    thin: bool,
    edition: TaxonomyRelease | None = None,
    known_at: datetime | None = None,
) -> Night:
    taxonomy = read_taxonomy(edition)
    contacts = read_contacts(first, last, names=place_names(), crosswalk=taxonomy.crosswalk)
    return Night(
        day=last,
        contacts=contacts,
        taxonomy=taxonomy,
        lines=with_new_levels(lines_of(contacts, reasons(taxonomy), thin=thin), contacts, known_at),
        calendar=Calendar.of_days(contacts.first, contacts.days, holidays_between(contacts.first, last)),
        exposure=read_exposure(contacts.first, last),
        asked=tuple(read_asked(contacts.first, last)),
    )


def with_new_levels(lines: Lines, contacts: Contacts, known_at: datetime | None = None) -> Lines:
    """The lines, with the day from which a new level was accepted on them; a place has that of its issue, or its own.
    One query."""
    rows = NewLevel.objects.filter(accepted_at__lte=known_at) if known_at else NewLevel.objects.all()
    accepted = {
        (issue, dimension, value): contacts.index(since)
        for issue, dimension, value, since in rows.order_by("accepted_at", "pk").values_list(
            "issue", "dimension", "value", "since"
        )
    }
    if not accepted:
        return lines
    never = contacts.days
    begins = [
        accepted.get(
            (line.issue, line.place.dimension, line.place.value), accepted.get((line.issue, "", ""), never)
        )
        for line in lines.lines
    ]
    return replace(lines, accepted=np.array(begins, np.int64))


def reasons(taxonomy: Taxonomy) -> Ints:
    """The issues that are watched: reasons, not the four ways of having none."""
    return np.array([node.id for node in taxonomy.nodes.values() if node.is_reason], np.int64)


def basis_of(last: date, release: int | None) -> str:
    """A mark of all that a night rests on: as long as it is the same, so is what the engines say."""
    span = (first_day(last), last)
    counted = DayCount.objects.filter(day__range=span).aggregate(
        Count("day"), Max("counted_at"), Sum("tickets")
    )
    exposed = Exposure.objects.filter(day__range=span).aggregate(Count("pk"), Max("pk"), Sum("value"))
    accepted = NewLevel.objects.aggregate(Count("pk"), Max("pk"))
    parts = [sorted(rows.items()) for rows in (counted, exposed, accepted)]
    return sha256(repr([last, release, *parts]).encode()).hexdigest()
