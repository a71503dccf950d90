"""What the nights found in the demo company, held against what was planted in it (docs/demo.md)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from apps.analysis.models import Case, Signal, Verdict
from config.demo import planted
from config.demo.nights import MOSTLY, Nights, share_meant
from config.demo.planted import PlantedTruth

Held = tuple[str, tuple[str, ...]]  # what was found, and what is wrong with it


@dataclass(frozen=True)
class Answer:
    """What became of one truth, in a few words, and what is wrong with it: nothing, when it was found as planted."""

    about: str
    issue_code: str
    says: str
    faults: tuple[str, ...]


def answers(nights: Nights) -> tuple[Answer, ...]:
    """One for each planted truth, and one for the rise that the proven fix ended."""
    truths = {truth.kind: truth for truth in planted.truths(nights.company)}
    return tuple(
        Answer(about, truths[kind].issue_code, *check(nights, truths[kind])) for about, kind, check in CHECKS
    )


def _unless(*checks: tuple[bool, str]) -> tuple[str, ...]:
    return tuple(fault for holds, fault in checks if not holds)


def _verdict(truth: PlantedTruth, state: str, *also: Callable[[Verdict], tuple[bool, str]]) -> Held:
    verdict = Verdict.objects.filter(case__issue__code=truth.issue_code).first()
    if verdict is None:
        return ("no verdict", ("no verdict",))
    case = Case.objects.get(issue__code=truth.issue_code)
    proven = truth.expected_finding == "effective"
    return (
        f"{verdict.verdict}: {verdict.ratio:.2f} ({verdict.low:.2f} to {verdict.high:.2f}) of what was expected",
        _unless(
            (verdict.verdict == truth.expected_finding, f"not {truth.expected_finding}: {verdict.reason}"),
            (verdict.is_proven == proven, "proven" if verdict.is_proven else "not proven"),
            (case.state == state, f"the case is {case.state}, not {state}"),
            *(check(verdict) for check in also),
        ),
    )


def _proven(nights: Nights, truth: PlantedTruth) -> Held:
    """Eight to one, where the plan had promised half; the case stays open until the customers are told."""
    return _verdict(
        truth,
        "monitoring",
        lambda verdict: (verdict.high < 0.5, "it may be less than half"),
        lambda verdict: ((verdict.saved_likely or 0) > 0, "nothing was saved"),
    )


def _rise(nights: Nights, truth: PlantedTruth) -> Held:
    return _first_seen(nights, truth, within=21)


def _without_effect(nights: Nights, truth: PlantedTruth) -> Held:
    return _verdict(truth, "investigating")


def _displaced(nights: Nights, truth: PlantedTruth) -> Held:
    return _verdict(
        truth,
        "assess",
        lambda verdict: (verdict.ratio < 0.5, "it did not fall"),
        lambda verdict: (
            (verdict.neighbours_observed or 0) > (verdict.neighbours_expected or 0),
            "the neighbour did not rise",
        ),
    )


def _season(nights: Nights, truth: PlantedTruth) -> Held:
    wrong = [
        f"{report.day}: {signal.sentence}"
        for report in nights.reports
        for signal in report.signals
        if signal.issue and signal.issue.code == truth.issue_code
    ]
    return (f"{len(wrong) or 'no'} signals in {len(nights.reports)} nights", tuple(wrong))


def _slow_burn(nights: Nights, truth: PlantedTruth) -> Held:
    seen = [report.day for report in nights.reports if report.of(truth.expected_finding, truth.issue_code)]
    return (
        f"seen on {len(seen)} nights, first {_ago(nights, seen[0])}" if seen else "not found",
        _unless(
            (nights.last.day in seen, "not a slow burn on the last night"),
            (not nights.last.of("surge", truth.issue_code), "called a surge on the last night"),
        ),
    )


def _emerging(nights: Nights, truth: PlantedTruth) -> Held:
    found = nights.last.of(truth.expected_finding)
    if len(found) != 1:
        return (f"{len(found)} groups", (f"{len(found)} groups on the last night, not one",))
    (signal,) = found
    meant = sum(ticket.meant == truth.issue_code for ticket in nights.company.tickets)
    right = share_meant(nights.company, signal, truth.issue_code)
    shown = f"{len(signal.examples)} tickets shown of {meant}, {right:.0%} rightly"
    return (
        f"first seen {_ago(nights, signal.first_seen_on)}, {shown}",
        _unless(
            (right > MOSTLY, "others are shown with it"),
            (len(signal.examples) > meant / 2, "most of it is not shown"),
        ),
    )


def _surge(nights: Nights, truth: PlantedTruth) -> Held:
    """Seen within days, by the last night in the right place, on one row that is kept up to date."""
    says, faults = _first_seen(nights, truth, within=3)
    signals = nights.last.of(truth.expected_finding, truth.issue_code)
    if len(signals) != 1:
        return (says, (*faults, f"{len(signals)} signals on the last night, not one"))
    (signal,) = signals
    rows = Signal.objects.filter(kind="surge", issue__code=truth.issue_code, last_seen_on__gte=truth.starts)
    return (
        f"{says}; where: {signal.where or 'nowhere'}",
        (
            *faults,
            *_unless(
                (signal.observed > 2 * signal.expected, "less than twice as many"),
                (rows.count() == 1, f"{rows.count()} rows of one surge"),
            ),
            *(f"not placed in {name}" for _, name in truth.where if name not in str(signal.where)),
        ),
    )


def _first_seen(nights: Nights, truth: PlantedTruth, *, within: int) -> Held:
    """Found as a surge so many days after its beginning at most. One before that is chance: a false alarm."""
    seen = [report.day for report in nights.reports if report.of("surge", truth.issue_code)]
    days = [(day - truth.starts).days + 1 for day in seen if day >= truth.starts]
    if not days:
        return "not found", ("not found",)
    return f"found as a surge on day {days[0]}", _unless((days[0] <= within, f"not within {within} days"))


def _ago(nights: Nights, day: date) -> str:
    return f"{(nights.company.end - day).days} days before the last"


CHECKS: tuple[tuple[str, str, Callable[[Nights, PlantedTruth], Held]], ...] = (
    ("proven fix", "proven fix", _proven),
    ("its rise before", "proven fix", _rise),
    ("fix without effect", "fix without effect", _without_effect),
    ("season", "season", _season),
    ("slow burn", "slow burn", _slow_burn),
    ("emerging", "emerging", _emerging),
    ("displaced", "displaced", _displaced),
    ("surge", "surge", _surge),
)
