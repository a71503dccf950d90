"""Slow burns, raised plateaus and chronic problems: what a surge detector is built to get used to.

Weekly counts are fitted with season (once the reference holds a whole year), exposure, and one step for each
of the last two quarters of 13 weeks. The reference is all that lies before them. A series is *rising* when
both quarters lie above the reference and the latter above the former by a tenth or more, and *raised* when it
stepped up and stayed. Variance: dispersion of four-week sums, the uncertainty of the fit, and a "wander" of
10 %, because real rates move that much between quarters with nothing behind it. Tests are one-sided on the
last quarter, with a false-discovery rate over all series looked at. A short surge does not count: both
quarters must hold, and outliers weigh little.

*Chronic* needs no change at all: an issue that brings at least three times its fair share of all contacts in
each of the last four quarters, and has not come down.

Limits: with less than a year of reference a season cannot be told from a drift, and the finding says so
(`season_known`). Source: quasi-Poisson regression with step terms (Bernal 2017), our own wander term.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from apps.analysis.baseline import block_dispersion, design, fit
from apps.analysis.discovery import q_values
from apps.analysis.series import Calendar, Floats, Ints, as_counts, as_offset
from apps.analysis.tails import at_least
from helpdesk.sentences import Number, Share, Value, Words, in_a_row, said

QUARTER = 13  # weeks
_YEAR = 52
_STEP_PENALTY = 1.0  # ridge on the two quarter steps: a handful of tickets does not make a trend


@dataclass(frozen=True)
class Rules:
    """What counts as drift: false-discovery rate, least growth on the reference, least growth between the
    quarters, least tickets in the last quarter, and the wander of real rates (standard deviation of the
    logarithm).
    """

    false_discovery: float = 0.05
    least_growth: float = 1.25
    least_climb: float = 1.10
    least_tickets: float = 15.0
    wander: float = 0.10


USUAL = Rules()


@dataclass(frozen=True)
class Drift:
    """One series whose last two quarters lie above what came before. `former` and `latter` are their factors
    on the reference; `low` and `high` the 90 % interval of the latter; counts are for the last quarter.
    """

    series: int
    is_rising: bool
    former: float
    latter: float
    low: float
    high: float
    observed: float
    expected: float
    p: float
    q: float
    season_known: bool


@dataclass(frozen=True)
class Chronic:
    """One series that stays far above its fair share: share of all contacts in each quarter looked at, oldest
    first, and how many times the fair share the lowest of them is.
    """

    series: int
    shares: tuple[float, ...]
    times_fair: float


def to_weeks(daily: npt.ArrayLike) -> Floats:
    """Sum daily counts (S, T) into whole weeks ending with the last day; odd days at the start are left out."""
    table = as_counts(daily)
    weeks = table.shape[1] // 7
    summed: Floats = table[:, table.shape[1] - weeks * 7 :].reshape(len(table), weeks, 7).sum(2)
    return summed


def weekly_offset(offset: Floats | None, accepted: Ints | None, level: Floats, days: int) -> Floats | None:
    """Log exposure per week, (1, W), or (S, W) where levels were accepted; None where there is neither.

    `offset` (days,) or (1, days) is that of the days; from day `accepted[s]` on line s stands on `level[s]` times it.
    """
    if offset is None and accepted is None:
        return None
    exposure = np.ones((1, days)) if offset is None else np.exp(np.atleast_2d(offset))
    if accepted is not None:
        exposure = exposure * np.where(np.arange(days) >= accepted[:, None], level[:, None], 1.0)
    weekly: Floats = np.log(to_weeks(exposure) / 7)
    return weekly


def find_drifts(
    weekly: npt.ArrayLike,
    calendar: Calendar,
    *,
    offset: npt.ArrayLike | None = None,
    rules: Rules = USUAL,
) -> tuple[Drift, ...]:
    """Series that rise over two quarters, or stepped up and stayed, the strongest evidence first.

    `weekly` (S, W) with W at least 39 (78 and more know the season); `offset` log exposure per week.
    """
    table = as_counts(weekly)
    reference = table.shape[1] - 2 * QUARTER
    if table.shape[1] != len(calendar):
        raise ValueError("counts and calendar differ in length")
    if reference < QUARTER:
        raise ValueError("drift needs at least three quarters of history")
    season_known = reference >= _YEAR
    former, latter, error, observed, expected = _quarters(table, calendar, offset, season_known, rules)
    p = norm.sf(latter / error)
    q = q_values(p)
    grown = np.log(rules.least_growth)
    keep = (
        (q <= rules.false_discovery)
        & (latter >= grown)
        & (former > grown / 4)
        & (observed >= rules.least_tickets)
    )
    drifts = [
        Drift(
            series=int(i),
            is_rising=bool(latter[i] - former[i] >= np.log(rules.least_climb)),
            former=float(np.exp(former[i])),
            latter=float(np.exp(latter[i])),
            low=float(np.exp(latter[i] - 1.645 * error[i])),
            high=float(np.exp(latter[i] + 1.645 * error[i])),
            observed=float(observed[i]),
            expected=float(expected[i]),
            p=float(p[i]),
            q=float(q[i]),
            season_known=season_known,
        )
        for i in np.flatnonzero(keep)
    ]
    return tuple(sorted(drifts, key=lambda drift: drift.p))


def find_chronic(
    weekly: npt.ArrayLike, *, quarters: int = 4, times_fair: float = 3.0, false_alarm: float = 0.05
) -> tuple[Chronic, ...]:
    """Series with at least `times_fair` times the fair share (one over the number of live series) in every
    one of the last `quarters`, beyond chance in each, and whose last quarter is not clearly below the first.
    Largest first.
    """
    table = as_counts(weekly)
    if table.shape[1] < quarters * QUARTER:
        raise ValueError("not enough weeks for that many quarters")
    blocks = table[:, table.shape[1] - quarters * QUARTER :].reshape(len(table), quarters, QUARTER).sum(2)
    total, live = blocks.sum(0), max(int((blocks.sum(1) > 0).sum()), 1)
    shares = blocks / np.maximum(total, 1.0)
    fair = times_fair / live
    high = (shares >= fair) & (at_least(blocks, total / live, 2.0) < false_alarm)
    fallen = shares[:, -1] < 0.75 * shares[:, 0]
    rows = np.flatnonzero(high.all(1) & ~fallen)
    found = [Chronic(int(i), tuple(shares[i].tolist()), float(shares[i].min() * live)) for i in rows]
    return tuple(sorted(found, key=lambda chronic: -sum(chronic.shares)))


def sentence(drift: Drift, subject: Words) -> Words:
    """One plain sentence: how much, since when, how sure, and whether a season could be behind it."""
    found: dict[str, Value] = {
        "subject": subject, "latter": _above(drift.latter), "low": _above(drift.low), "high": _above(drift.high),
        "observed": Number(drift.observed), "expected": Number(drift.expected),
    }  # fmt: skip
    if drift.is_rising:
        text = said(
            "%(subject)s has been rising for two quarters: %(former)s above its earlier level, then %(latter)s "
            "(9 in 10 sure it is between %(low)s and %(high)s); %(observed)s tickets in 13 weeks instead of "
            "%(expected)s.",
            former=_above(drift.former),
            **found,
        )
    else:
        text = said(
            "%(subject)s stepped up about two quarters ago and stayed %(latter)s above its earlier level "
            "(9 in 10 sure it is between %(low)s and %(high)s); %(observed)s tickets in 13 weeks instead of "
            "%(expected)s.",
            **found,
        )
    doubt = "" if drift.season_known else said("With less than a year behind it, a season is not ruled out.")
    return in_a_row([text, doubt])


def chronic_sentence(chronic: Chronic, subject: Words) -> Words:
    """One plain sentence on a problem that is always there."""
    return said(
        "%(subject)s has brought at least %(times)s times its fair share of contacts in each of the last %(quarters)s "
        "quarters, %(share)s of all in the latest.",
        subject=subject,
        times=Number(chronic.times_fair, digits=1),
        quarters=len(chronic.shares),
        share=Share(chronic.shares[-1]),
    )


def _quarters(
    table: Floats, calendar: Calendar, offset: npt.ArrayLike | None, season_known: bool, rules: Rules
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Log factors of both quarters and error of the latter; the last quarter's observed and expected counts."""
    base = design(calendar, harmonics=2 if season_known else 0, trend=False)
    weeks, width = base.columns.shape
    steps = np.zeros((weeks, 2))
    steps[-2 * QUARTER : -QUARTER, 0] = 1.0
    steps[-QUARTER:, 1] = 1.0
    columns = np.concatenate([base.columns, steps], 1)
    penalty = np.concatenate([base.penalty, [_STEP_PENALTY, _STEP_PENALTY]])
    offsets = as_offset(offset, table.shape)
    fitted = fit(table, columns, penalty, offset=offsets)
    slack = block_dispersion(fitted, table, (4,)) / fitted.dispersion
    error = np.sqrt(fitted.covariance[:, -1, -1] * slack + rules.wander**2)
    former, latter = fitted.coefficients[:, width], fitted.coefficients[:, width + 1]
    expected = fitted.expected[:, -QUARTER:].sum(1) / np.exp(latter)
    return former, latter, error, table[:, -QUARTER:].sum(1), expected


def _above(factor: float) -> Share:
    return Share(factor - 1)
