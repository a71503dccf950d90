"""How many contacts come on each of the next days, and at which hours.

Method: a day's contacts are level x weekday x chance, and a day's hours a profile of its weekday.
- Weeks are cut backwards from the last whole day, so that each holds every weekday once. Level of the weeks and factor
  of the weekdays are found in turns; a day further than three standard deviations from what they expect is pulled in
  to there, so that one wild day moves neither. Holidays are left out, and have a factor of their own, drawn towards
  the quietest weekday while few of them were seen.
- The level goes on by Holt's damped trend, a step a week: what it rose by lately goes on by nine tenths of the step
  before, so that no trend runs away.
- The interval (80 %) is that of a negative binomial: chance within a day, with the dispersion the days had, and how
  far the level has wandered from week to week, which grows with every week ahead.
- The hours of a weekday are its own counts, drawn towards those of all working days (or of both days of the weekend)
  as if 20 contacts of them had been seen: a quiet weekday borrows its shape.
Shapes: counts (days,), one a day without a gap; hours (7, 24), Monday first. Units: contacts.
Limits: at least four whole weeks, and 26 are enough; no season of the year (its slope is seen in the trend), nothing
of releases, campaigns or outages to come; the days of a holiday week move by their own factor only.
Source: Gardner & McKenzie 1985 (damped trend); Hyndman & Athanasopoulos, Forecasting, 3rd ed., ch. 8.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext
from scipy.stats import nbinom

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

WEEK = 7
LEAST_WEEKS, MOST_WEEKS, TESTED_WEEKS = 4, 26, 4
LEVEL_GAIN, TREND_GAIN, DAMPING = 0.35, 0.1, 0.9
WILD = 3.0  # standard deviations
LOW, HIGH = 0.1, 0.9
ROUNDS = 6
BORROWED = 20.0  # contacts


class NotEnoughHistory(ValueError):
    """Fewer than four whole weeks of contacts are known: any forecast would be a guess."""


@dataclass(frozen=True)
class Days:
    """So many contacts a day from `first` on, and which days are holidays."""

    first: date
    counts: Floats
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not np.isfinite(self.counts).all() or (self.counts < 0).any():
            raise ValueError("counts must be finite and not negative")

    @property
    def after(self) -> date:
        """The day after the last."""
        return self.first + timedelta(days=len(self.counts))

    @property
    def whole_weeks(self) -> int:
        return len(self.counts) // WEEK

    def begun(self) -> "Days":
        """Without the days before the first contact: nobody could write then."""
        seen = np.flatnonzero(self.counts)
        return self.after_day(int(seen[0]) if len(seen) else len(self.counts))

    def after_day(self, number: int) -> "Days":
        return Days(self.first + timedelta(days=number), self.counts[number:], self.holidays)

    def without_last(self, days: int) -> "Days":
        return Days(self.first, self.counts[: len(self.counts) - days], self.holidays)


@dataclass(frozen=True)
class Outlook:
    """What is expected on the days from `first` on, and between which numbers four days in five will be."""

    first: date
    expected: Floats
    low: Floats
    high: Floats

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=n) for n in range(len(self.expected)))


@dataclass(frozen=True)
class _Pattern:
    """What the past was like: levels (weeks,), weekday factors (7,), as the columns of the weeks stand."""

    levels: Floats
    factors: Floats
    holiday: float
    dispersion: float
    level: float
    slope: float
    drift: float  # variance of the level, a week


def look_ahead(past: Days, days: int) -> Outlook:
    """The next `days` days after the last of the past. Raises NotEnoughHistory."""
    pattern = _fit(past)
    ahead = np.arange(days)
    weeks = ahead // WEEK + 1
    level = np.maximum(pattern.level + pattern.slope * _damped(weeks), 0.0)
    off = _holidays(past.after, days, past.holidays)
    factor = np.where(off, pattern.holiday, pattern.factors[ahead % WEEK])
    expected = level * factor
    unsure = pattern.drift * weeks + pattern.dispersion * pattern.level / WEEK * LEVEL_GAIN / (2 - LEVEL_GAIN)
    low, high = _range(expected, pattern.dispersion * expected + factor**2 * unsure)
    return Outlook(past.after, expected, low, high)


def together(outlooks: Collection[Outlook]) -> Outlook:
    """The sum of what is forecast apart. The ends are those of parts that vary independently of each other."""
    first, *_ = outlooks
    expected = np.sum([one.expected for one in outlooks], axis=0)
    below = np.sqrt(np.sum([(one.expected - one.low) ** 2 for one in outlooks], axis=0))
    above = np.sqrt(np.sum([(one.high - one.expected) ** 2 for one in outlooks], axis=0))
    return Outlook(first.first, expected, np.maximum(expected - below, 0.0), expected + above)


@dataclass(frozen=True)
class Tested:
    """The last weeks, each forecast from the days before it alone, beside what came; `naive` is the same day of the
    week before."""

    outlook: Outlook
    actual: Floats
    naive: Floats

    @property
    def error(self) -> float | None:
        """WAPE: how far off the days were together, as a share of all contacts; None where none came."""
        return _wape(self.actual, self.outlook.expected)

    @property
    def naive_error(self) -> float | None:
        return _wape(self.actual, self.naive)

    @property
    def inside(self) -> float:
        """The share of days that came out within their interval; four in five are promised."""
        return float(((self.outlook.low <= self.actual) & (self.actual <= self.outlook.high)).mean())


def tested_together(parts: Collection[Tested]) -> Tested:
    """The sum of what was tested apart, on the same days."""
    return Tested(
        together([one.outlook for one in parts]),
        np.sum([one.actual for one in parts], axis=0),
        np.sum([one.naive for one in parts], axis=0),
    )


def backtest(past: Days, weeks: int = TESTED_WEEKS) -> Tested:
    """How the same forecast would have done. Raises NotEnoughHistory where the weeks before would not have done."""
    parts = [look_ahead(past.without_last(back * WEEK), WEEK) for back in range(weeks, 0, -1)]
    joined = Outlook(
        parts[0].first,
        *(np.concatenate([getattr(one, name) for one in parts]) for name in ("expected", "low", "high")),
    )
    tested = weeks * WEEK
    return Tested(joined, past.counts[-tested:], past.counts[-tested - WEEK : -WEEK])


def profile(hours: Floats) -> Floats:
    """Shares (7, 24) of a day's contacts by the hour, each day's sum 1, from counts (7, 24)."""
    shares = np.empty((WEEK, 24))
    everything = hours.sum(0) if hours.sum() else np.ones(24)
    for days in (slice(0, 5), slice(5, 7)):
        kind = hours[days].sum(0)
        shape = kind if kind.sum() else everything
        borrowed = hours[days] + BORROWED * shape / shape.sum()
        shares[days] = borrowed / borrowed.sum(1, keepdims=True)
    return shares


def by_hour(first: date, days: Floats, shares: Floats) -> Floats:
    """Contacts (days, 24): each day spread over its hours."""
    weekday = (first.weekday() + np.arange(len(days))) % WEEK
    return days[:, None] * shares[weekday]


def _fit(past: Days) -> _Pattern:
    weeks = min(past.whole_weeks, MOST_WEEKS)
    if weeks < LEAST_WEEKS:
        raise NotEnoughHistory(
            gettext("%(known)s whole weeks are known; %(least)s are needed.")
            % {"known": past.whole_weeks, "least": LEAST_WEEKS}
        )
    days = weeks * WEEK
    table = past.counts[-days:].reshape(weeks, WEEK)
    off = _holidays(past.after - timedelta(days=days), days, past.holidays).reshape(weeks, WEEK)
    levels, factors, dispersion = _level_and_weekdays(table, ~off)
    level, slope, drift = _trend(levels, dispersion)
    holiday = _holiday_factor(table[off], np.broadcast_to(levels[:, None], table.shape)[off], factors, level)
    return _Pattern(levels, factors, holiday, dispersion, level, slope, drift)


def _level_and_weekdays(table: Floats, plain: Bools) -> tuple[Floats, Floats, float]:
    """In turns, until they agree: what a week had a day, what a weekday has of it, and how far days lie from both."""
    tame, factors, dispersion = table, np.ones(WEEK), 1.0
    levels = np.zeros(len(table))
    for _ in range(ROUNDS):
        weight = np.where(plain, factors, 0.0).sum(1)
        levels = np.divide(
            np.where(plain, tame, 0.0).sum(1), weight, out=np.zeros(len(table)), where=weight > 0
        )
        levels = _without_gaps(levels, weight > 0)
        carried = np.where(plain, levels[:, None], 0.0).sum(0)
        factors = np.divide(np.where(plain, tame, 0.0).sum(0), carried, out=np.ones(WEEK), where=carried > 0)
        if factors.sum() > 0:
            levels, factors = levels * factors.mean(), factors / factors.mean()
        expected = levels[:, None] * factors
        seen = plain & (expected > 0)
        off = (table[seen] - expected[seen]) ** 2 / expected[seen]
        dispersion = (
            max(float(np.minimum(off / dispersion, WILD**2).mean()) * dispersion, 1.0) if off.size else 1.0
        )
        reach = WILD * np.sqrt(dispersion * expected)
        tame = np.clip(table, np.maximum(expected - reach, 0.0), expected + reach)
    return levels, factors, dispersion


def _trend(levels: Floats, dispersion: float) -> tuple[float, float, float]:
    """Holt's damped trend over the weeks: level and slope at the end, and the variance a week that is no chance."""
    level, slope = float(np.median(levels[:LEAST_WEEKS])), 0.0
    missed = []
    for seen in levels:
        guess = max(level + DAMPING * slope, 0.0)
        missed.append(float(seen) - guess)
        before, level = level, guess + LEVEL_GAIN * (float(seen) - guess)
        slope = DAMPING * slope + TREND_GAIN * (level - before - DAMPING * slope)
    chance = dispersion * float(levels.mean()) / WEEK
    usual = float(np.median(np.square(missed))) / 0.455  # the median of a squared normal deviate
    # What the guess itself was off by chance is in it too: of each step missed, a gain's share is drift.
    return level, slope, max(usual - chance * 2 / (2 - LEVEL_GAIN), 0.0) * LEVEL_GAIN


