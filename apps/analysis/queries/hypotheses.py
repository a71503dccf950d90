"""What the engines need to hold a prediction against the tickets: four counts a week, or a series with its shape."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches

import numpy as np

from apps.analysis.baseline import design, fit
from apps.analysis.contacts import Contacts
from apps.analysis.contrast import Fourfold
from apps.analysis.deadlines import yesterday
from apps.analysis.models import Action, CalendarEntry, Case
from apps.analysis.places import DIMENSIONS, Place
from apps.analysis.queries.contacts import Measures, read_measured
from apps.analysis.queries.metric import as_today, read_metric
from apps.analysis.queries.prospect import baseline_of
from apps.analysis.queries.taxonomy import place_names, read_taxonomy
from apps.analysis.series import DAYS_A_WEEK, Bools, Floats, Ints
from helpdesk.models import Customer

ORGANISATION = "organisation"
ASKED = (*DIMENSIONS, ORGANISATION)  # what can be asked of a place
BEFORE_DAYS = 91  # at least so much is looked at before the predicted day
SMOOTHED = 29  # days over which the other contacts are averaged, to take season and growth out


@dataclass(frozen=True)
class PlaceCounts:
    """The tickets of a case and the other contacts, in a place and outside; `unknown` tickets do not name theirs."""

    first: date
    last: date
    since: Fourfold
    before: Fourfold | None
    unknown: int


@dataclass(frozen=True)
class DailyCounts:
    """Tickets of a case a day, and what weekday, holidays, exposure or the other contacts lead to expect of a day."""

    first: date
    last: date
    tickets: Floats
    shape: Floats

    def day(self, index: int) -> date:
        return self.first + timedelta(days=index)

    def index(self, day: date) -> int:
        return (day - self.first).days


def looked_at(case: Case, since: date | None, at: datetime) -> tuple[date, date]:
    """From half a year before it was noticed, or a quarter before the predicted day, to yesterday or the day before
    the first fix was in place: what a fix removed would speak against its own cause. One query."""
    first = baseline_of(case)
    if since is not None:
        first = min(first, since - timedelta(days=BEFORE_DAYS))
    fixed = Action.objects.filter(case=case, implemented_on__isnull=False).order_by("implemented_on").first()
    last = yesterday(at)
    if fixed is not None and fixed.implemented_on is not None and fixed.implemented_on > case.detection_start:
        last = min(last, fixed.implemented_on - timedelta(days=1))
    return first, last


def place_counts(
    case: Case, place: Place, since: date | None, *, first: date, last: date
) -> PlaceCounts | list[str]:
    """Four counts a week, back from `last`; the names nearest to the one asked for where there is no such place."""
    taxonomy = read_taxonomy()
    contacts, measures = read_measured(first, last, names=place_names(), crosswalk=taxonomy.crosswalk)
    inside, known = _inside(contacts, measures, place)
    if not inside.any():
        return _near(contacts, place)
    own = contacts.cells_of(as_today(taxonomy.subtree(case.issue_id), taxonomy) if case.issue_id else ())
    # A case about one place is held against the other contacts of that place.
    within = contacts.cells_of(np.unique(contacts.issue).tolist(), Place(case.dimension, case.value))
    own &= within
    others = within & measures.first & ~own
    cut = contacts.index(since) if since is not None else 0
    tables = [
        _fourfold(contacts.day, start, stop, own & known, others & known, inside)
        for start, stop in ((max(cut, 0), contacts.days), (0, max(cut, 0)))
    ]
    unknown = int((own & ~known & (contacts.day >= cut)).sum())
    return PlaceCounts(contacts.first, last, tables[0], tables[1] if cut > 0 else None, unknown)


def daily_counts(case: Case, *, first: date, last: date) -> DailyCounts:
    """The series of a case, as its chart and its proof count it."""
    metric = read_metric(case, first, last)
    offset = metric.offset
    if offset is None:
        width = min(SMOOTHED, len(metric.others))
        usual = np.convolve(metric.others, np.ones(width), "same")
        usual /= np.convolve(np.ones(len(metric.others)), np.ones(width), "same")
        offset = np.log(np.maximum(usual, 0.1) / max(float(usual.mean()), 0.1))
    model = design(metric.calendar, harmonics=0, trend=False)
    expected = fit(metric.tickets[None], model.columns, model.penalty, offset=offset).expected[0]
    shape = np.maximum(expected / max(float(expected.mean()), 1e-9), 0.01)
    return DailyCounts(metric.first, metric.last, metric.tickets, shape)


def entries_for(case: Case, first: date, last: date) -> list[CalendarEntry]:
    """What the calendar has between two days, for everybody or for the place of the case. One query."""
    place = {case.dimension: case.value} if case.dimension in ("product", "region") else {}
    found = CalendarEntry.objects.touching(first, last).about(**place)
    return list(found.select_related("product").order_by("day", "pk"))


def _inside(contacts: Contacts, measures: Measures, place: Place) -> tuple[Bools, Bools]:
    """Which cells lie in the place, and of which it is known."""
    if place.dimension == ORGANISATION:
        members = Customer.objects.filter(organisation__iexact=place.value).values_list("pk", flat=True)
        everybody: Bools = np.ones(len(contacts.day), np.bool_)
        return np.isin(measures.customer, list(members)), everybody
    codes, names = contacts.codes[place.dimension], contacts.names[place.dimension]
    wanted = [number for number, name in enumerate(names) if name.casefold() == place.value.casefold()]
    return np.isin(codes, wanted), codes >= 0


def _near(contacts: Contacts, place: Place) -> list[str]:
    if place.dimension == ORGANISATION:
        return []
    names = contacts.names[place.dimension]
    return get_close_matches(place.value, names, 5, 0.4) or list(names[:5])


def _fourfold(day: Ints, start: int, stop: int, own: Bools, others: Bools, inside: Bools) -> Fourfold:
    """By weeks that end with the last day."""
    weeks = max(-(-(stop - start) // DAYS_A_WEEK), 1)
    within = (day >= start) & (day < stop)
    week = (stop - 1 - day) // DAYS_A_WEEK

    def count(cells: Bools) -> Floats:
        return np.bincount(week[cells & within], minlength=weeks).astype(np.float64)

    return Fourfold(
        count(own & inside), count(own & ~inside), count(others & inside), count(others & ~inside)
    )
