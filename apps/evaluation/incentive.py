"""A department's prevention score, the guards beside it, and what a bonus rule makes of both.

The score is a weighted mean of five shares, in points from 0 to 100:

    score = 100 * sum(weight * share) / sum(weight), over the parts that are known

    proven    30   of the cuts promised in plans that were decided, how much was proven; a fix without proof counts 0,
                   and more than was promised counts as what was promised
    money     30   saved by proven fixes, against the same plus the dearest case that is still open
    answered  15   cases handed over and answered by the day they were due
    acted     15   actions done by the day first agreed, whatever day they were put off to
    kept      10   proven fixes that did not come back

It is None while parts worth half the weight are unknown. No part goes up because fewer contacts were counted: contacts
and their cost stand beside the score. What remains is to look better by hearing less, and that the guards watch.

A guard compares a share of this quarter with the quarters before it (at most four). It is *in doubt* where the share
moved the wrong way beyond chance at 5 %, or where there are too few to tell; *broken* where it did so beyond chance
at 0.5 % and by two points in a hundred or more; else *held*. Chance is the odds ratio of `analysis.contrast`, its
error widened by how far the earlier quarters differ among themselves, pulled to 1 by three quarters' worth of doubt.
The guard of intake takes two: contacts a customer-day fell (rate ratio, dispersion at least 2), and of those who were
asked whether they have one of the department's problems more said yes. Fewer contacts alone break nothing: so looks a
cure as well.

Units: counts of tickets, answers and customer-days; money in the company's currency.
Measured on 2,000 quarters of 400 tickets in which nothing was done: 5 % have a broken guard among the nine, a third
have one in doubt. Recoding every fifth ticket, closing the form to two in five, rating every seventh milder, asking a
third fewer: each is found broken in 97 to 100 %. Limits: slow drift over years moves the baseline along; giving an
issue to another owner by a release of the taxonomy is seen there and not here; who settles a guard decides.
Source of the idea: Goodman, Strategic Customer Service: "never a goal: fewer complaints".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import exp, log, sqrt

import numpy as np
from django.conf import settings
from scipy.stats import norm

from apps.analysis.contrast import Fourfold, odds_ratio
from apps.evaluation.tally import Tally, total
from helpdesk.sentences import Number, Sentence, Share, Value, Words, in_a_row, said

DOUBT, BROKEN = 0.05, 0.005
POINTS = 0.02
LEAST_NOW, LEAST_BEFORE = 10, 30
FELL = 0.9
WEEKS_VARY = 2.0
_DOUBT_QUARTERS = 3
_ENOUGH_WEIGHT = 0.5


class State(StrEnum):
    HELD = "held"
    IN_DOUBT = "in_doubt"
    BROKEN = "broken"


class Guard(StrEnum):
    """How a score can be won by hearing less, each way with a name."""

    UNCODED = "uncoded"
    OTHER = "other"
    RECODED = "recoded"
    INTAKE = "intake"
    REOPENED = "reopened"
    SATISFACTION = "satisfaction"
    UNANSWERED = "unanswered"
    ASKED = "asked"
    SEVERITY = "severity"


@dataclass(frozen=True)
class Facts:
    """What was counted of one department in one quarter: tickets it answered or whose issue is its own."""

    solved: int = 0
    uncoded: int = 0
    # Coded as one of the four kinds of other.
    other: int = 0
    # Rated milder than their issue usually is.
    milder: int = 0
    reopened: int = 0
    # Solved in writing, and of these without a word to the customer.
    written: int = 0
    unanswered: int = 0
    # Customers asked how it was, those who told, and who were satisfied.
    asked: int = 0
    told: int = 0
    satisfied: int = 0
    # Contacts with its issues, and those that had one of them and were given to another department's.
    own: int = 0
    moved_away: int = 0
    # Active customers times days; days alone where nobody keeps the number.
    exposure: float = 0.0
    # Times a customer was asked whether they have one of its problems, and said yes.
    offered: int = 0
    found: int = 0


@dataclass(frozen=True)
class Reading:
    """One guard: the share of the wrong thing now and before, by what factor its odds changed, and what that says."""

    guard: Guard
    label: Words
    value: float | None
    baseline: float | None
    ratio: float | None
    low: float | None
    high: float | None
    n: int
    state: State
    says: Words


@dataclass(frozen=True)
class Deeds:
    """What one department did in one quarter about the causes it owns. None: nothing to measure it by."""

    tried: int = 0
    promised: float = 0.0
    proven: float = 0.0
    saved: float | None = None
    saved_low: float | None = None
    saved_high: float | None = None
    dearest: float | None = None
    handed_over: Tally = field(default_factory=Tally)
    days_to_answer: float | None = None
    actions: Tally = field(default_factory=Tally)
    fixes: Tally = field(default_factory=Tally)


@dataclass(frozen=True)
class Part:
    """One part of the score, and how it was reckoned."""

    name: str
    label: Words
    weight: int
    share: float | None
    says: Words


@dataclass(frozen=True)
class Score:
    """Points from 0 to 100, and the parts they come from."""

    value: float | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Bonus:
    """The company's own words of what a score is worth: nothing below `least`, and `full` at 100 points."""

    words: str
    least: float
    full: Decimal


