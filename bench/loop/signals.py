"""Daily signals from CSV files: the surge engine walked over series that others have collected.

A file holds one or several daily series of the same days:

* `day`: a date (2024-05-31), or a number that counts days and is 0 on a Monday;
* `holiday` (may be left out): 1 on public holidays, else 0;
* `outbreak` (may be left out), or `outbreak_NAME` for the series NAME: above 0 on days of a true outbreak;
* every other column is a series of counts.

The last 343 days are judged (the second half of a series that is shorter than three years), with the one preset.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from apps.analysis.series import DAYS_A_YEAR, Bools, Calendar, Floats, Ints
from bench.loop.files import DataError, Sheet, read

DAY, HOLIDAY, OUTBREAK = "day", "holiday", "outbreak"
_JUDGED = 343
_LONG = 3 * 365
_LEAST = 168


@dataclass(frozen=True)
class Signals:
    """The series of a file (S, T), their calendar, days of true outbreaks (S, T) where they are known, and the first
    day to be judged.
    """

    counts: Floats
    calendar: Calendar
    outbreak: Bools | None
    first: int


def signals_of(path: Path) -> Signals:
    """Raises DataError."""
    sheet = read(path)
    days = len(sheet)
    if days < _LEAST:
        raise DataError(f"{path}: has {days} days; at least {_LEAST} are needed")
    names = [name for name in sheet.columns if name not in (DAY, HOLIDAY) and not name.startswith(OUTBREAK)]
    if not names:
        raise DataError(f"{path}: line 1: there is no series beside {DAY}, {HOLIDAY} and {OUTBREAK}")
    counts = np.stack([sheet.counts(name) for name in names])
    judged = _JUDGED if days >= _LONG else days // 2
    first = days - judged // 7 * 7
    return Signals(counts, _calendar(sheet), _outbreaks(sheet, names), first)


def _calendar(sheet: Sheet) -> Calendar:
    position = _positions(sheet)
    if (gaps := np.flatnonzero(np.diff(position) != 1)).size:
        raise sheet.fault(int(gaps[0]) + 1, DAY, "the day after the one above it")
    holiday = after = None
    if HOLIDAY in sheet.columns:
        holiday = sheet.counts(HOLIDAY) > 0
        after = np.concatenate([[False], holiday[:-1]]) & ~holiday
    return Calendar(position, DAYS_A_YEAR, position % 7, holiday, after)


def _positions(sheet: Sheet) -> Ints:
    """Days as numbers of which a Monday's is divisible by seven."""
    cells = sheet.text(DAY)
    if all(cell.lstrip("-").isdecimal() for cell in cells):
        return np.array(cells, np.int64)
    numbers = []
    for row, cell in enumerate(cells):
        try:
            numbers.append(date.fromisoformat(cell).toordinal() - 1)
        except ValueError as error:
            raise sheet.fault(row, DAY, "a date like 2024-05-31, or a whole number in every line") from error
    return np.array(numbers, np.int64)


def _outbreaks(sheet: Sheet, names: list[str]) -> Bools | None:
    """Days of true outbreaks (S, T). A column without a series' name holds for all that have none of their own; a
    series that has neither had no outbreak.
    """
    known = {name: sheet.counts(name) > 0 for name in sheet.columns if name.startswith(OUTBREAK)}
    if not known:
        return None
    if strange := known.keys() - {OUTBREAK} - {f"{OUTBREAK}_{name}" for name in names}:
        raise DataError(f"{sheet.path}: line 1: “{min(strange)}” belongs to none of the series")
    whole = known.get(OUTBREAK, np.zeros(len(sheet), np.bool_))
    return np.stack([known.get(f"{OUTBREAK}_{name}", whole) for name in names])
