"""How many could have had a problem: a rate needs something below the line."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from apps.analysis.models import Exposure
from apps.analysis.series import Floats

COVERED = 0.9  # share of days that must have a number before the whole is believed


@dataclass(frozen=True)
class Denominators:
    """Exposure a day (days,); days without a number have the one before."""

    kind: str
    values: Floats

    @property
    def offset(self) -> Floats:
        """Its logarithm, around its own mean, as the engines want it."""
        offset: Floats = np.log(self.values / self.values.mean())
        return offset


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


def _filled(values: Floats) -> Floats:
    known = np.isfinite(values)
    last_known = np.maximum.accumulate(np.where(known, np.arange(len(values)), 0))
    filled = values[last_known]
    filled[np.isnan(filled)] = values[known][0]
    return filled
