"""The 16 daily signals of Noufaily et al. 2019 (Bioinformatics 35:3110), from the published parameters.

Seven years of 364 days. Signals of five-day systems have empty weekends, nothing on holidays and half as much again
on the day after; signals of seven-day systems are heavy at weekends and double on holidays. One outbreak falls in
the last 49 weeks, with the weekly shape of its system.
"""

from dataclasses import dataclass

import numpy as np

from apps.analysis.series import Bools, Floats, Ints
from bench.loop.generators.draws import overdispersed

YEARS, DAYS_A_YEAR = 7, 364
DAYS = YEARS * DAYS_A_YEAR
_HOLIDAY_WEEKS = (0, 13, 14, 18, 21, 34, 51, 51)


@dataclass(frozen=True)
class Signal:
    """Published parameters of one signal: days a week, divisor, waves a year and a week, log level, trend, the
    yearly and weekly wave coefficients, dispersion, shift in days."""

    week: int
    divisor: int
    yearly_waves: int
    weekly_waves: int
    level: float
    trend: float
    year_cos: float
    year_sin: float
    week_cos: float
    week_sin: float
    dispersion: float
    shift: int

    def mean(self) -> Floats:
        year = 52 * self.week
        day = np.arange(1, year * YEARS + 1) + self.shift
        log_mean = self.level + self.trend * day
        for order in range(1, self.yearly_waves + 1):
            angle = 2 * np.pi * order * day / year
            log_mean = log_mean + self.year_cos * np.cos(angle) + self.year_sin * np.sin(angle)
        for order in range(1, self.weekly_waves + 1):
            angle = 2 * np.pi * order * day / self.week
            log_mean = log_mean + self.week_cos * np.cos(angle) + self.week_sin * np.sin(angle)
        mean: Floats = np.exp(log_mean)
        return mean


SIGNALS = (
    Signal(5, 10, 0, 1, 6, 0.0001, 0, 0, 0.6, 0.9, 1.5, 0),
    Signal(5, 1, 1, 1, 3, 0, 1.5, 0.1, 0.2, 0.3, 1, -150),
    Signal(5, 1, 1, 1, 3, 0, 0.2, 0.1, 0.05, 0.15, 1, -200),
    Signal(5, 1, 1, 1, 5, 0, 0.2, 0.1, 0.05, 0.1, 1, 0),
    Signal(5, 1, 2, 1, 0.5, 0, 0.4, 0, 0.05, 0.15, 1, 0),
    Signal(5, 100, 1, 1, 9, 0, 0.5, 0.2, 0.2, 0.5, 1, 0),
    Signal(5, 10, 1, 1, 6, 0, 0.3, 2, 0.3, 0.5, 1.5, -50),
    Signal(5, 1, 1, 1, 1, 0, 0.1, 2, 0.05, 0.05, 1, -50),
    Signal(7, 1, 1, 2, 6, 0, 0.2, 0.2, 0.5, 0.4, 2, 29),
    Signal(7, 1, 1, 2, 0.5, 0, 1.5, 1.4, 0.5, 0.4, 1, -167),
    Signal(7, 1, 0, 2, 5.5, 0, 0, 0, 0.3, 0.25, 1, 1),
    Signal(7, 1, 0, 2, 2, 0, 0, 0, 0.3, 0.25, 1, 1),
    Signal(7, 1, 1, 2, 2, 0.0005, 0.8, 0.8, 0.8, 0.4, 4, 57),
    Signal(7, 1, 4, 1, 0.05, 0, 0.01, 0.01, 1.8, 0.1, 1, -85),
    Signal(7, 1, 1, 2, 3, 0, 0.8, 0.6, 0.8, 0.4, 4, 29),
    Signal(7, 1, 0, 2, 6, 0, 0, 0, 0.8, 0.4, 4, 1),
)


@dataclass(frozen=True)
class Dataset:
    """Counts and outbreak cases (series, days), and which days are holidays (days,)."""

    counts: Ints
    outbreak: Ints
    holiday: Bools


def dataset(copies: int, seed: int, *, size: float = 3.0) -> Dataset:
    """`copies` series of each signal with an outbreak of `size` standard deviations a day over its length."""
    chance = np.random.default_rng(seed)
    holiday = np.zeros(DAYS, np.bool_)
    for year in range(YEARS):
        for week in _HOLIDAY_WEEKS:
            holiday[year * DAYS_A_YEAR + week * 7 + chance.integers(0, 5)] = True
    series = [_simulate(signal, chance, size, holiday) for signal in SIGNALS for _ in range(copies)]
    counts, outbreak = (np.array(part) for part in zip(*series, strict=True))
    return Dataset(counts, outbreak, holiday)


def _simulate(signal: Signal, chance: np.random.Generator, size: float, holiday: Bools) -> tuple[Ints, Ints]:
    mean = signal.mean()
    counts = overdispersed(chance, mean, signal.dispersion) / signal.divisor
    outbreak = _outbreak(signal, chance, mean, size)
    total: Floats = counts + outbreak
    if signal.week == 7:
        total[holiday] *= 2
        return np.round(total).astype(int), np.round(outbreak).astype(int)
    working = holiday.reshape(-1, 7)[:, :5].ravel()
    for day in np.flatnonzero(working):
        total[day] = 0
        total[day + 1 : day + 2] *= 1.5
    outbreak[working] = 0
    return _with_weekends(total), _with_weekends(outbreak)


def _outbreak(signal: Signal, chance: np.random.Generator, mean: Floats, size: float) -> Floats:
    start = int(chance.integers(len(mean) - 49 * signal.week, len(mean) - 5 * signal.week))
    cases = 0
    while cases < 2:
        cases = int(chance.poisson(np.sqrt(mean[start] * signal.dispersion) * size * signal.week))
    days = start + np.floor(chance.lognormal(0, 0.5, cases) / 0.25).astype(int)
    outbreak = np.bincount(days[days < len(mean)], minlength=len(mean)).astype(float)
    weekday = (np.arange(len(mean)) + 1) % signal.week
    if signal.week == 5:
        return outbreak * np.where(weekday == 1, 1.5, np.where((weekday == 0) | (weekday == 2), 1.1, 1.0))
    return outbreak * np.where((weekday == 0) | (weekday == 6), 2.0, 1.0)


def _with_weekends(working_days: Floats) -> Ints:
    weeks = working_days.reshape(-1, 5)
    return np.round(np.concatenate([weeks, np.zeros((len(weeks), 2))], 1).ravel()).astype(int)
