"""What a day that is not over, or a series that is thin, can tell."""

from functools import cache

import numpy as np
import numpy.typing as npt

from apps.analysis.surge.watch import DAILY, Rules
from apps.analysis.tails import at_least


def elapsed_share(hourly: npt.ArrayLike, hour_of_week: float, parent: npt.ArrayLike | None = None) -> float:
    """Share of today's volume that has usually arrived by `hour_of_week` (0 = Monday midnight, 168 = next
    one).

    `hourly` (168,) tickets by hour of the week, pulled towards the parent's profile (or a flat one) by 168
    tickets.
    """
    own = np.asarray(hourly, np.float64)
    shape = np.ones(168) if parent is None else np.asarray(parent, np.float64) + 1e-3
    profile = own + 168.0 * shape / shape.sum()
    day = profile[int(hour_of_week // 24) % 7 * 24 :][:24]
    hour = hour_of_week % 24
    whole = int(hour)
    return float((day[:whole].sum() + day[whole] * (hour - whole)) / day.sum())


RISES = (1.3, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0)  # factors a person can tell apart


@cache
def least_rate(factor: float) -> float:
    """The fewest tickets a step at which a lasting rise to `factor` times as many would show; to 2 %."""
    blind, seen = 0.01, 100.0
    while seen / blind > 1.02:
        middle = (blind * seen) ** 0.5
        if (smallest_visible_rise(middle) or np.inf) <= factor:
            seen = middle
        else:
            blind = middle
    return seen


def smallest_visible_rise(
    per_step: float, dispersion: float = 1.3, *, rules: Rules = DAILY, power: float = 0.8
) -> float | None:
    """The smallest lasting factor that the scan would put on the watch-list within its longest window with
    the given power, out of `RISES`; None when not even the last would show.
    """
    windows = np.asarray(rules.windows, np.float64)
    mean = per_step * windows
    level = rules.watch / np.asarray(rules.handicaps)
    counts = np.arange(1, int(20 * mean.max() + 60))
    tail = at_least(counts[None], mean[:, None], dispersion)
    needed = 1 + (tail >= level[:, None]).sum(1)
    needed = np.maximum(needed, np.ceil(mean + rules.least_excess))
    for factor in RISES:
        if at_least(needed, factor * mean, dispersion).max() >= power:
            return factor
    return None


def visible_rise(per_step: float) -> float | None:
    """`smallest_visible_rise` with the rules of the night, to 2 % of the rate: the boundaries are found once, so that
    hundreds of lines take no time."""
    return next((factor for factor in RISES if per_step >= least_rate(factor)), None)