def _holiday_factor(counts: Floats, levels: Floats, factors: Floats, level: float) -> float:
    """One day of the quietest weekday is seen beside the holidays there were."""
    return float((counts.sum() + factors.min() * level) / (levels.sum() + level)) if level > 0 else 0.0


def _range(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    shown = mean > 0
    spread = np.maximum(variance, mean * 1.0001)
    wide = np.where(shown, spread - mean, 1.0)
    size, chance = (
        np.where(shown, mean**2 / wide, 1.0),
        np.where(shown, mean / np.where(shown, spread, 1.0), 1.0),
    )
    low = np.where(shown, nbinom.ppf(LOW, size, chance), 0.0)
    high = np.where(shown, nbinom.ppf(HIGH, size, chance), 0.0)
    return np.minimum(low, mean), np.maximum(high, mean)


def _damped(weeks: npt.NDArray[np.int64]) -> Floats:
    """The sum of 0.9 + 0.81 + ... so many times."""
    return np.asarray(DAMPING * (1 - DAMPING**weeks) / (1 - DAMPING))


def _without_gaps(levels: Floats, known: Bools) -> Floats:
    """A week of holidays only has the level of the weeks beside it."""
    at = np.arange(len(levels))
    return np.interp(at, at[known], levels[known]) if known.any() else levels


def _holidays(first: date, days: int, holidays: Collection[date]) -> Bools:
    return np.array([first + timedelta(days=n) in holidays for n in range(days)], np.bool_)


def _wape(actual: Floats, expected: Floats) -> float | None:
    return float(np.abs(actual - expected).sum() / actual.sum()) if actual.sum() else None
