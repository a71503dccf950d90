"""What a plan could prove: how much of a cut, by when. Read before the work starts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.utils.translation import gettext as _

from apps.analysis.baseline import block_dispersion, design, fit
from apps.analysis.deadlines import yesterday
from apps.analysis.models import Case
from apps.analysis.models.plan import PROVEN
from apps.analysis.proof import (
    Design,
    Feasibility,
    Outlook,
    Windows,
    feasibility,
    levels,
    outlook,
    placebo_variance,
    power_of,
)
from apps.analysis.proof.plan import advice, outlook_sentence
from apps.analysis.proof.plan import sentence as feasibility_sentence
from apps.analysis.queries.metric import Metric, read_metric
from helpdesk.errors import DomainError
from helpdesk.sentences import Words

# Half a year tells the level best: what is older is often another level. The season it does not know is told by the
# other contacts beside it.
BASELINE_DAYS = 26 * 7
LEAST_BASELINE_DAYS = 28
LAG_DAYS = 7
WINDOWS = (28, 56, 84)
LOOK_DAYS = 28
ALPHA = 0.05


class NoBaseline(DomainError):
    """Too few days of tickets before it was noticed: nothing can be proven. Close the case without a fix."""

    code = "no-baseline"


@dataclass(frozen=True)
class Prospect:
    """What can be proven, told before the work starts. `wanders`: the placebo variance for each of `WINDOWS`."""

    baseline_start: date
    baseline_end: date
    weekly: float
    dispersion: float
    denominator: str
    rows: tuple[Feasibility, ...]
    sentence: Words
    neighbours: tuple[int, ...]
    outlooks: tuple[Outlook, ...]
    wanders: tuple[float, ...]

    @property
    def days(self) -> int:
        """Of the baseline."""
        return (self.baseline_end - self.baseline_start).days + 1

    @property
    def outlook_sentence(self) -> Words:
        return outlook_sentence(self.weekly / 7, self.outlooks)

    def power(self, cut: float, window_days: int, plan_design: str = Design.ONE_DATE) -> float:
        """The chance that a true cut is proven at the (last) look, with the level that look has."""
        daily = self.weekly / 7
        return power_of(
            cut,
            before=daily * self.days,
            due=daily * window_days,
            dispersion=self.dispersion,
            wander=self.wanders[WINDOWS.index(window_days)],
            alpha=_level(plan_design, window_days),
        )

    def advice(self, cut: float, window_days: int, plan_design: str = Design.ONE_DATE) -> Words:
        """What to say before a cut is promised that could probably not be shown; "" when it could."""
        chosen = self.outlooks[WINDOWS.index(window_days)]
        others = [(days, self.power(cut, days, plan_design)) for days in WINDOWS]
        return advice(cut, self.power(cut, window_days, plan_design), chosen, others)


def prospect_of(*, case: Case, at: datetime) -> Prospect:
    """How much of a cut could be seen, and when. Reads only. Raises NoBaseline."""
    return prospect_from(read_metric(case, baseline_of(case), yesterday(at)), case)


def prospect_from(metric: Metric, case: Case) -> Prospect:
    """The same from a metric that was read from `baseline_of` on. Raises NoBaseline."""
    return _weighed(_baseline_part(metric, case), case)


def baseline_of(case: Case) -> date:
    """The first day of the half year before the problem was noticed."""
    return case.detection_start - timedelta(days=BASELINE_DAYS)


def _baseline_part(metric: Metric, case: Case) -> Metric:
    """From the baseline's first day on, and nothing from before an earlier proven fix, for that is another level."""
    end = case.detection_start - timedelta(days=1)
    start = max(metric.first, baseline_of(case))
    if case.regressions:
        proven = case.verdicts.filter(verdict__in=PROVEN).last()
        start = max(start, proven.window_start) if proven else start
    if case.issue_id is None or (end - start).days + 1 < LEAST_BASELINE_DAYS:
        raise NoBaseline
    return metric.since(start)


def _weighed(metric: Metric, case: Case) -> Prospect:
    end = case.detection_start - timedelta(days=1)
    days = metric.index(end) + 1
    weekly = float(metric.tickets[:days].mean() * 7)
    if weekly <= 0:
        raise NoBaseline(
            _("There were no such tickets before the problem was noticed: a fall below none can't be shown.")
        )
    dispersion = _dispersion(metric, days)
    rows = feasibility(weekly, dispersion=dispersion)
    wanders = tuple(_wander(metric, days, window) for window in WINDOWS)
    outlooks = tuple(
        outlook(
            weekly / 7, before_days=days, days=window, dispersion=dispersion, wander=wander,
            level=_level(Design.ONE_DATE, window),
        )
        for window, wander in zip(WINDOWS, wanders, strict=True)
    )  # fmt: skip
    return Prospect(
        metric.first, end, weekly, dispersion, metric.denominator, rows,
        feasibility_sentence(round(weekly, 1), rows), metric.neighbour_issues, outlooks, wanders,
    )  # fmt: skip


def _wander(metric: Metric, days: int, window: int) -> float:
    """How far rates of this length wander by themselves, learnt on the baseline of every issue."""
    windows = Windows(0, days, days + LAG_DAYS, days + LAG_DAYS + window)
    offset = None if metric.offset is None else metric.offset[:days]
    return placebo_variance(
        metric.everything[:, :days], metric.calendar.between(0, days), windows, offset=offset
    )


def _level(plan_design: str, window_days: int) -> float:
    """Of the look that counts: the first of one date with its extensions, or the last of several looks."""
    if plan_design == Design.LOOKS:
        return levels(Design.LOOKS, looks=window_days // LOOK_DAYS, alpha=ALPHA)[-1]
    return levels(Design.ONE_DATE, alpha=ALPHA)[0]


def _dispersion(metric: Metric, days: int) -> float:
    """How much more than chance the baseline's own weeks differ."""
    model = design(metric.calendar.between(0, days), harmonics=0, trend=False)
    history = metric.tickets[None, :days]
    offset = None if metric.offset is None else metric.offset[None, :days]
    fitted = fit(history, model.columns, model.penalty, offset=offset)
    return float(np.max(block_dispersion(fitted, history, (7, 28))))
