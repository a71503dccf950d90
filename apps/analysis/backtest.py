"""History played to the detectors night by night, as if they had been switched on then.

Every night sees its past only: the days up to itself, and the lines that were thick enough by then. The baseline is
fitted anew once a week instead of every night, on what lay before that week's watched days, so that a year and a half
takes seconds; at most it is six days older than in life. What is raised counts once for as long as it goes on: a
signal is over when it was not seen for four weeks.

How many of those raised may be false is counted, not believed: worlds with the same lines in which nothing happens,
each day drawn from the robust baseline of its issue (negative binomial, the issue's dispersion, no trend), are played
to the same detectors. Limits: noise that lasts for days is not in those worlds, lines of one issue are drawn apart, and
an outbreak that is large and long enough to bend its own baseline bends that of the worlds as well.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from apps.analysis import drift, findings, surge
from apps.analysis.baseline import design, fit
from apps.analysis.contacts import Contacts
from apps.analysis.findings import LEAST_DAYS, LEAST_WEEKS, Finding
from apps.analysis.lines import Lines, is_thick
from apps.analysis.series import Calendar, Floats, Ints
from helpdesk.sentences import Words

EPISODE = 28  # nights without a sighting that end a signal
WEEK = 7
HISTORY = 756

Key = tuple[str, int, str, str]
Screen = Callable[[list[Finding], Contacts], list[Finding]]
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Raised:
    """One signal that would have been: what it said on the first night, and how long it was seen."""

    found: Finding
    on: date
    last: date
    nights: int

    @property
    def key(self) -> Key:
        return key_of(self.found)


@dataclass(frozen=True)
class World:
    """What is played: all lines of the whole history, thick or not, with its calendar and exposure."""

    lines: Lines
    calendar: Calendar
    offset: Floats | None

    @property
    def days(self) -> int:
        return int(self.lines.counts.shape[1])


@dataclass(frozen=True)
class Evening:
    """One night: its day as an index, the rows of the lines that are watched by then, and their survey up to it."""

    day: int
    rows: Ints
    lines: Lines
    looked_at: surge.Survey
    is_weekly: bool


def key_of(found: Finding) -> Key:
    return found.kind, found.issue, found.place.dimension, found.place.value


def evenings(
    world: World, start: int, stop: int, every: int = 1, progress: Told = lambda done, of: None
) -> Iterator[Evening]:
    """The nights from day `start` up to, not including, `stop`, every so many."""
    nights = range(max(start, LEAST_DAYS - 1), stop, every)
    for first in range(nights.start, stop, WEEK):
        week = [day for day in nights if first <= day < first + WEEK]
        if not week:
            continue
        rows = _watched(world.lines, first)
        if rows.size:
            yield from _week(world, rows, week)
        progress(week[-1] - nights.start + 1, stop - nights.start)


def replay(
    world: World, contacts: Contacts, subjects: Sequence[Words], screen: Screen, start: int, stop: int, *,
    every: int = 1, progress: Told = lambda done, of: None,
) -> list[Raised]:  # fmt: skip
    """What would have been raised, in the order of time. `screen` is what a night does with its findings at last."""
    episodes = Episodes()
    for evening in evenings(world, start, stop, every, progress):
        known = contacts.until(evening.day)
        called = [subjects[row] for row in evening.rows]
        found = findings.surges(known, evening.lines, called, evening.looked_at)
        if evening.is_weekly:
            found += findings.drifts(
                known, evening.lines, called, _offset(world, evening), evening.looked_at.level
            )
        for finding in screen(found, known):
            episodes.see(finding, known.last)
    return episodes.raised


def false_alarms(
    world: World, start: int, stop: int, *, every: int = 1, seed: int, progress: Told = lambda done, of: None
) -> Counter[str]:
    """How many signals of each kind are raised in a world like this one in which nothing happens."""
    null = quiet(world, seed)
    seen: dict[tuple[str, int], int] = {}
    count: Counter[str] = Counter()
    for evening in evenings(null, start, stop, every, progress):
        for found in _alarms(evening, world):
            last = seen.get(found)
            count[found[0]] += last is None or evening.day - last > EPISODE
            seen[found] = evening.day
    return count


def quiet(world: World, seed: int) -> World:
    """The same lines, drawn anew: each issue with its own level, season and weekdays but no trend, each place of it as
    its constant share, which has the same share of what the issue spreads beyond chance."""
    lines, dice = world.lines, np.random.default_rng(seed)
    own, whole = (
        np.flatnonzero(lines.parents < 0),
        np.where(lines.parents < 0, np.arange(len(lines)), lines.parents),
    )
    model = design(world.calendar, trend=False)
    weights = (np.arange(world.days)[None] >= lines.since[own, None]).astype(np.float64)
    penalty = np.tile(model.penalty, (len(own), 1))
    # A thin line would rather draw a wave through noise than admit that it sees none.
    penalty[lines.counts[own].mean(1) < 1, model.yearly] *= 5
    fitted = fit(lines.counts[own], model.columns, penalty, offset=world.offset, weights=weights)
    row = np.searchsorted(own, whole)
    share = lines.counts.sum(1) / np.maximum(lines.counts[whole].sum(1), 1)
    mean = (fitted.expected * weights)[row] * share[:, None]
    spread = np.maximum((fitted.dispersion[row] - 1) * share, 1e-6)[:, None]
    drawn = dice.poisson(dice.gamma(np.maximum(mean, 1e-12) / spread, spread)).astype(np.float64)
    return replace(world, lines=replace(lines, counts=drawn))


class Episodes:
    """Folds what is seen night after night into one signal."""

    def __init__(self) -> None:
        self.raised: list[Raised] = []
        self._latest: dict[Key, int] = {}

    def see(self, found: Finding, day: date) -> None:
        at = self._latest.get(key_of(found))
        if at is not None and day - self.raised[at].last <= timedelta(days=EPISODE):
            known = self.raised[at]
            self.raised[at] = replace(known, last=day, nights=known.nights + 1)
            return
        self._latest[key_of(found)] = len(self.raised)
        self.raised.append(Raised(found, day, day, 1))


def _watched(lines: Lines, day: int) -> Ints:
    """Issues that had contacts by that evening, and places that were thick enough by then."""
    past = lines.counts[:, _oldest(day) : day + 1]
    rows: Ints = np.flatnonzero(np.where(lines.parents < 0, past.any(1), is_thick(past)))
    return rows


def _week(world: World, rows: Ints, week: list[int]) -> Iterator[Evening]:
    """One fit for the week; each night of it is cut off after itself."""
    oldest, end = _oldest(week[-1]), week[-1] + 1
    place = np.full(len(world.lines) + 1, -1)
    place[rows] = np.arange(len(rows))
    lines = Lines(
        tuple(world.lines.lines[row] for row in rows),
        world.lines.counts[rows],
        place[world.lines.parents[rows]],
        world.lines.since[rows],
    )
    span = week[-1] - week[0]
    looked_at = surge.survey(
        lines.counts[:, oldest:end],
        world.calendar.between(oldest, end),
        offset=None if world.offset is None else world.offset[oldest:end],
        since=np.maximum(lines.since - oldest, 0),
        parents=lines.parents,
        watched=min(2 * surge.DAILY.reach + span, end - oldest - 2 * surge.DAILY.reach),
    )
    looked_at = replace(looked_at, first=looked_at.first + oldest)
    for day in week:
        upto = replace(lines, counts=lines.counts[:, _oldest(day) : day + 1])
        yield Evening(day, rows, upto, _until(looked_at, day), is_weekly=day == week[-1])


def _oldest(day: int) -> int:
    """Where the history of a night begins."""
    return max(day + 1 - HISTORY, 0)


def _offset(world: World, evening: Evening) -> Floats | None:
    return None if world.offset is None else world.offset[_oldest(evening.day) : evening.day + 1]


def _until(found: surge.Survey, day: int) -> surge.Survey:
    steps = day + 1 - found.first
    return replace(
        found, observed=found.observed[:, :steps], expected=found.expected[:, :steps], p=found.p[:, :steps],
        window=found.window[:, :steps], log_variance=found.log_variance[:, :steps],
    )  # fmt: skip


def _alarms(evening: Evening, world: World) -> list[tuple[str, int]]:
    """(kind, row) of what a night raises where there are no contacts to look into."""
    parents = evening.lines.parents
    found = surge.find_surges(evening.looked_at, parents=parents)
    alarms = [
        ("surge", int(evening.rows[one.series])) for one in found if one.is_alarm and one.parent is None
    ]
    table = drift.to_weeks(evening.lines.counts) if evening.is_weekly else np.zeros((0, 0))
    weeks = table.shape[1]
    if weeks < LEAST_WEEKS:
        return alarms
    by_week = drift.weekly_offset(
        _offset(world, evening), None, evening.looked_at.level, evening.lines.counts.shape[1]
    )
    first = date.fromordinal(int(world.calendar.position[evening.day]) - WEEK * weeks + 1)
    rising = drift.find_drifts(table, Calendar.of_weeks(first, weeks), offset=by_week)
    rows = {one.series for one in rising}
    return alarms + [
        ("slow_burn", int(evening.rows[one.series])) for one in rising if int(parents[one.series]) not in rows
    ]
