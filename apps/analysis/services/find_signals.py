from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Q
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from apps.analysis import findings
from apps.analysis.contacts import Contacts
from apps.analysis.deadlines import holidays_between, midnight, yesterday
from apps.analysis.findings import DETECTORS, Finding
from apps.analysis.lines import Line, Lines, lines_of
from apps.analysis.models import AnalysisRun, Case, RunState, Signal, SignalState
from apps.analysis.places import Place
from apps.analysis.queries.contacts import read_contacts
from apps.analysis.queries.exposure import Denominators, read_exposure
from apps.analysis.queries.taxonomy import Taxonomy, place_names, read_taxonomy
from apps.analysis.series import Calendar
from apps.analysis.services.count_days import count_days, mark_days
from helpdesk import events
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import TicketIssue, User
from helpdesk.permissions import require

HISTORY_DAYS = 756  # two years to learn from, four weeks to watch
EXAMPLES = 6
# A signal that was put aside comes back when it has grown by half.
ESCALATED = 1.5
# An episode is over when nothing was seen for this long; what comes then is another signal.
EPISODE = timedelta(days=28)


class AlreadyRunning(DomainError):
    """The analysis is running just now. Look at the signals in a minute."""

    code = "already-running"


@transaction.atomic
def find_signals(*, by: User, at: datetime, day: date | None = None, recount: bool = False) -> AnalysisRun:
    """Look at every issue in every place up to and with the last whole day, and keep the signals up to date.

    Running it twice for the same day and the same tickets changes nothing. Raises Invalid for a day that is not over,
    AlreadyRunning while another run is at work.
    """
    require(by, "analysis.run")
    last = day or yesterday(at)
    if last > yesterday(at):
        raise Invalid(f"{last} is not over yet: the last whole day is {yesterday(at)}.", pointer="day")
    _one_at_a_time()
    first = last - timedelta(days=HISTORY_DAYS - 1)
    if recount:
        mark_days(first=first, last=last)
    counted = count_days(first=first, last=last, at=at)
    taxonomy = read_taxonomy()
    contacts = read_contacts(first, last, names=place_names(), crosswalk=taxonomy.crosswalk)
    lines = lines_of(contacts, np.array([n.id for n in taxonomy.nodes.values() if n.is_reason], np.int64))
    exposure = read_exposure(contacts.first, last)
    # Many small products: a second thread costs more in waiting than it gains, and the other cores have work.
    with threadpool_limits(limits=1):
        found = findings.find_all(
            contacts,
            lines,
            [subject(line, taxonomy) for line in lines.lines],
            Calendar.of_days(contacts.first, contacts.days, holidays_between(contacts.first, last)),
            exposure.offset if exposure else None,
        )
    keeper = Keeper(day=last, by=by, at=at)
    for finding in found:
        keeper.keep(**_row(finding, taxonomy, contacts, exposure))
    keeper.wake_snoozed()
    return _note_run(contacts, lines, keeper, counted, taxonomy.release)


def subject(line: Line, taxonomy: Taxonomy) -> str:
    """How a line is called in sentences: “Charged twice in region north”."""
    label = taxonomy.nodes[line.issue].label
    return label if line.place.is_everywhere else f"{label} in {line.place}"


