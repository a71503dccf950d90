"""Series with an action in them: a year before it, a week for it to take effect, eight weeks after.

Weekday, season of random phase, customers who grow or shrink by up to half (known exposure), overdispersion, and noise
that lasts for weeks. Often a case is opened because of a surge: then the three weeks before the action are two and a
half times as high, whatever the action does.
"""

from dataclasses import dataclass

import numpy as np

from apps.analysis.proof import Windows
from apps.analysis.series import Calendar, Floats, Ints
from bench.loop.generators.draws import lasting, overdispersed

BEFORE, GAP, AFTER = 365, 7, 56  # days
NOTICED = 28  # days before the action that the baseline leaves out
DAYS = BEFORE + GAP + AFTER
WINDOWS = Windows(0, BEFORE - NOTICED, BEFORE + GAP, DAYS)
CALENDAR = Calendar(np.arange(DAYS), 365.25, np.arange(DAYS) % 7)
_SURGE_DAYS, _SURGE = 21, 2.5
_SEASON = 0.25
_WEEK = np.array([1.2, 1.1, 1.05, 1.0, 0.95, 0.5, 0.4])


@dataclass(frozen=True)
class Setting:
    """Tickets a day, dispersion, standard deviation of the lasting noise, and whether a surge led to the action."""

    level: float
    dispersion: float
    noise: float
    after_surge: bool

    def __str__(self) -> str:
        noise = ", noise" if self.noise else ""
        return f"{self.level:g} a day{noise}{', surge' if self.after_surge else ''}"


SETTINGS = (
    Setting(0.3, 1.0, 0.0, False),
    Setting(0.3, 1.2, 0.1, True),
    Setting(2.0, 1.5, 0.0, False),
    Setting(2.0, 1.5, 0.15, False),
    Setting(2.0, 1.5, 0.15, True),
    Setting(10.0, 2.0, 0.15, False),
    Setting(10.0, 2.0, 0.15, True),
)


@dataclass(frozen=True)
class Actions:
    """Counts (series, DAYS) and the logarithm of the exposure, likewise."""

    counts: Ints
    offset: Floats


def actions(setting: Setting, number: int, left: float, seed: int) -> Actions:
    """`number` series of which the action leaves the share `left` (1: it does nothing)."""
    chance = np.random.default_rng(seed)
    day = np.arange(DAYS)
    phase = chance.uniform(0, 2 * np.pi, (number, 1))
    offset = chance.uniform(-0.5, 0.5, (number, 1)) * (day - BEFORE) / 365
    log_mean = np.log(setting.level * (_WEEK / _WEEK.mean())[day % 7])
    log_mean = log_mean + _SEASON * np.cos(2 * np.pi * day / 365.25 + phase) + offset
    mean = np.exp(log_mean + lasting(chance, number, DAYS, setting.noise))
    if setting.after_surge:
        mean[:, BEFORE - _SURGE_DAYS : BEFORE] *= _SURGE
    mean[:, BEFORE + GAP :] *= left
    return Actions(overdispersed(chance, mean, setting.dispersion), offset)
