"""Business-hours clocks: when is it due, how much working time is left.

Method: the opening hours of each local day are turned into spans of UTC microseconds, and all arithmetic is
done there, so a day of 23 or 25 hours counts what it really has. A wall time that happens twice (clocks set
back) means its first occurrence; one that never happens (clocks set forward) means the moment they jump.
Both rules keep wall times in order, so spans never overlap, at whatever hour a country changes its clocks.

Units: working minutes; whole microseconds inside, so a minute that was added is a minute found again.
Shapes: a pause is (from, to), `to` being None while it lasts; pauses may overlap and come in any order.
Limits: within the engine a shift over midnight is two spans, "22:00-24:00" and "00:00-06:00" the next day; `week`
reads "22:00-06:00" as just that. A holiday closes a date, so it takes the morning of a night shift away.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays as public
from django.utils.translation import gettext

Span = tuple[int, int]
Pause = tuple[datetime, datetime | None]

MINUTES_A_DAY = 24 * 60
DAYS_A_WEEK = 7
TICKS_A_MINUTE = 60_000_000
TICK = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SOON_AFTER = 0.75
NEVER = 2**62


@dataclass(frozen=True)
class BusinessCalendar:
    """When somebody is there to do the work: opening hours by weekday in one time zone, and the days off.

    `week` has seven entries, Monday first, each a tuple of (start, end) in minutes after local midnight.
    """

    timezone: str
    week: tuple[tuple[Span, ...], ...]
    holidays: frozenset[date] = frozenset()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ZoneInfo(self.timezone)
        if len(self.week) != DAYS_A_WEEK:
            raise ValueError(gettext("A calendar has seven days, Monday first."))
        if not any(self.week):
            raise ValueError(gettext("A calendar that is never open has no due times."))
        for spans in self.week:
            _require_order(spans)
        # It is the key under which its days are remembered, and asked for with each of them.
        object.__setattr__(self, "_hash", hash((self.timezone, self.week, self.holidays)))

    def __hash__(self) -> int:
        return self._hash

    def hours_on(self, day: date) -> tuple[Span, ...]:
        return () if day in self.holidays else self.week[day.weekday()]


def _require_order(spans: tuple[Span, ...]) -> None:
    reached = 0
    for start, end in spans:
        if not reached <= start < end <= MINUTES_A_DAY:
            raise ValueError(
                gettext("Opening hours must follow each other within the day: %(spans)s.")
                % {"spans": ", ".join(f"{_time(start)}-{_time(end)}" for start, end in spans)}
            )
        reached = end


def hours(text: str) -> tuple[Span, ...]:
    """Read "09:00-12:30 13:30-18:00" (24:00 may end it, empty means closed); ValueError for anything else."""
    spans = tuple(_span(part) for part in text.replace(",", " ").split())
    _require_order(spans)
    return spans


def week(texts: Sequence[str]) -> tuple[tuple[Span, ...], ...]:
    """Read seven days, Monday first; "22:00-06:00" goes on into the next day. ValueError for what can't be."""
    days: list[list[Span]] = [[] for _ in texts]
    for number, text in enumerate(texts):
        for part in text.replace(",", " ").split():
            start, end = _span(part)
            if start < end:
                days[number].append((start, end))
                continue
            days[number].append((start, MINUTES_A_DAY))
            if end:
                days[(number + 1) % len(texts)].append((0, end))
    for spans in days:
        spans.sort()
        _require_order(tuple(spans))
    return tuple(tuple(spans) for spans in days)


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _span(text: str) -> Span:
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(gettext("Opening hours look like 09:00-17:30, not “%(text)s”.") % {"text": text})
    return _minute_of_day(start), _minute_of_day(end)


def _minute_of_day(text: str) -> int:
    hour, colon, minute = text.partition(":")
    if not (colon and hour.isdecimal() and minute.isdecimal() and int(minute) < 60):
        raise ValueError(gettext("A time of day looks like 09:00, not “%(text)s”.") % {"text": text})
    return int(hour) * 60 + int(minute)