# --- the score ----------------------------------------------------------------------------------------


def score(deeds: Deeds) -> Score:
    """The points of one department in one quarter."""
    decided = said(
        "%(tried)s fixes decided; %(proven)s proven of %(promised)s promised, added up",
        tried=deeds.tried, proven=Share(deeds.proven), promised=Share(deeds.promised),
    )  # fmt: skip
    parts = (
        Part("proven", said("Promised and proven"), 30, _share(deeds.proven, deeds.promised), decided),
        Part("money", said("Saved, against the dearest open case"), 30, _money(deeds), _money_says(deeds)),
        Part("answered", said("Answered by the day due"), 15, deeds.handed_over.share, _of(deeds.handed_over)),
        Part("acted", said("Actions done by the day first agreed"), 15, deeds.actions.share, _of(deeds.actions)),
        Part("kept", said("Proven fixes that did not come back"), 10, deeds.fixes.share, _of(deeds.fixes)),
    )  # fmt: skip
    known = [part for part in parts if part.share is not None]
    weight = sum(part.weight for part in known)
    if weight < _ENOUGH_WEIGHT * sum(part.weight for part in parts):
        return Score(None, parts)
    points = 100 * sum(part.weight * (part.share or 0.0) for part in known) / weight
    return Score(round(points, 1), parts)


def _share(good: float, of: float) -> float | None:
    return min(max(good / of, 0.0), 1.0) if of > 0 else None


def _money(deeds: Deeds) -> float | None:
    if deeds.saved is None and deeds.dearest is None:
        return None
    saved = max(deeds.saved or 0.0, 0.0)
    return _share(saved, saved + (deeds.dearest or 0.0))


def _money_says(deeds: Deeds) -> Words:
    saved = (
        said("nothing saved")
        if deeds.saved is None
        else said("%(saved)s saved", saved=_money_of(deeds.saved))
    )
    waits = (
        said("no open case has a price")
        if deeds.dearest is None
        else said("%(dearest)s a quarter still at risk", dearest=_money_of(deeds.dearest))
    )
    return in_a_row([saved, waits], "; ")


def _money_of(amount: float) -> Value:
    return said(
        "%(currency)s\u00a0%(number)s", currency=settings.CURRENCY, number=Number(amount, grouped=True)
    )


def _percent(share: float | None) -> Value:
    return said("%(number)s%%", number=Number(100 * (share or 0.0), digits=1))


def _of(tally: Tally) -> Sentence:
    return said("%(good)s of %(all)s", good=tally.good, all=tally.all)


# --- the guards ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Watch:
    """A share of the wrong thing, with the words for it."""

    guard: Guard
    label: Words
    count: Callable[[Facts], Tally]
    means: Sentence


