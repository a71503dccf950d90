"""A control chart whose middle is what the engine expects: weekday, holidays, season and exposure move its limits.

One line's daily counts are fitted with the baseline of `baseline.py` (no trend: a chart that follows a slow rise would
never show it), with a step for each day from which another level holds: a level somebody accepted, or a proven fix.
Days that were noticed as a problem and are not settled yet teach nothing. Weeks are sums of days. Limits are those of a
Laney chart: three standard deviations, widened by how much more than chance days, weeks and months differ.

A week signals beyond its limits, or as the eighth or later in a row on one side of what is expected; by chance the
first happens in about 3 of 1,000 weeks, the second in about 4. Under two tickets a week there is no lower limit.
Sources: Shewhart; Laney, Quality Engineering 14, 2002; Nelson, Journal of Quality Technology 16, 1984 (the run).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from apps.analysis.baseline import block_dispersion, design, fit
from apps.analysis.series import DAYS_A_WEEK, Bools, Calendar, Floats

SIGMAS = 3.0
RUN = 8
SEASON_NEEDS = 300  # days
LEAST_TAUGHT = 56
_STEP = 0.1  # ridge on a step: hardly any, for there is one


@dataclass(frozen=True)
class ProcessChart:
    """By week (weeks,): tickets, expected, limits, and the signal: 1 a rise, -1 a fall, 0 none."""

    tickets: Floats
    expected: Floats
    lower: Floats
    upper: Floats
    signal: Floats
    dispersion: float


def process_chart(
    counts: Floats,
    calendar: Calendar,
    *,
    offset: Floats,
    steps: Sequence[int] = (),
    taught: Bools | None = None,
) -> ProcessChart:
    """`counts`, `offset` (log exposure) and `taught` (days,); `steps` are the first days of new levels. The last whole
    weeks are told; raises ValueError with less than one."""
    days = len(counts)
    if days < DAYS_A_WEEK:
        raise ValueError("a control chart needs a week")
    weights = np.ones(days) if taught is None or taught.sum() < LEAST_TAUGHT else taught.astype(np.float64)
    model = design(calendar, harmonics=1 if days >= SEASON_NEEDS else 0, trend=False)
    inside = sorted({step for step in steps if 0 < step < days})
    after = [(np.arange(days) >= step).astype(np.float64) for step in inside]
    columns = np.column_stack([model.columns, *after])
    penalty = np.concatenate([model.penalty, np.full(len(after), _STEP)])
    fitted = fit(counts[None], columns, penalty, offset=offset[None], weights=weights[None], outlier_span=14)
    dispersion = float(block_dispersion(fitted, counts[None], (7, 28))[0])
    tickets, expected = by_week(counts), by_week(fitted.expected[0])
    reach = SIGMAS * np.sqrt(dispersion * expected)
    lower, upper = np.maximum(expected - reach, 0.0), expected + reach
    return ProcessChart(
        tickets, expected, lower, upper, _signals(tickets, expected, lower, upper), dispersion
    )


def by_week(daily: Floats) -> Floats:
    """Sums of whole weeks that end with the last day; days before them are left out."""
    weeks = len(daily) // DAYS_A_WEEK
    sums: Floats = daily[len(daily) - weeks * DAYS_A_WEEK :].reshape(weeks, DAYS_A_WEEK).sum(1)
    return sums


def _signals(tickets: Floats, expected: Floats, lower: Floats, upper: Floats) -> Floats:
    beyond = (tickets > upper).astype(np.float64) - (tickets < lower)
    side, run, signal = np.sign(tickets - expected), 0, beyond.copy()
    for week in range(len(tickets)):
        run = run + 1 if week and side[week] == side[week - 1] and side[week] else 1
        if run >= RUN and not beyond[week]:
            signal[week] = side[week]
    return signal
