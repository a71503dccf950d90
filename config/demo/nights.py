"""The nightly analysis over the loaded demo company, night after night in the order of time, and what each reported."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from apps.analysis.deadlines import midnight
from apps.analysis.models import Signal
from apps.analysis.services import find_emerging, find_signals, run_analysis
from config.demo import planted, taxonomy
from config.demo.rows import World
from helpdesk.models import Ticket, User

# With less than a year behind it the analysis says itself that it cannot rule out a season: there is one of heating.
HEATING = frozenset(profile.code for profile in taxonomy.profiles() if profile.season)
SEASON_OPEN = "a season is not ruled out"
MOSTLY = 0.8


@dataclass(frozen=True)
class Report:
    """What one night reported, as it stood then."""

    day: date
    signals: tuple[Signal, ...]

    def codes(self, *kinds: str) -> set[str]:
        """The issues that were reported, in signals of these kinds or of all."""
        return {one.issue.code for one in self.signals if one.issue and (not kinds or one.kind in kinds)}

    def of(self, kind: str, code: str | None = None) -> tuple[Signal, ...]:
        """The signals of a kind: about an issue, or about what has no code."""
        return tuple(
            one
            for one in self.signals
            if one.kind == kind and (one.issue.code if one.issue else None) == code
        )


@dataclass(frozen=True)
class Nights:
    """All that was reported about a company, oldest night first."""

    company: World
    reports: tuple[Report, ...]

    def before(self, days: int) -> Report:
        """The report of a night so many days before the last. Raises KeyError when nobody looked on that night."""
        return {report.day: report for report in self.reports}[self.company.end - timedelta(days=days)]

    @property
    def last(self) -> Report:
        return self.reports[-1]

    def false_alarms(self) -> Iterator[tuple[date, Signal]]:
        """What was reported and is not so, night by night; not what the analysis itself doubted for its season."""
        may_be_reported = planted.may_be_reported(self.company)
        for report in self.reports:
            for signal in report.signals:
                if signal.issue is None:
                    right = share_meant(self.company, signal, planted.UNNAMED) > MOSTLY
                elif signal.issue.code in HEATING and SEASON_OPEN in str(signal.sentence):
                    right = True
                else:
                    right = report.day >= may_be_reported.get(signal.issue.code, date.max)
                if not right:
                    yield report.day, signal


def run_nights(company: World, before: Sequence[int]) -> Nights:
    """The nights so many days before the last, with signals only, and the last one whole, with the verdicts."""
    machine, reports = User.objects.system(), []
    for back in before:
        day = company.end - timedelta(days=back)
        at = midnight(day + timedelta(days=1))
        find_signals(by=machine, at=at, day=day)
        find_emerging(by=machine, at=at, day=day)
        reports.append(_report(day))
    run_analysis(by=machine, at=company.now, day=company.end)
    return Nights(company, (*reports, _report(company.end)))


def _report(day: date) -> Report:
    # The signals the company's own cases began with were written down by the loader, and are not the engines'.
    seen = Signal.objects.filter(last_seen_on=day).exclude(detector="the nightly analysis")
    return Report(day, tuple(seen.select_related("issue").order_by("pk")))


def share_meant(company: World, signal: Signal, code: str) -> float:
    """The share of a signal's examples that are really about this."""
    meant = {ticket.opened_at for ticket in company.tickets if ticket.meant == code}
    shown = Ticket.objects.filter(pk__in=signal.examples).values_list("opened_at", flat=True)
    return sum(opened_at in meant for opened_at in shown) / max(len(shown), 1)