@dataclass
class Keeper:
    """Holds what stands out against the signals there are: updates, raises, merges into open cases, or lets lie."""

    day: date
    by: User
    at: datetime
    raised: int = 0
    updated: int = 0

    def keep(self, **row: Any) -> Signal:
        """Raises nothing that a person put aside, unless it has clearly grown; a growing issue stays one row."""
        place = {name: row[name] for name in ("kind", "issue_id", "dimension", "value")}
        known = self._known(place)
        if known is None:
            return self._raise(row)
        # Seen before: an earlier start stands, and an older night says nothing new.
        row["started_on"] = min(row["started_on"], known.started_on)
        if known.last_seen_on > self.day:
            return known
        grown = known.judged_excess is not None and row["excess"] > ESCALATED * max(known.judged_excess, 1.0)
        self.updated += known.see_again(row | {"last_seen_on": self.day})
        if grown and known.state in (SignalState.SNOOZED, SignalState.DISMISSED):
            known.wake(reason="escalated", by=self.by, at=self.at)
            self.raised += 1
        return known

    def wake_snoozed(self) -> None:
        """Whose time is over comes back into the inbox."""
        over = Signal.objects.select_for_update(no_key=True).filter(
            state=SignalState.SNOOZED, snoozed_until__lte=self.day, last_seen_on__gte=self.day - EPISODE
        )
        for signal in over:
            signal.wake(reason="the time is over", by=self.by, at=self.at)
            self.raised += 1

    def _known(self, place: dict[str, Any]) -> Signal | None:
        same = Signal.objects.select_for_update(of=("self",), no_key=True).filter(**place)
        recent = Q(last_seen_on__gte=self.day - EPISODE) & ~Q(
            state__in=[SignalState.NEW, SignalState.SNOOZED]
        )
        return same.open().first() or same.filter(recent).order_by("-last_seen_on", "-id").first()

    def _raise(self, row: dict[str, Any]) -> Signal:
        signal = Signal.objects.create(first_seen_on=self.day, last_seen_on=self.day, **row)
        data = {"kind": signal.kind, "issue": signal.issue_id, "label": signal.label}
        events.record("signal.raised", about=f"signal:{signal.pk}", by=self.by, at=self.at, data=data)
        if case := self._case_for(signal):
            signal.judge(
                SignalState.MERGED, reason=f"{case.number} is open", case=case, by=self.by, at=self.at
            )
        else:
            self.raised += 1
        return signal

    def _case_for(self, signal: Signal) -> Case | None:
        """The open case about the same issue, everywhere or in the same place."""
        if signal.issue_id is None:
            return None
        here = Q(dimension="") | Q(dimension=signal.dimension, value=signal.value)
        return Case.objects.open().filter(here, issue=signal.issue_id).order_by("id").first()


def _row(
    finding: Finding, taxonomy: Taxonomy, contacts: Contacts, exposure: Denominators | None
) -> dict[str, Any]:
    window = slice(contacts.index(finding.window_start), contacts.index(finding.window_end) + 1)
    return {
        "kind": finding.kind,
        "issue_id": finding.issue,
        "dimension": finding.place.dimension,
        "value": finding.place.value,
        "label": subject(Line(finding.issue, finding.place), taxonomy)[:250],
        "sentence": finding.sentence,
        "where": finding.where,
        "is_alarm": finding.is_alarm,
        "detector": DETECTORS[finding.kind],
        "started_on": finding.started_on,
        "window_start": finding.window_start,
        "window_end": finding.window_end,
        "observed": finding.observed,
        "expected": finding.expected,
        "ratio": round(finding.ratio, 4),
        "excess": round(finding.excess, 4),
        "p": finding.p,
        "q": finding.q,
        "ceiling": finding.ceiling,
        "exposure": float(exposure.values[window].sum()) if exposure else None,
        "weekly": list(finding.weekly),
        "examples": examples_of([finding.issue], finding.place, finding.window_start),
        "release_id": taxonomy.release,
    }


def examples_of(issues: Sequence[int], place: Place, since: date) -> list[int]:
    """The latest tickets of an issue in a place."""
    rows = TicketIssue.objects.filter(issue__in=issues, at__gte=midnight(since), ticket__merged_into=None)
    return list(in_place(rows, place).order_by("-at", "-id").values_list("ticket_id", flat=True)[:EXAMPLES])


def in_place(rows: Any, place: Place) -> Any:
    if place.is_everywhere:
        return rows
    lookup = {"product": "ticket__product__code", "department": "ticket__department__slug"}
    return rows.filter(**{lookup.get(place.dimension, f"ticket__{place.dimension}"): place.value})


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('find signals'))")
        if not cursor.fetchone()[0]:
            raise AlreadyRunning


def _note_run(
    contacts: Contacts, lines: Lines, keeper: Keeper, counted: int, release: int | None
) -> AnalysisRun:
    waiting = Signal.objects.waiting().count()
    if contacts.days < findings.LEAST_DAYS:
        sentence = f"There are {contacts.days} days of tickets; surges can be told from {findings.LEAST_DAYS} days on."
    else:
        signals = f"{waiting or 'no'} signal{'' if waiting == 1 else 's'} waiting"
        sentence = f"We looked at {len(lines):,} lines over {contacts.days} days; {signals}."
    run, _ = AnalysisRun.objects.update_or_create(
        day=keeper.day,
        release_id=release,
        defaults={
            "state": RunState.DONE,
            "finished_at": keeper.at,
            "by": keeper.by,
            "tickets": int(contacts.total.sum()),
            "lines": len(lines),
            "raised": keeper.raised,
            "updated": keeper.updated,
            "days_counted": counted,
            "sentence": sentence,
        },
    )
    return run