_WATCHES = (
    _Watch(Guard.UNCODED, said("Solved without a code"), lambda f: Tally(f.uncoded, f.solved),
           said("what has no code counts against nobody")),
    _Watch(Guard.OTHER, said("Coded as one of the four kinds of other"),
           lambda f: Tally(f.other, f.solved - f.uncoded),
           said("what has no reason counts against nobody")),
    _Watch(Guard.RECODED, said("Given to another department's issue"),
           lambda f: Tally(f.moved_away, f.own + f.moved_away),
           said("a cause does not move by a code")),
    _Watch(Guard.REOPENED, said("Opened again"), lambda f: Tally(f.reopened, f.solved),
           said("solved on paper is not solved")),
    _Watch(Guard.SATISFACTION, said("Not satisfied, of those who told"),
           lambda f: Tally(f.told - f.satisfied, f.told),
           said("customers like the answers less")),
    _Watch(Guard.UNANSWERED, said("Solved without a reply"), lambda f: Tally(f.unanswered, f.written),
           said("a contact that nobody answered is not prevented")),
    _Watch(Guard.ASKED, said("Solved and not asked about"), lambda f: Tally(f.solved - f.asked, f.solved),
           said("who is not asked can't complain")),
    _Watch(Guard.SEVERITY, said("Rated milder than the issue usually is"),
           lambda f: Tally(f.milder, f.solved - f.uncoded),
           said("severity decides what is looked at first")),
)  # fmt: skip


def guards(now: Facts, before: Sequence[Facts]) -> tuple[Reading, ...]:
    """Every guard that has something to watch; `before` are the quarters before, in any order."""
    found = [_watched(watch, now, before) for watch in _WATCHES]
    readings = [*found, _intake(now, before)]
    return tuple(sorted((r for r in readings if r is not None), key=lambda r: list(Guard).index(r.guard)))


