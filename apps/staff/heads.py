"""From contacts by the hour to people needed, and where too few of them are there.

Method: work that waits on the line (calls, walk-ins) needs people by Erlang C, hour by hour. Work that can wait (mail,
forms) is promised within so many working hours: what comes in an hour is done in equal parts in that hour and the
working hours after it, up to the promise; so it is hours of work / working hours until it is promised, summed over all
that has come. What comes while the desk is closed comes with its first open hour. Nobody is at work on contacts all
the time: the hours of work are divided by the occupancy that is borne, and all people by what shrinkage leaves.
Where people do both (`blends`), the time in which those on the line would wait counts for the mail.
Shapes: (days, 24), local hours; units: contacts and minutes in, people out. Limits: an hour of half opening is one
of half its people; no rota: who is there is spread evenly over the open hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.utils.translation import gettext as _

from apps.staff.erlang import Floats, Target, answered_within, people_needed

MINUTES, SECONDS = 60.0, 60.0
PARTS = (("mornings", 0, 12), ("afternoons", 12, 17), ("evenings", 17, 24))


@dataclass(frozen=True)
class Terms:
    """What is promised and what is borne. `shrinkage`: the share of paid time that is neither contacts nor known
    absence (breaks, meetings, training, illness)."""

    target: Target
    live_minutes: float
    deferred_minutes: float
    promised_hours: int
    shrinkage: float
    blends: bool

    def __post_init__(self) -> None:
        if not (0 <= self.shrinkage < 1 and self.promised_hours >= 1):
            raise ValueError(_("Shrinkage lies between 0 and 1, a promise is of an hour or more."))


@dataclass(frozen=True)
class Need:
    """People (days, 24): on the line, at the mail (in parts of a person), and whole people on the rota for both."""

    live: Floats
    deferred: Floats
    rota: Floats


def needed(*, live: Floats, deferred: Floats, backlog: float, open_share: Floats, terms: Terms) -> Need:
    """Whole people on the rota for every hour; `backlog` are contacts that wait already, done within the promise.

    `open_share` (days, 24) is the part of each hour in which the desk is open.
    """
    is_open = open_share > 0
    load = _load(live, open_share, terms)
    on_line = people_needed(load, handling=terms.live_minutes * SECONDS, target=terms.target).astype(
        np.float64
    )
    work = (
        levelled(deferred, is_open, promised=terms.promised_hours, backlog=backlog)
        * terms.deferred_minutes
        / MINUTES
    )
    at_mail = work / terms.target.busiest
    if terms.blends:
        spare = np.maximum(on_line - load / terms.target.busiest, 0.0)
        at_mail = np.maximum(at_mail - spare, 0.0)
    rota = np.ceil(np.round((on_line + at_mail) / (1 - terms.shrinkage), 6))
    return Need(on_line, at_mail, rota)


def reached(*, live: Floats, there: Floats, open_share: Floats, terms: Terms) -> float | None:
    """The share of calls answered in time when whole people of those there are on the line, mail or no mail; None
    without any call."""
    load = _load(live, open_share, terms)
    on_line = np.floor(np.round(there * (1 - terms.shrinkage), 6)).astype(np.int64)
    answered, within = np.zeros_like(load), terms.target.seconds
    for people in np.unique(on_line[load > 0]):
        cells = on_line == people
        handling = terms.live_minutes * SECONDS
        answered[cells] = answered_within(load[cells], int(people), handling=handling, within=within)
    calls = np.where(load > 0, live, 0.0)
    return float((calls * answered).sum() / calls.sum()) if calls.sum() else None


def _load(live: Floats, open_share: Floats, terms: Terms) -> Floats:
    """In erlang: who calls, calls within the open part of the hour."""
    work = live * terms.live_minutes / MINUTES
    return np.divide(work, open_share, out=np.zeros_like(work), where=open_share > 0)


def levelled(contacts: Floats, is_open: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], *, promised: int,
             backlog: float = 0.0) -> Floats:  # fmt: skip
    """Contacts done in each open hour (days, 24), none later than `promised` open hours after it came in; what comes
    in the last hours is in part done after them. In closed hours nothing is done."""
    flat, opened = contacts.ravel(), np.flatnonzero(is_open.ravel())
    done = np.zeros(flat.shape)
    if not len(opened):
        return done.reshape(contacts.shape)
    # The open hour in which each hour's contacts are there; those after the last one are for a later plan.
    place = np.searchsorted(opened, np.arange(len(flat)))
    came = np.bincount(place, flat, len(opened) + 1)[: len(opened)]
    came[0] += backlog
    total = np.concatenate([np.zeros(promised), np.cumsum(came)])
    done[opened] = (total[promised:] - total[: len(opened)]) / promised
    return done.reshape(contacts.shape)


@dataclass(frozen=True)
class Part:
    """One part of a weekday ("Monday mornings"), on average of its open hours: needed on the rota, and there."""

    weekday: int
    part: str
    needed: float
    there: float

    @property
    def gap(self) -> float:
        """Below 0: so many are missing."""
        return self.there - self.needed


def parts_of_week(first: date, rota: Floats, there: Floats, open_share: Floats) -> list[Part]:
    """Mornings, afternoons and evenings of each weekday that have open hours; the scarcest first."""
    weekday = np.array([(first + timedelta(days=n)).weekday() for n in range(len(rota))])
    found = []
    for day in range(7):
        for name, begin, end in PARTS:
            rows = np.flatnonzero(weekday == day)
            cells = np.ix_(rows, np.arange(begin, end))
            weight = open_share[cells]
            if weight.sum():
                means = ((values[cells] * weight).sum() / weight.sum() for values in (rota, there))
                found.append(Part(day, name, *map(float, means)))
    return sorted(found, key=lambda part: (part.gap, part.weekday))


def open_shares(days: Sequence[Sequence[tuple[int, int]]]) -> Floats:
    """(days, 24): the part of each hour that is open, from opening spans in minutes after midnight."""
    shares = np.zeros((len(days), 24))
    for row, spans in enumerate(days):
        for begin, end in spans:
            starts = np.arange(24) * 60
            shares[row] += np.clip(np.minimum(end, starts + 60) - np.maximum(begin, starts), 0, 60) / 60
    return shares
