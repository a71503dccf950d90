"""From arrays to findings: runs the engines over all lines of a night, and says what each found in plain words.

Pure: no ORM. A finding is what a `Signal` row will hold, minus who judged it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
from django.utils.translation import gettext_noop

from apps.analysis import drift, surge
from apps.analysis.contacts import Contacts
from apps.analysis.lines import Lines
from apps.analysis.localise import MISSING, Localisation, localise
from apps.analysis.localise import sentence as where_sentence
from apps.analysis.places import DIMENSIONS, Place, alongside, place_words
from apps.analysis.series import Calendar, Floats, Ints
from helpdesk.sentences import Words, said

LEAST_DAYS = 84  # eight weeks to learn from and four to watch
LEAST_WEEKS = 39
CHART_WEEKS = 26
HISTORY_WEEKS = 8  # matched weeks before the window, for localising
MOSTLY_IMPORTED = 0.5
LEAST_TO_LOCALISE = 10
NEARLY_ALL = 0.98
DETECTORS = {
    "surge": gettext_noop("NB-scan, daily"),
    "slow_burn": gettext_noop("two-quarter steps, weekly"),
    "chronic": gettext_noop("fair share, quarterly"),
}


@dataclass(frozen=True)
class Finding:
    """One thing that stands out on one line: the numbers, the days, and the sentence."""

    kind: str
    row: int
    issue: int
    place: Place
    sentence: Words
    started_on: date
    window_start: date
    window_end: date
    observed: float
    expected: float
    p: float | None = None
    q: float | None = None
    ceiling: float | None = None
    is_alarm: bool = True
    where: Words = ""
    weekly: tuple[float, ...] = field(default=())

    @property
    def ratio(self) -> float:
        return self.observed / max(self.expected, 1e-9)

    @property
    def excess(self) -> float:
        return self.observed - self.expected


def find_all(
    contacts: Contacts,
    lines: Lines,
    subjects: Sequence[Words],
    looked_at: surge.Survey,
    offset: Floats | None,
) -> list[Finding]:
    """Surges, slow burns and chronic problems, each with where it is concentrated and its last half year.

    `subjects` names each line, `looked_at` is the survey of them all; `offset` (days,) is that of `contacts`.
    """
    found = surges(contacts, lines, subjects, looked_at)
    found += drifts(contacts, lines, subjects, offset, looked_at.level)
    return with_weeks(found, lines)


def with_weeks(found: Sequence[Finding], lines: Lines) -> list[Finding]:
    """Each with the last half year of its line."""
    return [replace(finding, weekly=weekly(lines.counts[finding.row])) for finding in found]


def weekly(daily: Floats, weeks: int = CHART_WEEKS) -> tuple[float, ...]:
    """Tickets a week, oldest first, ending with the last day."""
    return tuple(drift.to_weeks(daily)[0, -weeks:].tolist())


def surges(
    contacts: Contacts, lines: Lines, subjects: Sequence[Words], looked_at: surge.Survey
) -> list[Finding]:
    """The lines that surge on the last day, but for what is in them and what was imported."""
    findings = []
    for found in surge.find_surges(looked_at, parents=lines.parents):
        # What is in a surging issue is said by localising it, and the watch-list is no signal.
        if found.parent is not None or not found.is_alarm or _is_import(contacts, lines, found):
            continue
        start, line = contacts.date(contacts.days - found.window), lines.lines[found.series]
        started = min(contacts.date(found.started), start)
        findings.append(
            Finding(
                kind="surge",
                row=found.series,
                issue=line.issue,
                place=line.place,
                sentence=surge.sentence(found, subjects[found.series], started=started),
                started_on=started,
                window_start=start,
                window_end=contacts.last,
                observed=found.observed,
                expected=round(found.expected, 4),
                p=found.p,
                q=found.q,
                ceiling=float(found.usual[1]),
                where=_where(contacts, line.issue, line.place, contacts.days - found.window),
            )
        )
    return findings


def _is_import(contacts: Contacts, lines: Lines, found: surge.Surge) -> bool:
    """A backlog that was loaded at once is no surge."""
    channels = contacts.names["channel"]
    if "import" not in channels:
        return False
    line = lines.lines[found.series]
    inside = contacts.cells_of([line.issue], line.place) & (contacts.day >= contacts.days - found.window)
    imported = inside & (contacts.codes["channel"] == channels.index("import"))
    return bool(contacts.tickets[imported].sum() > MOSTLY_IMPORTED * contacts.tickets[inside].sum())


def drifts(
    contacts: Contacts, lines: Lines, subjects: Sequence[Words], offset: Floats | None, level: Floats
) -> list[Finding]:
    """The lines that rose over two quarters, or stepped up and stayed, and those that are always too high.

    `level` (lines,) is the factor of the step that was accepted on a line (`lines.accepted`), 1 for none.
    """
    table = drift.to_weeks(lines.counts)
    weeks = table.shape[1]
    if weeks < LEAST_WEEKS:
        return []
    first = contacts.last - timedelta(days=7 * weeks - 1)
    by_week = drift.weekly_offset(offset, lines.accepted, level, lines.counts.shape[1])
    rising = drift.find_drifts(table, Calendar.of_weeks(first, weeks), offset=by_week)
    rows = {found.series for found in rising}
    quarter = contacts.last - timedelta(days=7 * drift.QUARTER - 1)
    findings = [
        Finding(
            kind="slow_burn", row=found.series, issue=lines.lines[found.series].issue,
            place=lines.lines[found.series].place, sentence=drift.sentence(found, subjects[found.series]),
            started_on=quarter - timedelta(days=7 * drift.QUARTER), window_start=quarter,
            window_end=contacts.last, observed=found.observed, expected=round(found.expected, 4), p=found.p,
            q=found.q,
            where=_where(contacts, lines.lines[found.series].issue, lines.lines[found.series].place,
                         contacts.index(quarter), history=2 * drift.QUARTER),
        )
        for found in rising
        if int(lines.parents[found.series]) not in rows
    ]  # fmt: skip
    return findings + _chronic(contacts, lines, subjects, table)


def _chronic(contacts: Contacts, lines: Lines, subjects: Sequence[Words], table: Floats) -> list[Finding]:
    whole = np.flatnonzero(lines.parents < 0)
    if table.shape[1] < 4 * drift.QUARTER:
        return []
    start = contacts.last - timedelta(days=7 * 4 * drift.QUARTER - 1)
    findings = []
    for found in drift.find_chronic(table[whole]):
        row = int(whole[found.series])
        observed = float(table[row, -4 * drift.QUARTER :].sum())
        # What a fair share of all contacts would have been over that year.
        fair = observed / max(
            sum(found.shares) / len(found.shares) * int((table[whole].sum(1) > 0).sum()), 1e-9
        )
        findings.append(
            Finding(
                kind="chronic",
                row=row,
                issue=lines.lines[row].issue,
                place=lines.lines[row].place,
                sentence=drift.chronic_sentence(found, subjects[row]),
                started_on=start,
                window_start=start,
                window_end=contacts.last,
                observed=observed,
                expected=round(fair, 4),
            )
        )
    return findings


def _where(contacts: Contacts, issue: int, place: Place, start: int, history: int = HISTORY_WEEKS) -> Words:
    """One sentence: which place explains the rise, against the weeks just before with the same weekdays."""
    length = contacts.days - start
    span = max(history * 7 // length, 1) * length if length < history * 7 else length
    begin = start - span
    if begin < 0:
        return ""
    inside = contacts.cells_of([issue], place) & (contacts.day >= begin)
    now = np.where(contacts.day[inside] >= start, contacts.tickets[inside], 0)
    before = np.where(contacts.day[inside] < start, contacts.tickets[inside], 0)
    if now.sum() < LEAST_TO_LOCALISE:
        return ""
    dimensions = [
        name
        for name in DIMENSIONS
        if name != place.dimension and _is_spread(contacts.codes[name][inside], contacts.tickets[inside])
    ]
    if not dimensions:
        return ""
    codes = np.stack([contacts.codes[name][inside] for name in dimensions], 1)
    leaves, leaf = np.unique(codes, axis=0, return_inverse=True)
    leaf = leaf.ravel()
    found = localise(
        leaves, np.bincount(leaf, now, len(leaves)), np.bincount(leaf, before, len(leaves)),
        nested=_nested(dimensions), growth=_growth_elsewhere(contacts, issue, start, begin),
    )  # fmt: skip
    return where_sentence(found, _words(found, dimensions, contacts), left_normal=False)


def _is_spread(codes: Ints, tickets: Ints) -> bool:
    """Whether a dimension can tell anything: an issue that only one product ever has is not explained by it."""
    _, value = np.unique(codes, return_inverse=True)
    by_value = np.bincount(value, tickets)
    return bool(by_value.max() < NEARLY_ALL * by_value.sum())


def _nested(dimensions: Sequence[str]) -> list[tuple[int, int]]:
    """A version says its product already."""
    if {"product", "version"} <= set(dimensions):
        return [(dimensions.index("product"), dimensions.index("version"))]
    return []


def _growth_elsewhere(contacts: Contacts, issue: int, start: int, begin: int) -> float:
    """How all other contacts changed between the two spans: that much more is nobody's fault."""
    others = contacts.total.copy()
    mine = contacts.cells_of([issue])
    others -= np.bincount(contacts.day[mine], contacts.tickets[mine], contacts.days)
    now, before = max(others[start:].sum(), 0.0), max(others[begin:start].sum(), 0.0)
    return float((now + 1) / (before + (start - begin) / (contacts.days - start)))


def _words(found: Localisation, dimensions: Sequence[str], contacts: Contacts) -> list[Words]:
    return [
        alongside(_place(contacts, dimensions[attribute], code) for attribute, code in cause.place)
        for cause in found.causes
    ]


def _place(contacts: Contacts, dimension: str, code: int) -> Words:
    return place_words(
        dimension, said("not recorded") if code == MISSING else contacts.names[dimension][code]
    )
