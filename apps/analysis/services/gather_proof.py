"""Everything a verdict rests on, gathered once and kept."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from apps.analysis.deadlines import holidays_between, yesterday
from apps.analysis.models import Case, EffectivenessPlan
from apps.analysis.places import Place
from apps.analysis.proof import Audit, Record
from apps.analysis.queries.coding_errors import coding_errors
from apps.analysis.queries.metric import Metric, read_metric
from apps.analysis.queries.money import money_model
from apps.analysis.queries.quarter import family_of
from apps.analysis.queries.taxonomy import read_taxonomy
from apps.analysis.queries.texts import read_texts
from apps.analysis.queries.voices import voices_since
from apps.analysis.series import Floats
from apps.analysis.services.count_days import count_days
from apps.analysis.services.monitoring import NOT_WAITED_FOR
from apps.analysis.services.seal_plan import SEAL, frozen_baseline, require_unbroken_seal


def gather_proof(*, case: Case, plan: EffectivenessPlan, at: datetime) -> Record:
    """Part of other use cases: count what the plan asks for. Raises PlanTampered."""
    require_unbroken_seal(plan)
    start, end = window_of(case, plan, at)
    count_days(first=plan.baseline_start, last=end, at=at)
    metric = read_metric(
        case, plan.baseline_start, end, neighbours=tuple(plan.neighbours), denominator=plan.denominator
    )
    baseline_end, after = metric.index(plan.baseline_end) + 1, (metric.index(start), metric.index(end) + 1)
    detected = (max(metric.index(plan.detection_start), baseline_end), metric.index(plan.detection_end) + 1)
    own = read_taxonomy().subtree(case.issue_id) if case.issue_id else ()
    place = Place(case.dimension, case.value)
    texts = read_texts(own, place, metric.first, len(metric.tickets), parts=((0, baseline_end), after))
    counted = frozen_baseline(plan)
    family = family_of(case, at)
    return Record(
        first=metric.first,
        holidays=tuple(
            sorted(day for day in holidays_between(metric.first, end) if metric.first <= day <= end)
        ),
        tickets=_whole(metric.tickets),
        neighbours=_whole(metric.neighbours),
        others=_whole(metric.others),
        everything=tuple(map(_whole, metric.everything)),
        offset=None if metric.offset is None else tuple(map(float, metric.offset)),
        baseline_end=baseline_end,
        detected=detected,
        after=after,
        promised=plan.expected_cut,
        alpha=plan.alpha,
        # Older plans divided the error by the number of the look.
        level=plan.level if plan.seal >= SEAL else plan.alpha / plan.look,
        decided=family.decided,
        still_due=family.still_due,
        frozen=None if counted is None else counted[0],
        contacts=_contacts(metric, *after),
        coded_before=_audit(own, plan.baseline_start, start - timedelta(days=1)),
        coded_after=_audit(own, start, end),
        texts=texts,
        actions=max(_actions(case), 1),
        unit=money_model(at).unit(case.issue_id),
        voices=voices_since(case, start, at=at),
    )


def window_of(case: Case, plan: EffectivenessPlan, at: datetime) -> tuple[date, date]:
    """First and last day of the count after the fix."""
    assert case.monitoring_from is not None  # noqa: S101 (monitoring has a beginning)
    start = case.monitoring_from + timedelta(days=plan.lag_days)
    return start, min(start + timedelta(days=plan.window_days - 1), yesterday(at))


def _whole(counts: Floats) -> tuple[int, ...]:
    return tuple(map(int, counts))


def _contacts(metric: Metric, start: int, stop: int) -> int:
    return int(sum(series[start:stop].sum() for series in (metric.tickets, metric.neighbours, metric.others)))


def _audit(issues: Collection[int], first: date, last: date) -> Audit | None:
    """How well the coders did in these days; None where nothing was read twice."""
    found = coding_errors(issues, first, last)
    if not found.true + found.others:
        return None
    return Audit(found.true, found.found, found.others, found.mistaken)


def _actions(case: Case) -> int:
    return sum(not action.is_out and action.kind not in NOT_WAITED_FOR for action in case.actions.all())
