from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.analysis.baseline import design, fit
from apps.analysis.deadlines import due_in, yesterday
from apps.analysis.findings import weekly
from apps.analysis.models import Case, CaseState, Outcome, Signal, SignalKind, SignalState, Verdict
from apps.analysis.models.plan import PROVEN
from apps.analysis.places import Place
from apps.analysis.proof import Record
from apps.analysis.proof.ratio import SEASON_NEEDS
from apps.analysis.queries.metric import Metric, read_metric
from apps.analysis.relapse import sentence, watch
from apps.analysis.series import Floats
from apps.analysis.services.count_days import count_days
from apps.analysis.services.find_signals import examples_of
from apps.analysis.services.notify import tell_owner
from helpdesk import events
from helpdesk.each import each
from helpdesk.models import User
from helpdesk.permissions import require
from helpdesk.sentences import said

ENDED_WELL = (Outcome.EFFECTIVE, Outcome.PARTIALLY_EFFECTIVE)
LEAST_DAYS = 7


@dataclass(frozen=True)
class Relapse:
    """A proven fix that came undone: its metric, the index of the day it began, and the counts from there on."""

    metric: Metric
    begin: int
    observed: float
    expected: float

    @property
    def start(self) -> date:
        return self.metric.first + timedelta(days=self.begin)

    def numbers(self, case: Case, verdict: Verdict) -> dict[str, Any]:
        """What its signal says."""
        days = len(self.metric.tickets) - self.begin
        return {
            "sentence": sentence(self.observed, self.expected, case.title, days=days),
            "window_start": self.start,
            "window_end": self.metric.last,
            "observed": self.observed,
            "expected": round(self.expected, 4),
            "ratio": round(self.observed / max(self.expected, 1e-9), 4),
            "excess": round(self.observed - self.expected, 4),
            "ceiling": verdict.ceiling,
            "weekly": list(weekly(self.metric.tickets)),
        }


def proven_cases() -> list[int]:
    """The cases whose fix is proven, and has to stay so. Reads only."""
    # Proven, but the customers are not told yet: watched as well.
    waiting = Q(state=CaseState.MONITORING, verdicts__verdict__in=PROVEN)
    proven = Case.objects.filter(waiting | Q(state=CaseState.CLOSED, outcome__in=ENDED_WELL))
    return list(proven.order_by("pk").distinct().values_list("pk", flat=True))


def watch_proven(*, by: User, at: datetime, only: int | None = None) -> list[Signal]:
    """Look at every proven fix, or at one: what has come undone opens its old case again, with its owner and its proof.

    However often this looks, a fix that holds is called undone at most five times in a hundred a year. Raises the
    faults once it has looked at all.
    """
    require(by, "analysis.run")
    numbers = proven_cases() if only is None else [only]
    found = each(numbers, lambda number: _look(number, by=by, at=at))
    return [signal for signal in found if signal is not None]


@transaction.atomic
def _look(number: int, *, by: User, at: datetime) -> Signal | None:
    case = (
        Case.objects.select_for_update(of=("self",), no_key=True)
        .select_related("owner", "deputy", "issue", "owner_department")
        .get(pk=number)
    )
    verdict = case.verdicts.select_related("plan").last()
    if case.state not in (CaseState.CLOSED, CaseState.MONITORING) or verdict is None or not verdict.is_proven:
        return None
    start = verdict.window_end + timedelta(days=1)
    last = yesterday(at)
    if (last - start).days + 1 < LEAST_DAYS:
        return None
    count_days(first=verdict.plan.baseline_start, last=last, at=at)
    relapse = relapse_on(last, case, verdict)
    return None if relapse is None else _raise(case, verdict, relapse, by=by, at=at)


def relapse_on(last: date, case: Case, verdict: Verdict) -> Relapse | None:
    """Whether what this verdict proved has come undone by this day, from the counted days. Reads only."""
    metric = read_metric(case, verdict.plan.baseline_start, last, denominator=verdict.plan.denominator)
    begin = metric.index(verdict.window_end + timedelta(days=1))
    counts, expected = metric.tickets[begin:], _proven_level(metric, verdict, begin)
    watched = watch(counts, expected, verdict.dispersion)
    if watched.first_alarm[0] < 0:
        return None
    began = int(watched.began[0])
    return Relapse(metric, begin + began, float(counts[began:].sum()), float(expected[began:].sum()))


def _proven_level(metric: Metric, verdict: Verdict, begin: int) -> Floats:
    """The baseline's forecast for each watched day, times the upper end of what was proven: a level that is known only
    roughly must not look like a relapse."""
    end = metric.index(verdict.plan.baseline_end) + 1
    history = _proven_against(metric, verdict, end)
    model = design(metric.calendar, harmonics=1 if end >= SEASON_NEEDS else 0, trend=False)
    offset = np.zeros(len(metric.tickets)) if metric.offset is None else metric.offset
    fitted = fit(history[None], model.columns[:end], model.penalty, offset=offset[None, :end])
    level = fitted.expect(model.columns[begin:], offset[None, begin:])[0]
    if metric.offset is None and metric.others[:end].sum() > 0:
        # Without exposure, other contacts say how much more or less is to be expected of everything.
        level = level * (metric.others[begin:].mean() + 0.5) / (metric.others[:end].mean() + 0.5)
    allowed: Floats = np.maximum(level * verdict.high, 1e-3)
    return allowed


def _proven_against(metric: Metric, verdict: Verdict, end: int) -> Floats:
    """The baseline as the verdict counted it; older verdicts did not keep it."""
    if verdict.record is not None:
        kept = Record.unpack(bytes(verdict.record))
        if kept.baseline_end == end:
            return np.array(kept.tickets[:end], np.float64)
    return metric.tickets[:end]


def _raise(case: Case, verdict: Verdict, relapse: Relapse, *, by: User, at: datetime) -> Signal:
    day, start = relapse.metric.last, relapse.start
    signal = Signal.objects.create(
        kind=SignalKind.REGRESSION,
        issue=case.issue,
        dimension=case.dimension,
        value=case.value,
        label=said("%(title)s is back", title=case.title),
        detector=gettext_noop("e-process against the proven level"),
        started_on=start,
        **relapse.numbers(case, verdict),
        examples=examples_of([case.issue_id], Place(case.dimension, case.value), start)
        if case.issue_id
        else [],
        release=case.release,
        first_seen_on=day,
        last_seen_on=day,
    )
    data = {"kind": signal.kind, "issue": signal.issue_id, "label": signal.label, "case": case.pk}
    events.record("signal.raised", about=f"signal:{signal.pk}", by=by, at=at, data=data)
    signal.judge(SignalState.PROMOTED, case=case, reason=said("the proven fix came undone"), by=by, at=at)
    due_on = due_in(CaseState.ASSESS, at)
    assert due_on is not None  # noqa: S101 (assess has a clock)
    case.regress(due_on=due_on, by=by, at=at, signal=signal.pk)
    ended = {"case": case.pk, "signal": signal.pk}
    events.record("ledger.ended", about=f"verdict:{verdict.pk}", by=by, at=at, data=ended)
    case.change(detection_start=start, detection_end=day, by=by, at=at)
    tell_owner(
        case,
        lambda: (_("%(title)s is back") % {"title": case.title}, [str(signal.sentence), str(verdict.reason)]),
        by=by,
        at=at,
    )
    return signal
