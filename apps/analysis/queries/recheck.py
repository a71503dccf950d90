"""A verdict computed again from what was kept of it, figure by figure."""

from dataclasses import dataclass
from typing import Any

from apps.analysis.models import Verdict
from apps.analysis.proof import METHOD, Decision, Record, decide
from apps.analysis.queries.metric import Metric, read_metric
from apps.analysis.series import Floats
from helpdesk.errors import DomainError


class NothingKept(DomainError):
    """This verdict was given before verdicts kept what they rest on: it can't be computed again."""

    code = "nothing-kept"


@dataclass(frozen=True)
class Line:
    """One figure of a verdict: as it was stored, and as it comes out now."""

    name: str
    stored: Any
    computed: Any

    @property
    def holds(self) -> bool:
        return bool(self.stored == self.computed)


@dataclass(frozen=True)
class Recheck:
    """All figures of a verdict, and how many tickets have been coded otherwise since, a day and a series."""

    verdict: Verdict
    lines: tuple[Line, ...]
    method_changed: bool
    recoded: dict[str, int]

    @property
    def holds(self) -> bool:
        return all(line.holds for line in self.lines)


def recheck(verdict: Verdict) -> Recheck:
    """Compute it again. Reads only. Raises NothingKept."""
    if verdict.record is None:
        raise NothingKept
    record = Record.unpack(bytes(verdict.record))
    lines = tuple(
        Line(name, getattr(verdict, name), value) for name, value in figures(decide(record)).items()
    )
    return Recheck(verdict, lines, record.method != METHOD, _recoded(verdict, record))


def figures(decision: Decision) -> dict[str, Any]:
    """What a verdict says, by the names of its columns."""
    judged, after, beside = decision.judged, decision.after, decision.neighbours
    corrected, texts = decision.corrected, decision.texts
    return {
        "verdict": judged.verdict.value,
        "reason": judged.reason,
        "observed": after.observed,
        "expected": after.expected,
        "ratio": after.ratio,
        "low": after.low,
        "high": after.high,
        "p": after.p_fewer,
        "dispersion": after.dispersion,
        "power": judged.power,
        "neighbours_observed": beside.observed if beside else None,
        "neighbours_expected": beside.expected if beside else None,
        "level": decision.level,
        "p_spent": decision.p,
        "q": decision.q,
        "family": decision.family,
        "wander": decision.wander,
        "corrected_ratio": corrected.ratio if corrected else None,
        "corrected_low": corrected.low if corrected else None,
        "corrected_high": corrected.high if corrected else None,
        "texts_ratio": texts.ratio if texts else None,
        "texts_low": texts.low if texts else None,
        "texts_high": texts.high if texts else None,
        "remarks": list(decision.remarks),
    }


def _recoded(verdict: Verdict, record: Record) -> dict[str, int]:
    """What the counted days say today instead: tickets more or fewer, by series; empty when nothing changed."""
    plan = verdict.plan
    metric = read_metric(
        verdict.case, plan.baseline_start, verdict.window_end, neighbours=tuple(plan.neighbours),
        denominator=plan.denominator,
    )  # fmt: skip
    return {
        name: moved for name in ("tickets", "neighbours", "others") if (moved := _moved(name, record, metric))
    }


def _moved(name: str, record: Record, metric: Metric) -> int:
    then: tuple[int, ...] = getattr(record, name)
    now: Floats = getattr(metric, name)
    if len(then) != len(now):
        return int(now.sum()) - sum(then)
    return int(abs(now - then).sum())
