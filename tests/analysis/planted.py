"""Small worlds with a planted truth: daily counts with weekday, season, holidays, and whatever a test plants."""

from datetime import date

import numpy as np

from apps.analysis.series import Calendar

FIRST = date(2023, 1, 2)  # a Monday
_WEEK = np.array([1.2, 1.1, 1.05, 1.0, 0.95, 0.5, 0.4])
WEEK = _WEEK / _WEEK.mean()


def days(length, holidays=()):
    return Calendar.of_days(FIRST, length, holidays)


def weeks(length):
    return Calendar.of_weeks(FIRST, length)


def counts(mean, *, seed, dispersion=1.3):
    """Poisson or negative binomial counts with the given means, any shape."""
    chance = np.random.default_rng(seed)
    if dispersion <= 1:
        return chance.poisson(mean)
    return chance.negative_binomial(np.maximum(mean, 1e-9) / (dispersion - 1), 1 / dispersion)


def usual(series, length, *, level=2.0, season=0.2, seed=0):
    """Means (series, length) with weekday and a yearly wave of random phase."""
    chance = np.random.default_rng(seed)
    step = np.arange(length)
    phase = chance.uniform(0, 2 * np.pi, (series, 1))
    return level * WEEK[step % 7] * np.exp(season * np.cos(2 * np.pi * step / 365.25 + phase))
