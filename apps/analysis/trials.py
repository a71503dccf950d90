"""What the tickets say of a prediction, from what was counted for it and nothing else.

Two questions can be asked of tickets: are they in a place and not elsewhere (`contrast.py`), and did they begin with
something on a day (`change_point.py`). What was counted is kept with the answer, packed as zlib-compressed JSON that
any language reads: whoever has it finds the same answer to the last digit, for chance is seeded.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from apps.analysis import change_point, contrast
from apps.analysis.change_point import Change, find_change, step_at
from apps.analysis.contrast import Finding, Fourfold
from apps.analysis.places import dimension_words, place_words
from apps.analysis.series import Floats
from helpdesk.sentences import Day, Number, Share, Words, in_a_row, said

PLACE_METHOD, DAY_METHOD = "place contrast 1", "change point 1"
SIGNIFICANT = 0.05
# A rise under this would not be worth a case: where even the upper bound lies below, it did not begin there.
NO_RISE = 1.25

Table = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class PlaceTrial:
    """Is it there? Four counts a week, as `contrast.Fourfold` has them, since the predicted day and before it; None
    where nothing lies before. `unknown` tickets do not name theirs."""

    place: str
    dimension: str
    first: date
    last: date
    since: Table
    before: Table | None
    unknown: int

    @property
    def method(self) -> str:
        return PLACE_METHOD


@dataclass(frozen=True)
class Happened:
    """Something the calendar has; `is_own`: the prediction names it."""

    day: date
    words: str
    is_own: bool


@dataclass(frozen=True)
class DayTrial:
    """Did it begin then? Tickets a day with what to expect of each day, the predicted day, how many days it may take to
    show, and what the calendar has."""

    first: date
    last: date
    tickets: tuple[float, ...]
    shape: tuple[float, ...]
    day: date
    lag_days: int
    happened: tuple[Happened, ...]

    @property
    def method(self) -> str:
        return DAY_METHOD

    def index(self, day: date) -> int:
        return (day - self.first).days

    def at(self, index: int) -> date:
        return self.first + timedelta(days=index)


Asked = PlaceTrial | DayTrial


def answer(asked: Asked) -> dict[str, Any]:
    """What the tickets say, by the names of the columns that keep it."""
    return _at_place(asked) if isinstance(asked, PlaceTrial) else _on_day(asked)


def pack(asked: Asked) -> bytes:
    packed = json.dumps(
        {type(asked).__name__: asdict(asked)}, default=str, separators=(",", ":"), sort_keys=True
    )
    return zlib.compress(packed.encode(), 9)


def unpack(packed: bytes) -> Asked:
    ((kind, given),) = json.loads(zlib.decompress(packed)).items()
    given |= {name: date.fromisoformat(given[name]) for name in ("first", "last", "day") if name in given}
    if kind == PlaceTrial.__name__:
        return PlaceTrial(**given | {name: _table(given[name]) for name in ("since", "before")})
    happened = tuple(
        Happened(date.fromisoformat(one["day"]), one["words"], one["is_own"]) for one in given["happened"]
    )
    series = {name: tuple(given[name]) for name in ("tickets", "shape")}
    return DayTrial(**given | series | {"happened": happened})


def table_of(counts: Fourfold) -> Table:
    columns = (counts.inside, counts.outside, counts.others_inside, counts.others_outside)
    return tuple(tuple(map(float, column)) for column in columns)


def _table(given: Sequence[Sequence[float]] | None) -> Table | None:
    return None if given is None else tuple(map(tuple, given))


def _fourfold(table: Table) -> Fourfold:
    return Fourfold(*(np.array(column, np.float64) for column in table))


def _at_place(asked: PlaceTrial) -> dict[str, Any]:
    found = contrast.contrast(_fourfold(asked.since), _fourfold(asked.before) if asked.before else None)
    place = place_words(asked.dimension, asked.place.removeprefix(f"{asked.dimension} "))
    told = found.tickets > 0
    return {
        "finding": found.finding.value,
        "sentence": in_a_row([contrast.sentence(found, place), _left_out(asked)]),
        "first": asked.first, "last": asked.last,
        "tickets": found.tickets, "inside": found.inside, "expected": found.expected,
        "ratio": found.odds.ratio if told else None, "low": found.odds.low if told else None,
        "high": found.odds.high if told else None, "p": found.p if told else None, "dispersion": found.dispersion,
    }  # fmt: skip


def _left_out(asked: PlaceTrial) -> Words:
    if not asked.unknown:
        return ""
    return said(
        "%(unknown)s more, of which %(what)s is not recorded, are left out.",
        unknown=asked.unknown,
        what=dimension_words(asked.dimension),
    )


def _on_day(asked: DayTrial) -> dict[str, Any]:
    tickets, shape = np.array(asked.tickets), np.array(asked.shape)
    change = find_change(tickets, shape, rises_only=True)
    about: dict[str, Any] = {"first": asked.first, "last": asked.last, "tickets": float(tickets.sum())}
    if change is None or change.p > SIGNIFICANT:
        return about | _no_step(asked, tickets, shape, change)
    low, high = asked.at(change.low), asked.at(change.high)
    agrees = change.may_follow(asked.index(asked.day), lag=asked.lag_days)
    near = [one for one in asked.happened if change.may_follow(asked.index(one.day), lag=asked.lag_days)]
    others = in_a_row([_happened(one) for one in near if not one.is_own], "; ")
    sentence = in_a_row(
        [
            change_point.sentence(change, asked.at(change.at), low, high),
            _said_of(asked, agrees),
            said("The calendar has there as well: %(entries)s.", entries=others) if others else "",
        ]
    )
    return about | {
        "finding": (Finding.SUPPORTS if agrees else Finding.AGAINST).value, "sentence": sentence,
        "ratio": change.ratio,
        "low": change.ratio_low, "high": change.ratio_high, "p": change.p, "dispersion": change.dispersion,
        "changed_on": asked.at(change.at), "changed_from": low, "changed_until": high,
        "entries": [one.words for one in near],
    }  # fmt: skip


def _said_of(asked: DayTrial, agrees: bool) -> Words:
    day: Words = Day(asked.day)
    if asked.lag_days:
        day = said("%(day)s with %(days)s days to show", day=day, days=asked.lag_days)
    return (
        said("%(day)s agrees with that.", day=day)
        if agrees
        else said("%(day)s does not agree with that.", day=day)
    )


def _happened(one: Happened) -> Words:
    """An entry of the calendar; its day is the first of its words, in English."""
    return in_a_row([Day(one.day), one.words.removeprefix(f"{one.day:%-d %b %Y}: ")], ": ")


def _no_step(asked: DayTrial, tickets: Floats, shape: Floats, change: Change | None) -> dict[str, Any]:
    """No day stands out. A named day can still be refuted: where even the upper bound is no rise worth a case."""
    if change is None:
        few = said("No day stands out on which the level rose: too few days or tickets.")
        return {"finding": Finding.TOO_FEW.value, "sentence": few}
    none = said(
        "No day stands out on which the level rose (such a step by chance: %(chance)s).",
        chance=Share(change.p),
    )
    index = asked.index(asked.day)
    if not 0 < index < len(tickets):
        return {"finding": Finding.TOO_FEW.value, "sentence": none}
    ratio, low, high = step_at(tickets, shape, index)
    since = said(
        "From %(day)s on it is %(ratio)s times what it was (90 %% sure: %(low)s to %(high)s).",
        day=Day(asked.day), ratio=Number(ratio, digits=2), low=Number(low, digits=2), high=Number(high, digits=2),
    )  # fmt: skip
    finding = Finding.AGAINST if high < NO_RISE else Finding.TOO_FEW
    return {"finding": finding.value, "sentence": in_a_row([none, since]), "ratio": ratio, "low": low, "high": high,
            "p": change.p, "dispersion": change.dispersion}  # fmt: skip