def always_open(timezone: str = "UTC") -> BusinessCalendar:
    """Around the clock, every day of the year."""
    return BusinessCalendar(timezone, ((((0, MINUTES_A_DAY)),),) * DAYS_A_WEEK)


def office_hours(
    timezone: str, weekdays: str = "09:00-17:00", *, holidays: frozenset[date] = frozenset()
) -> BusinessCalendar:
    """Monday to Friday at the given hours, closed at the weekend."""
    return BusinessCalendar(timezone, (hours(weekdays),) * 5 + ((),) * 2, holidays)


def public_holidays(country: str, years: Iterable[int], subdivision: str | None = None) -> frozenset[date]:
    """The public holidays of a country ("DE") or of a part of it ("BY"); NotImplementedError if unknown."""
    return frozenset(public.country_holidays(country, subdiv=subdivision, years=list(years)))


def due_at(
    start: datetime, minutes: float, calendar: BusinessCalendar, pauses: Iterable[Pause] = ()
) -> datetime:
    """The first moment at which `minutes` of working time have passed since `start`, in UTC.

    ValueError for a negative target, a naive time, and a pause that still lasts: then nothing is due.
    """
    left, gaps = round(minutes * TICKS_A_MINUTE), _merged(pauses, NEVER)
    if left < 0:
        raise ValueError("A target cannot be negative.")
    if gaps and gaps[-1][1] == NEVER:
        raise ValueError("A paused clock has no due time until it runs again.")
    if not left:
        return _moment(_ticks(start))
    for opens, closes in _working_spans(start, calendar, gaps):
        if left <= closes - opens:
            return _moment(opens + left)
        left -= closes - opens
    raise AssertionError("Working time does not end.")


def working_minutes(
    start: datetime, end: datetime, calendar: BusinessCalendar, pauses: Iterable[Pause] = ()
) -> float:
    """Working time between two moments; 0 when they are the wrong way round."""
    until, total = _ticks(end), 0
    for opens, closes in _working_spans(start, calendar, _merged(pauses, until)):
        if opens >= until:
            break
        total += min(closes, until) - opens
    return total / TICKS_A_MINUTE


def remaining(
    start: datetime, minutes: float, at: datetime, calendar: BusinessCalendar, pauses: Iterable[Pause] = ()
) -> float:
    """Working minutes left at a moment; below 0 by how much the target was missed."""
    return minutes - working_minutes(start, at, calendar, pauses)


class ClockState(StrEnum):
    """What a badge shows; `SOON` is the last quarter of the target."""

    FINE = "fine"
    SOON = "soon"
    OVERDUE = "overdue"
    PAUSED = "paused"


def state(
    start: datetime, minutes: float, at: datetime, calendar: BusinessCalendar, pauses: Iterable[Pause] = ()
) -> ClockState:
    """How a running clock stands. What was overdue before a pause stays overdue in it."""
    known = [pause for pause in pauses if pause[0] <= at]
    ended = [(paused, resumed) for paused, resumed in known if resumed is not None and resumed <= at]
    lasting = [paused for paused, resumed in known if resumed is None or resumed > at]
    reached = min(lasting, default=at)
    if reached > due_at(start, minutes, calendar, ended):
        return ClockState.OVERDUE
    if lasting:
        return ClockState.PAUSED
    if reached > due_at(start, minutes * SOON_AFTER, calendar, ended):
        return ClockState.SOON
    return ClockState.FINE


def open_until(at: datetime, calendar: BusinessCalendar) -> datetime | None:
    """When the office closes next, in UTC; None while it is closed. Around the clock: a week ahead, or a day more."""
    now = until = _ticks(at)
    for opens, closes in _working_spans(at, calendar, ()):
        if opens > until or until - now > DAYS_A_WEEK * MINUTES_A_DAY * TICKS_A_MINUTE:
            break
        until = closes
    return _moment(until) if until > now else None


def is_working_day(day: date, calendar: BusinessCalendar) -> bool:
    return bool(calendar.hours_on(day))


