"""A verdict computed again from what was kept of it, figure by figure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.analysis.models import Verdict
from apps.analysis.proof import METHOD, Decision, Record, decide
from apps.analysis.proof.ledger import QUARTER_DAYS
from apps.analysis.provenance import Line
from apps.analysis.queries.metric import Metric, read_metric
from apps.analysis.relapse import ceiling
from apps.analysis.series import Floats
from helpdesk.errors import DomainError
from helpdesk.sentences import Said, in_english


class NothingKept(DomainError):
    """This was found before what it rests on was kept with it: it can't be computed again."""

    code = "nothing-kept"


SAVED = ("saved_low", "saved_likely", "saved_high")


@dataclass(frozen=True)
class Recheck:
    """All figures of a verdict, and how many tickets have been coded otherwise since, a day and a series. `unpriced`:
    it has money, but was given before verdicts kept what a contact was worth."""

    verdict: Verdict
    lines: tuple[Line, ...]
    method_changed: bool
    unpriced: bool
    recoded: dict[str, int]


def recheck(verdict: Verdict) -> Recheck:
    """Compute it again. Reads only. Raises NothingKept."""
    if verdict.record is None:
        raise NothingKept
    record = Record.unpack(bytes(verdict.record))
    unpriced = record.unit is None and verdict.saved_likely is not None
    lines = tuple(
        Line(name, *map(_compared, (getattr(verdict, name), value)))
        for name, value in figures(decide(record), record).items()
        if not (unpriced and name in SAVED)
    )
    return Recheck(verdict, lines, record.method != METHOD, unpriced, _recoded(verdict, record))


def figures(decision: Decision, record: Record) -> dict[str, Any]:
    """What a verdict says, by the names of its columns."""
    judged, after, beside = decision.judged, decision.after, decision.neighbours
    corrected, texts, voices = decision.corrected, decision.texts, decision.voices
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
        "voices_asked": voices.asked if voices else None,
        "voices_gone": voices.gone if voices else None,
        "voices_still": voices.still if voices else None,
        "voices_low": voices.low if voices else None,
        "voices_high": voices.high if voices else None,
        "remarks": list(decision.remarks),
        "ceiling": _ceiling(decision, record),
        **_saved(decision, record),
    }


def _compared(value: Any) -> Any:
    """Sentences by their words: older verdicts keep those alone."""
    if isinstance(value, list):
        return [_compared(one) for one in value]
    return in_english(value) if isinstance(value, Said) else value


def _ceiling(decision: Decision, record: Record) -> int | None:
    """More than this in a week is not the proven level."""
    after = decision.after
    if not decision.judged.verdict.is_proven:
        return None
    return ceiling(after.expected / _days(record) * 7 * after.ratio, after.dispersion)


def _saved(decision: Decision, record: Record) -> dict[str, Decimal | None]:
    """A quarter's money no longer at risk, with the interval of the cut: the prevention ledger."""
    if not decision.judged.verdict.is_proven or record.unit is None:
        return dict.fromkeys(SAVED)
    after = decision.after
    quarter = after.expected / _days(record) * QUARTER_DAYS * record.unit
    cuts = zip(SAVED, (1 - after.high, 1 - after.ratio, 1 - after.low), strict=True)
    return {name: Decimal(f"{quarter * cut:.2f}") for name, cut in cuts}


def _days(record: Record) -> int:
    """Of the window after the fix."""
    start, stop = record.after
    return stop - start


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
