"""From the survey of a day to the surges that are shown, each with its size, its beginning and its words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from apps.analysis.discovery import q_values
from apps.analysis.series import Floats
from apps.analysis.surge.watch import Survey
from apps.analysis.tails import usual_range
from helpdesk.sentences import Day, Number, Words, counted, in_a_row, said


@dataclass(frozen=True)
class Surge:
    """One series that stands out on the last complete step. `started` indexes the whole history; `parent` is
    the series that surges as well and contains this one (show that one, and let localisation explain it).
    """

    series: int
    is_alarm: bool
    window: int
    observed: float
    expected: float
    usual: tuple[int, int]
    p: float
    q: float
    started: int
    parent: int | None

    @property
    def ratio(self) -> float:
        return self.observed / max(self.expected, 1e-9)


def find_surges(
    found: Survey, *, parents: npt.ArrayLike | None = None, elapsed: float = 1.0
) -> tuple[Surge, ...]:
    """The series that stand out on the last step, most surprising first.

    With less than a quarter of the last step's volume elapsed, only windows that end one step earlier are
    tested.
    """
    rules = found.rules
    step = found.observed.shape[1] - (2 if elapsed < 0.25 else 1)
    # A desk with thirty lines, looked at every day, would otherwise be due a false alarm every ten days.
    p, q = (
        found.p[:, step],
        np.minimum(1.0, q_values(found.day(step)) * max(1.0, rules.least_family / len(found.p))),
    )
    candidates = []
    for series in np.flatnonzero((p < rules.watch) | (q <= rules.false_discovery)).tolist():
        surge = _surge(found, series, step, float(q[series]))
        enough = surge.observed - surge.expected >= rules.least_excess and surge.ratio >= rules.least_ratio
        if enough:
            candidates.append(surge)
    return _with_parents(sorted(candidates, key=lambda surge: surge.p), parents)


def has_ended(observed: Floats, expected: Floats, dispersion: float, quiet: int = 3) -> bool:
    """Whether the last `quiet` steps all lay within one standard deviation above what is expected."""
    y, mu = observed[-quiet:], expected[-quiet:]
    return len(y) == quiet and bool((y <= mu + np.sqrt(dispersion * mu)).all())


def sentence(surge: Surge, subject: Words, *, started: date) -> Words:
    """“Card not arrived in North: 41 tickets in the last 7 days, we expect 18 (13 to 23 is usual) ...”."""
    low, high = surge.usual
    found = said(
        "%(subject)s: %(observed)s tickets %(span)s, we expect %(expected)s (%(low)s to %(high)s is usual).",
        subject=subject,
        observed=Number(surge.observed),
        span=counted("in the last day", "in the last %(n)s days", n=surge.window),
        expected=Number(surge.expected, digits=0 if surge.expected >= 10 else 1),
        low=int(low),
        high=int(high),
    )
    return in_a_row([found, chance(surge.p), said("Started on %(day)s.", day=Day(started, "D j M"))])


def chance(p: float) -> Words:
    """How often chance alone would do this, as a span of time a person can picture."""
    years = 1 / max(3 * p, 1e-12) / 365.25
    if years > 100:
        return said("By chance this would hardly ever happen.")
    if years >= 2:
        return said(
            "By chance this happens about once in %(years)s years for a line like this.", years=Number(years)
        )
    return counted(
        "By chance this happens about once in a month for a line like this.",
        "By chance this happens about once in %(n)s months for a line like this.",
        n=round(max(years * 12, 1)),
    )


def _surge(found: Survey, series: int, step: int, q: float) -> Surge:
    window = int(found.window[series, step])
    cut = slice(step + 1 - window, step + 1)
    expected = float(found.expected[series, cut].sum())
    spread = float(found.dispersion[series] + expected * found.log_variance[series, step])
    p = float(found.p[series, step])
    return Surge(
        series=series,
        is_alarm=p < found.rules.alarm or q <= found.rules.false_discovery,
        window=window,
        observed=float(found.observed[series, cut].sum()),
        expected=expected,
        usual=usual_range(expected, spread),
        p=p,
        q=q,
        started=found.first + _started(found, series, step),
        parent=None,
    )


def _started(found: Survey, series: int, step: int) -> int:
    """The step from which the running log-likelihood gain of "half as much again" has been highest."""
    y, mu = found.observed[series, : step + 1], found.expected[series, : step + 1]
    gain = y * np.log(1.5) - 0.5 * mu
    return int(np.cumsum(gain[::-1])[::-1].argmax())


def _with_parents(surges: Sequence[Surge], parents: npt.ArrayLike | None) -> tuple[Surge, ...]:
    if parents is None:
        return tuple(surges)
    above = np.asarray(parents, np.int64)
    alarming = {surge.series for surge in surges}
    return tuple(
        replace(surge, parent=int(above[surge.series])) if int(above[surge.series]) in alarming else surge
        for surge in surges
    )