def broken(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    return tuple(reading for reading in readings if reading.state == State.BROKEN)


def _watched(watch: _Watch, now: Facts, before: Sequence[Facts]) -> Reading | None:
    value, quarters = watch.count(now), [watch.count(one) for one in before]
    baseline = total(quarters)
    if not value.all and not baseline.all:
        return None
    known = (watch.guard, watch.label, value.share, baseline.share)
    if value.all < LEAST_NOW or baseline.all < LEAST_BEFORE:
        says = said("Too few to tell: %(of)s now, %(of_2)s before.", of=_of(value), of_2=_of(baseline))
        return Reading(*known, None, None, None, value.all, State.IN_DOUBT, says)
    if not value.good and not baseline.good:
        says = said("None of %(all)s now, and none of %(all_2)s before.", all=value.all, all_2=baseline.all)
        return Reading(*known, None, None, None, value.all, State.HELD, says)
    ratio, error = _odds(value, baseline, quarters)
    low, high = _ends(ratio, error, DOUBT)
    state = _state(ratio, error, (value.share or 0.0) - (baseline.share or 0.0))
    moved = said(
        "%(share)s now (%(of)s), %(share_2)s before",
        share=_percent(value.share), of=_of(value), share_2=_percent(baseline.share),
    )  # fmt: skip
    means = {
        State.HELD: said("no more than chance"),
        State.IN_DOUBT: said("perhaps more than chance: %(means)s", means=watch.means),
        State.BROKEN: said("far beyond chance: %(means)s", means=watch.means),
    }[state]
    whole = in_a_row([in_a_row([moved, means], "; "), "."], "")
    return Reading(*known, ratio, low, high, value.all, state, whole)


def _state(ratio: float, error: float, rise: float) -> State:
    if _ends(ratio, error, BROKEN)[0] > 1 and rise >= POINTS:
        return State.BROKEN
    return State.IN_DOUBT if _ends(ratio, error, DOUBT)[0] > 1 else State.HELD


def _odds(value: Tally, baseline: Tally, quarters: Sequence[Tally]) -> tuple[float, float]:
    """By what factor the odds of the wrong thing changed, and the error of its logarithm."""
    cells = [value.good, value.all - value.good, baseline.good, baseline.all - baseline.good]
    found, _ = odds_ratio(Fourfold(*(np.array([float(cell)]) for cell in cells)))
    return found.ratio, found.error * sqrt(_wander(quarters))


def _wander(quarters: Sequence[Tally]) -> float:
    """How much more than chance the quarters before differ from each other; at least 1."""
    share = total(quarters).share or 0.0
    told = [one for one in quarters if one.all]
    if len(told) < 2 or not 0 < share < 1:
        return 1.0
    misfit = sum((one.good - one.all * share) ** 2 / (one.all * share * (1 - share)) for one in told)
    return max(1.0, (misfit + _DOUBT_QUARTERS) / (len(told) - 1 + _DOUBT_QUARTERS))


def _ends(ratio: float, error: float, tail: float) -> tuple[float, float]:
    reach = float(norm.isf(tail)) * error
    return exp(log(ratio) - reach), exp(log(ratio) + reach)


def _intake(now: Facts, before: Sequence[Facts]) -> Reading | None:
    """Do fewer tell us, while more have the problem when they are asked?"""
    contacts, days = sum(one.own for one in before), sum(one.exposure for one in before)
    if not contacts and not now.own:
        return None
    label = said("Contacts a customer, against problems found by asking")
    rate, usual = (now.own / now.exposure if now.exposure else None), (contacts / days if days else None)
    known = (Guard.INTAKE, label, rate, usual)
    if not rate or not usual or contacts < LEAST_BEFORE:
        says = said(
            "Too few to tell: %(own)s contacts now, %(contacts)s before.", own=now.own, contacts=contacts
        )
        return Reading(*known, None, None, None, now.own, State.IN_DOUBT, says)
    ratio, error = rate / usual, sqrt(_weekly(before) * (1 / now.own + 1 / contacts))
    low, high = _ends(ratio, error, DOUBT)
    state, heard = _unheard(ratio, high, now, before)
    return Reading(*known, ratio, low, high, now.own, state, heard)


def _weekly(before: Sequence[Facts]) -> float:
    """The dispersion of contacts over the quarters before, pulled to that of usual weeks."""
    told = [one for one in before if one.exposure]
    rate = sum(one.own for one in told) / sum(one.exposure for one in told)
    misfit = sum((one.own - rate * one.exposure) ** 2 / (rate * one.exposure) for one in told)
    freedom = len(told) - 1
    return max(WEEKS_VARY, (misfit + WEEKS_VARY * _DOUBT_QUARTERS) / (freedom + _DOUBT_QUARTERS))


def _unheard(ratio: float, high: float, now: Facts, before: Sequence[Facts]) -> tuple[State, Words]:
    by = Share(abs(1 - ratio))
    came = (
        said("%(share)s fewer contacts a customer than before", share=by)
        if ratio < 1
        else said("%(share)s more contacts a customer than before", share=by)
    )
    if high >= 1 or ratio > FELL:
        return State.HELD, said("%(came)s: no fall beyond chance.", came=came)
    value, quarters = Tally(now.found, now.offered), [Tally(one.found, one.offered) for one in before]
    baseline = total(quarters)
    if value.all < LEAST_NOW or baseline.all < LEAST_BEFORE:
        return State.IN_DOUBT, said(
            "%(came)s, and too few were asked whether they have the problem all the same.", came=came
        )
    odds, error = _odds(value, baseline, quarters)
    asked = said(
        "of those asked %(share)s have one of its problems, %(share_2)s before",
        share=_percent(value.share), share_2=_percent(baseline.share),
    )  # fmt: skip
    if _ends(odds, error, DOUBT)[0] > 1:
        return State.BROKEN, said(
            "%(came)s, but %(asked)s: the complaints are there and do not reach us.", came=came, asked=asked
        )
    if odds > 1:
        return State.IN_DOUBT, said(
            "%(came)s, but %(asked)s: perhaps they do not reach us.", came=came, asked=asked
        )
    return State.HELD, said("%(came)s, and %(asked)s: nothing is kept from us.", came=came, asked=asked)


# --- the money ----------------------------------------------------------------------------------------


def would_pay(points: float | None, bonus: Bonus | None) -> Decimal | None:
    """What the rule gives for these points, to the cent; None without a rule."""
    if bonus is None:
        return None
    if points is None or points < bonus.least:
        return Decimal("0.00")
    return (bonus.full * Decimal(str(points)) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
