"""The surge benchmarks: outbreaks in weekly and daily series, false alarms on quiet ones, and speed.

Every series is walked as in life: the model sees the past only, and is fitted anew every week.
POD: share of outbreaks found at least once while they last. FPR: share of quiet weeks flagged, on the same series
without the current outbreak. Timeliness: share of the outbreak that had passed when it was found, 1 if never.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from apps.analysis import surge
from apps.analysis.discovery import q_values
from apps.analysis.series import Bools, Calendar, Floats, Ints
from bench.loop.files import sheets
from bench.loop.generators import daily, quiet, weekly
from bench.loop.signals import signals_of
from bench.loop.table import Measure

_HISTORY = 728  # days
_DAILY_PRESET = 0.005  # the one threshold for all daily signals


def run(seed: int) -> Iterator[Measure]:
    """All surge measures for a seed, each as soon as it is there."""
    yield from weekly_measures(seed)
    yield from daily_measures(seed)
    yield from false_alarms(seed)
    yield speed(seed)


def weekly_measures(seed: int, copies: int = 10) -> Iterator[Measure]:
    """Probability of detection at fixed false-positive rates on the 42 scenarios of Noufaily 2013."""
    data = weekly.dataset(copies, seed)
    calendar = Calendar(np.arange(weekly.WEEKS), weekly.YEAR)
    with_outbreak, without = (_walk_weeks(counts, calendar) for counts in (data.counts, data.base))
    current: Bools = data.outbreak[:, weekly.CURRENT :] > 0
    for rate, target, reference in ((0.005, 0.50, 0.407), (0.01, 0.555, 0.505), (0.02, 0.62, 0.624)):
        flagged: Bools = with_outbreak < float(np.quantile(without, rate))
        found = (flagged & current).any(1).sum() / current.any(1).sum()
        yield Measure("surge", f"weekly: POD at FPR {rate:g}", float(found), target, reference=reference)


def daily_measures(seed: int, copies: int = 4) -> Iterator[Measure]:
    """Specificity, sensitivity, POD and timeliness at one preset on the 16 daily signals of Noufaily 2019."""
    data = daily.dataset(copies, seed)
    after = np.concatenate([[False], data.holiday[:-1]])
    day = np.arange(daily.DAYS)
    calendar = Calendar(day, float(daily.DAYS_A_YEAR), day % 7, data.holiday, after)
    start = daily.DAYS - 49 * 7
    flagged = _flagged(data.counts, calendar, start)
    yield from _against("daily", flagged, data.outbreak[:, start:] > 0)


def run_data(folder: Path) -> Iterator[Measure]:
    """The daily signals of a folder's files, see `signals.py`; all files that know their outbreaks together.

    Raises DataError.
    """
    judged: list[tuple[Bools, Bools]] = []
    for path in sheets(folder):
        signals = signals_of(path)
        flagged = _flagged(signals.counts, signals.calendar, signals.first)
        if signals.outbreak is None:
            yield Measure("surge", f"{path.stem}: days flagged of 1,000", float(flagged.mean() * 1000))
        else:
            judged.append((flagged, signals.outbreak[:, signals.first :]))
    for length in sorted({flagged.shape[1] for flagged, _ in judged}):
        same = [pair for pair in judged if pair[0].shape[1] == length]
        flagged, outbreak = (np.concatenate(part) for part in zip(*same, strict=True))
        yield from _against(f"{len(flagged)} signals, {length} days", flagged, outbreak)


def _against(name: str, flagged: Bools, outbreak: Bools) -> Iterator[Measure]:
    """Days flagged (S, T) against days of true outbreaks."""
    delays = [_delay(*row) for row in zip(flagged, outbreak, strict=True) if row[1].any()]
    yield Measure(
        "surge", f"{name}: specificity", float(1 - flagged[~outbreak].mean()), 0.98, reference=0.985
    )
    if not delays:
        return
    yield Measure("surge", f"{name}: sensitivity", float(flagged[outbreak].mean()), 0.78, reference=0.556)
    pod = float(np.mean([delay < 1 for delay in delays]))
    yield Measure("surge", f"{name}: POD", pod, 0.97, reference=0.942)
    yield Measure("surge", f"{name}: timeliness", float(np.mean(delays)), 0.13, False, reference=0.207)


def false_alarms(seed: int, number: int = 500, months: int = 3) -> Iterator[Measure]:
    """New alarms in a thousand series-months, as the product raises them, on series with nothing the matter."""
    days, rates = months * 28, []
    for level, dispersion, noise in quiet.SETTINGS:
        counts = quiet.series(
            number, _HISTORY + days, level=level, dispersion=dispersion, noise=noise, seed=seed
        )
        day = np.arange(_HISTORY + days)
        calendar = Calendar(day, 365.25, day % 7)
        alarms = np.concatenate([_alarms(look)[:, -7:] for look in _walk_days(counts, calendar, _HISTORY)], 1)
        fresh = alarms & ~np.concatenate([np.zeros((number, 1), np.bool_), alarms[:, :-1]], 1)
        rates.append(fresh.sum() * 1000 / number / months)
    yield Measure("surge", "false alarms / 1,000 series-months, mean", float(np.mean(rates)), 10, False)
    yield Measure("surge", "false alarms / 1,000 series-months, worst", float(np.max(rates)), 15, False)


def speed(seed: int) -> Measure:
    """Seconds for a night's survey of 5,000 series over 728 days, with holidays."""
    counts = quiet.series(5000, _HISTORY, level=2.0, dispersion=1.3, noise=0.0, seed=seed)
    day = np.arange(_HISTORY)
    holiday = day % 45 == 3
    calendar = Calendar(day, 365.25, day % 7, holiday, np.roll(holiday, 1))
    started = time.process_time()
    surge.find_surges(surge.survey(counts, calendar))
    return Measure("surge", "seconds for 5,000 series x 728 days", time.process_time() - started, 15, False)


