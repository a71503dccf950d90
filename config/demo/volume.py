"""How many contacts about what on which day: weekdays, holidays, the heating season, chance, and what is planted."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from config.demo import planted
from config.demo.taxonomy import Profile

WEEKDAYS = (1.28, 1.15, 1.08, 1.05, 0.98, 0.78, 0.68)
ON_A_HOLIDAY, AFTER_A_HOLIDAY = 0.4, 1.3
COLDEST_DAY = 20
HEATING_SWING = 0.45
DISPERSION = 1.35
STANDARD_TICKETS = 20_000


@dataclass(frozen=True)
class Contact:
    """That somebody will write on a day: about the issue at this place in the profiles, or the unnamed fault (None).

    `in_surge` marks those that the fresh surge adds.
    """

    day: int
    issue: int | None
    in_surge: bool = False


def busyness(start: date, days: int, holidays: frozenset[date]) -> NDArray[np.float64]:
    """How busy each day is against the average day, by weekday and public holiday."""
    dates = [start + timedelta(days=day) for day in range(days)]
    return np.array([_busy(day, holidays) for day in dates])


def _busy(day: date, holidays: frozenset[date]) -> float:
    if day in holidays:
        return ON_A_HOLIDAY
    after = AFTER_A_HOLIDAY if day - timedelta(days=1) in holidays else 1.0
    return WEEKDAYS[day.weekday()] * after


def heating_season(start: date, days: int) -> NDArray[np.float64]:
    """A smooth yearly wave, highest in late January."""
    since_new_year = np.array([(start + timedelta(days=day)).timetuple().tm_yday for day in range(days)])
    wave = np.exp(HEATING_SWING * np.cos(2 * np.pi * (since_new_year - COLDEST_DAY) / planted.DAYS_A_YEAR))
    return np.asarray(wave / wave.mean())


def expected(
    profiles: tuple[Profile, ...],
    start: date,
    days: int,
    active: NDArray[np.int64],
    busy: NDArray[np.float64],
    tickets: int,
) -> NDArray[np.float64]:
    """Contacts expected by day and issue, without the surge and the unnamed fault; the sum is about `tickets`."""
    before = np.arange(days - 1, -1, -1)
    codes = tuple(profile.code for profile in profiles)
    rates = planted.rates(codes, np.array([profile.weight for profile in profiles]), before)
    heating = np.array([profile.season == "heating" for profile in profiles])
    rates[:, heating] *= heating_season(start, days)[:, None]
    rates *= (busy * active)[:, None]
    size = tickets / STANDARD_TICKETS
    extras = size * (planted.surge_extra(before).sum() + planted.UNNAMED_TICKETS)
    return np.asarray(rates * (tickets - extras) / rates.sum())


def contacts(
    rng: np.random.Generator,
    expectation: NDArray[np.float64],
    busy: NDArray[np.float64],
    tickets: int,
    surging: int,
) -> list[Contact]:
    """Who will write, day by day. Counts are negative binomial: their variance is `DISPERSION` times their mean."""
    days, size = len(busy), tickets / STANDARD_TICKETS
    before = np.arange(days - 1, -1, -1)
    counts = rng.negative_binomial(expectation / (DISPERSION - 1), 1 / DISPERSION)
    extra = rng.poisson(planted.surge_extra(before) * busy * size)
    unnamed = planted.unnamed_counts(before, size)
    found = [
        Contact(int(day), int(issue)) for day, issue in np.argwhere(counts) for _ in range(counts[day, issue])
    ]
    found += [Contact(day, surging, in_surge=True) for day in range(days) for _ in range(extra[day])]
    found += [Contact(day, None) for day in range(days) for _ in range(unnamed[day])]
    return found
