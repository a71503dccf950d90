"""The largest bars of the Pareto week by week, and where releases changed what they count."""

from datetime import date, timedelta

import numpy as np

from apps.analysis.contacts import Contacts
from apps.analysis.figures import IssueFigure, Trend, TrendLine
from apps.analysis.process_chart import by_week
from apps.analysis.queries.editions import InEdition
from apps.analysis.queries.pareto import Bars
from apps.analysis.series import DAYS_A_WEEK, Floats

LINES = 3  # a fourth can't be told apart


def trend(found: Bars, contacts: Contacts, read: InEdition) -> Trend:
    """Over all days that were read, those before the span among them, in whole weeks that end with the last day."""
    weeks = contacts.days // DAYS_A_WEEK
    skipped = contacts.days - weeks * DAYS_A_WEEK
    begins = tuple(contacts.date(skipped + DAYS_A_WEEK * n) for n in range(weeks))
    top = [row for row in found.rows if not row.is_uncoded][:LINES]
    if not weeks or not top or found.grouping is None:
        return Trend((), (), ())
    lines = tuple(
        TrendLine(row.label, row.issue, tuple(map(int, by_week(_daily(found, row, contacts))))) for row in top
    )
    return Trend(begins, lines, _seams(top, begins, contacts, read))


def week_of(day: date, begins: tuple[date, ...]) -> int:
    """The first week that lies after a day's beginning: a mark stands before it."""
    return (
        max(sum(begin < day for begin in begins) - 1, 0) if begins and day < begins[-1] + timedelta(7) else 0
    )


def _daily(found: Bars, row: IssueFigure, contacts: Contacts) -> Floats:
    assert found.grouping is not None  # noqa: S101 (asked before)
    chosen = found.grouping.place[contacts.issue] == found.place(row)
    return np.bincount(contacts.day[chosen], contacts.tickets[chosen], contacts.days).astype(np.float64)


def _seams(
    top: list[IssueFigure], begins: tuple[date, ...], contacts: Contacts, read: InEdition
) -> tuple[tuple[int, str, str], ...]:
    """Of the present reading alone: in another one the tickets are counted alike on both sides."""
    if not read.is_present:
        return ()
    return tuple(
        (week_of(seam.day, begins), f"{row.label}: {seam.mark}", f"{row.label}: {seam.words}")
        for row in top
        if row.key is not None
        for seam in read.seams(row.key, first=contacts.first, last=contacts.last)
    )