def _walk_weeks(counts: Ints, calendar: Calendar) -> Floats:
    rules = surge.WEEKLY
    looks = [
        surge.survey(counts[:, : week + 1], calendar.between(0, week + 1), watched=rules.reach, rules=rules)
        for week in range(weekly.CURRENT, weekly.WEEKS)
    ]
    return np.concatenate([look.p[:, -1:] for look in looks], 1)


def _flagged(counts: Floats | Ints, calendar: Calendar, start: int) -> Bools:
    """Days from `start` on that the preset flags (S, T - start)."""
    p = [look.p[:, -7:] for look in _walk_days(counts, calendar, start)]
    return np.concatenate(p, 1)[:, : counts.shape[1] - start] < _DAILY_PRESET


def _walk_days(counts: Floats | Ints, calendar: Calendar, start: int) -> Iterator[surge.Survey]:
    """A survey for each week from `start` on, with the fit made before that week."""
    watched = surge.DAILY.reach + 7
    for day in range(start, counts.shape[1], 7):
        oldest = max(0, day - _HISTORY)
        yield surge.survey(counts[:, oldest : day + 7], calendar.between(oldest, day + 7), watched=watched)


def _alarms(look: surge.Survey) -> Bools:
    """Which series and days raise an alarm (S, M), by the rules of `surge.find_surges`."""
    rules, (number, days) = look.rules, look.p.shape
    alarms = np.zeros((number, days), np.bool_)
    for day in range(days - 7, days):
        q = q_values(look.day(day)) * max(1.0, rules.least_family / number)
        window = look.window[:, day]
        reach = np.arange(days)[None]
        inside = (reach <= day) & (reach > day - window[:, None])
        y, mu = (look.observed * inside).sum(1), (look.expected * inside).sum(1)
        enough = (y - mu >= rules.least_excess) & (y >= rules.least_ratio * mu)
        alarms[:, day] = ((look.p[:, day] < rules.alarm) | (q <= rules.false_discovery)) & enough
    return alarms


def _delay(flagged: Bools, outbreak: Bools) -> float:
    days = np.flatnonzero(outbreak)
    hits = days[flagged[days]]
    return float((hits[0] - days[0]) / (days[-1] - days[0] + 1)) if hits.size else 1.0