def add_working_days(day: date, number: int, calendar: BusinessCalendar) -> date:
    """The `number`-th working day after a day, before it if negative; 0: the day or the next working day."""
    step = timedelta(days=-1 if number < 0 else 1)
    if not number:
        return day if is_working_day(day, calendar) else add_working_days(day, 1, calendar)
    for _ in range(abs(number)):
        day += step
        while not is_working_day(day, calendar):
            day += step
    return day


def since_working_days(at: datetime, number: int, calendar: BusinessCalendar) -> datetime:
    """Since when `number` working days have passed: whatever began then, or earlier, has seen so many.

    A working day is a whole date, whatever its hours, counted from the time of day at which something began. Days off
    count nothing: what began on one is counted from the first minute of the working day after it, and on one no more
    has passed than at the last minute of the working day before it. So whoever began earlier is never behind.
    """
    zone = ZoneInfo(calendar.timezone)
    here = at.astimezone(zone)
    today = here.date()
    if is_working_day(today, calendar):
        first = add_working_days(today, -number, calendar) if number else today
        return _moment(_at_wall(datetime.combine(first, here.time()), zone))
    last = add_working_days(today, -1, calendar)
    first = add_working_days(last, -number, calendar) if number else last
    return _moment(_at_wall(datetime.combine(first + timedelta(days=1), time()), zone))


def _working_spans(start: datetime, calendar: BusinessCalendar, gaps: Sequence[Span]) -> Iterator[Span]:
    """Open and unpaused spans after a moment, in order, without end."""
    earliest = _ticks(start)
    day = start.astimezone(ZoneInfo(calendar.timezone)).date().toordinal()
    while True:
        for opens, closes in _open_spans(calendar, day):
            if closes > earliest:
                span = max(opens, earliest), closes
                yield from _without(span, gaps) if gaps else (span,)
        day += 1


@lru_cache(maxsize=16_384)
def _open_spans(calendar: BusinessCalendar, ordinal: int) -> tuple[Span, ...]:
    day, zone = date.fromordinal(ordinal), ZoneInfo(calendar.timezone)
    spans = ((_instant(day, start, zone), _instant(day, end, zone)) for start, end in calendar.hours_on(day))
    return tuple((opens, closes) for opens, closes in spans if opens < closes)


def _instant(day: date, minute: int, zone: ZoneInfo) -> int:
    """The moment a wall clock first shows, or jumps past, a minute of a local day (24:00 is the next day)."""
    return _at_wall(datetime.combine(day, time()) + timedelta(minutes=minute), zone)


def _at_wall(wall: datetime, zone: ZoneInfo) -> int:
    """The moment a wall clock first shows this, or jumps past it."""
    late = _ticks(wall.replace(tzinfo=zone))
    if _moment(late).astimezone(zone).replace(tzinfo=None) == wall:
        return late
    # The wall time does not exist. With fold=1 the later offset applies: a moment before the jump.
    early = _ticks(wall.replace(tzinfo=zone, fold=1))
    return _jump_between(early, late, wall, zone)


def _jump_between(early: int, late: int, wall: datetime, zone: ZoneInfo) -> int:
    while late - early > 1:
        middle = (early + late) // 2
        if _moment(middle).astimezone(zone).replace(tzinfo=None) < wall:
            early = middle
        else:
            late = middle
    return late


def _merged(pauses: Iterable[Pause], lasting_until: int) -> list[Span]:
    """Pauses as ordered spans that do not touch; one that still lasts ends at `lasting_until`."""
    merged: list[Span] = []
    for start, end in sorted((_ticks(a), lasting_until if b is None else _ticks(b)) for a, b in pauses):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def _without(span: Span, gaps: Sequence[Span]) -> Iterator[Span]:
    opens, closes = span
    for start, end in gaps:
        if opens >= closes or start >= closes:
            break
        if end > opens:
            if start > opens:
                yield opens, start
            opens = end
    if opens < closes:
        yield opens, closes


def _ticks(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("A clock needs to know the time zone of every time.")
    # Through UTC: subtracting two times of the same zone would ignore the change of its clocks between them.
    return (moment.astimezone(UTC) - EPOCH) // TICK


def _moment(ticks: int) -> datetime:
    return EPOCH + timedelta(microseconds=ticks)
