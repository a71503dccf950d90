"""Has a proven fix come undone? A watch that may be looked at every day without crying wolf.

Evidence is an e-process: the average over rises by a quarter, a half, double and triple of the likelihood
ratio of all counts since the watch began, against the level that was *confirmed*. Under that level its
expectation never exceeds 1, so the chance that it *ever* reaches 1 / 0.05 = 20 is at most 5 %, however often
one looks (Ville 1939; Ramdas 2023). Counts follow the negative binomial of `tails.py`, for which the
likelihood ratio is exact. The watch starts afresh every year, so the 5 % is per year. When it alarms, the relapse
began at the step from which on the counts speak most for one of these rises (Page 1954).

Limits: the promise holds when the level and the dispersion are right; give `expected` at the upper end of the
confirmed interval when the level is known only roughly. A doubling at 2 tickets a day shows in about a week.
"""

from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from apps.analysis.series import Floats, Ints, as_counts
from apps.analysis.tails import log_likelihood_ratio, usual_range
from helpdesk.sentences import Number, Words, in_a_row, said

FACTORS = (1.25, 1.5, 2.0, 3.0)


@dataclass(frozen=True)
class Watch:
    """Log evidence (S, T) for a relapse after each step, the level at which it alarms, the index (S,) of the
    first step that did, and of the step at which that relapse began; -1 for none.
    """

    log_evidence: Floats
    alarm_at: float
    first_alarm: Ints
    began: Ints

    @property
    def alarmed(self) -> npt.NDArray[np.bool_]:
        return self.first_alarm >= 0


def watch(
    counts: npt.ArrayLike,
    expected: npt.ArrayLike,
    dispersion: npt.ArrayLike,
    *,
    ever_false: float = 0.05,
    restart_every: int = 365,
) -> Watch:
    """Watch S series from the day their fix was confirmed.

    `counts` (S, T) since then; `expected` broadcastable to (S, T), at the confirmed level; `dispersion` (S,)
    or one number; `restart_every` steps in a year of this calendar. The chance of a false alarm is
    `ever_false` per restart.
    """
    if not 0 < ever_false < 1:
        raise ValueError("the chance of a false alarm lies between 0 and 1")
    table = as_counts(counts)
    due = np.broadcast_to(np.asarray(expected, np.float64), table.shape)
    if (due <= 0).any():
        raise ValueError("the confirmed level must be above zero")
    spread = np.broadcast_to(np.atleast_1d(np.asarray(dispersion, np.float64))[:, None], table.shape)
    years = [
        _evidence(table[:, cut], due[:, cut], spread[:, cut])
        for cut in (slice(start, start + restart_every) for start in range(0, table.shape[1], restart_every))
    ]
    evidence = np.concatenate(years, 1) if years else np.zeros(table.shape)
    alarm_at = log(1 / ever_false)
    over = evidence >= alarm_at
    first = np.where(over.any(1), over.argmax(1), -1) if table.shape[1] else np.full(len(table), -1)
    began = np.full(len(table), -1, np.int64)
    for row in np.flatnonzero(first >= 0):
        start = first[row] - first[row] % restart_every
        year = slice(start, first[row] + 1)
        began[row] = start + _beginning(table[row, year], due[row, year], spread[row, year])
    return Watch(evidence, alarm_at, first.astype(np.int64), began)


def _beginning(counts: Floats, expected: Floats, dispersion: Floats) -> int:
    """The step from which to the last the likelihood ratio of the best rise is largest."""
    # Before the first step nothing speaks for or against: a log of zero.
    logs = [np.r_[0.0, np.cumsum(log_likelihood_ratio(counts, expected, dispersion, g))] for g in FACTORS]
    best = max(logs, key=lambda log: log[-1] - log[:-1].min())
    return int(np.argmin(best[:-1]))


def ceiling(expected: float, dispersion: float, *, share: float = 0.98) -> int:
    """The forecast ceiling of a proven fix: the count that a period expecting `expected` tickets stays at or
    under 99 times in 100. Shown on the chart; the alarm itself is the watch's.
    """
    return usual_range(expected, dispersion, share)[1]


def sentence(
    observed: float,
    expected: float,
    subject: Words,
    *,
    days: int,
    ever_false: float = 0.05,
) -> Words:
    """One plain sentence for the owner of a fix that came undone."""
    back = said(
        "%(subject)s is back: %(observed)s tickets in %(days)s days, where the proven level allows %(expected)s.",
        subject=subject,
        observed=Number(observed),
        days=days,
        expected=Number(expected),
    )
    sure = said(
        "A watch like this is wrong at most %(times)s times in 100 a year.", times=Number(ever_false * 100)
    )
    return in_a_row([back, sure])


def _evidence(counts: Floats, expected: Floats, dispersion: Floats) -> Floats:
    logs = np.stack([np.cumsum(log_likelihood_ratio(counts, expected, dispersion, g), 1) for g in FACTORS])
    top = logs.max(0)
    evidence: Floats = top + np.log(np.exp(logs - top).mean(0))
    return evidence
