"""How many could have had a problem: a rate needs something below the line."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import Count
from django.utils.translation import gettext as _

from apps.analysis.deadlines import yesterday
from apps.analysis.models import DayCount, Exposure
from apps.analysis.provenance import Provenance
from apps.analysis.series import Floats
from helpdesk.marked import inside
from helpdesk.sentences import Words, said

COVERED = 0.9  # share of days that must have a number before the whole is believed
CONTACTS = "contacts"
YEARS = 728  # days the page looks back
LATEST = 30
SMOOTHED = 28  # days over which contacts are averaged: a single day of them is mostly chance


@dataclass(frozen=True)
class Denominators:
    """Exposure a day (days,); days without a number have the one before."""

    kind: str
    values: Floats

    @property
    def is_computed(self) -> bool:
        """Nobody entered it: it is worked out of the contacts themselves."""
        return self.kind == CONTACTS

    @property
    def called(self) -> str:
        return _("all contacts") if self.is_computed else inside(Exposure.Kind(self.kind).label)

    @property
    def offset(self) -> Floats:
        """Its logarithm, around its own mean, as the engines want it."""
        offset: Floats = np.log(self.values / self.values.mean())
        return offset

    @property
    def sentence(self) -> Words:
        if self.is_computed:
            return said("No exposure is entered for these days: rates are per contact of all kinds.")
        if self.kind == Exposure.Kind.ORDERS:
            return said("Rates are per orders.")
        return said("Rates are per active customers.")


@dataclass(frozen=True)
class ExposurePage:
    """Which numbers are used, how much of two years they cover, and the latest of them."""

    used: Denominators
    share: float
    latest: tuple[Exposure, ...]
    figures: "ExposureFigures"
    provenance: Provenance


@dataclass(frozen=True)
class ExposureFigures:
    """What is computed of it: what rates are held against, its mean a day, and the share of days that have a number."""

    used: str
    daily: float
    share: float


def exposure_page(*, at: datetime) -> ExposurePage:
    """For the two years up to yesterday; four queries."""
    last = yesterday(at)
    first = last - timedelta(days=YEARS - 1)
    opened = DayCount.objects.filter(day__range=(first, last)).order_by("day").values_list("day", "tickets")
    known = dict(opened)
    first = min(known, default=last)
    days = (last - first).days + 1
    contacts = np.array([float(known.get(first + timedelta(days=n), 0)) for n in range(days)])
    rows = Exposure.objects.filter(day__range=(first, last)).values("kind").annotate(days=Count("pk"))
    share = max((row["days"] for row in rows), default=0) / days
    latest = Exposure.objects.order_by("-day", "kind")[:LATEST]
    used = exposure_or_contacts(read_exposure(first, last), contacts)
    figures = ExposureFigures(used.kind, float(used.values.mean()), share)
    # No code of a ticket is read: the figures are of no edition of the taxonomy.
    where = Provenance.of("exposure", {}, release=None, as_of=at, figures=figures)
    return ExposurePage(used, share, tuple(latest), figures, where)


def read_exposure(first: date, last: date, kind: str = "") -> Denominators | None:
    """The exposure of these days: of the kind asked for, else the kind that covers most; None when none does."""
    days = (last - first).days + 1
    rows = Exposure.objects.filter(day__range=(first, last)).order_by("kind", "day")
    tables: dict[str, Floats] = {}
    for row in rows.filter(kind=kind) if kind else rows:
        tables.setdefault(row.kind, np.full(days, np.nan))[(row.day - first).days] = row.value
    best = max(tables, key=lambda name: int(np.isfinite(tables[name]).sum()), default=None)
    if best is None or np.isfinite(tables[best]).mean() < COVERED:
        return None
    return Denominators(best, _filled(tables[best]))


def exposure_or_contacts(known: Denominators | None, contacts: Floats) -> Denominators:
    """What rates are held against: what was entered or imported, else all `contacts` (days,), four weeks at a time.

    The engines take only the former for an offset. A surge is part of all contacts, so that dividing by them would
    hide some of it; general growth is in the trend and the local level already.
    """
    if known is not None:
        return known
    sums = np.concatenate([[0.0], np.cumsum(contacts)])
    stop = np.arange(1, len(contacts) + 1)
    start = np.maximum(stop - SMOOTHED, 0)
    return Denominators(CONTACTS, np.maximum((sums[stop] - sums[start]) / (stop - start), 1e-9))


def _filled(values: Floats) -> Floats:
    known = np.isfinite(values)
    last_known = np.maximum.accumulate(np.where(known, np.arange(len(values)), 0))
    filled = values[last_known]
    filled[np.isnan(filled)] = values[known][0]
    return filled
