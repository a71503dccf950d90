from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from apps.analysis import findings
from apps.analysis.blocks import blocks_of, joined, look_at
from apps.analysis.contacts import Contacts
from apps.analysis.deadlines import midnight, yesterday
from apps.analysis.findings import DETECTORS, Finding
from apps.analysis.lines import RECENT, Line, Lines
from apps.analysis.models import AnalysisRun, Case, RunState, Signal, SignalState
from apps.analysis.muting import DAYS as MUTED_DAYS
from apps.analysis.muting import without_echoes
from apps.analysis.places import Place
from apps.analysis.queries.exposure import exposure_or_contacts
from apps.analysis.queries.night import Night, first_day, read_night, subject
from apps.analysis.queries.rise import words_of_rise
from apps.analysis.services.count_days import count_series, mark_days
from apps.analysis.solicited import without_asked_for
from apps.analysis.surge import Survey, least_rate
from helpdesk import events
from helpdesk.errors import Invalid
from helpdesk.models import TaxonomyRelease, TicketIssue, User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.sentences import Number, Words, counted, in_a_row, said

EXAMPLES = 6
# A signal that was put aside comes back when it has grown by half, one that was dismissed when it is another thing.
ESCALATED = 1.5
ANOTHER_THING = 3.0
# An episode is over when nothing was seen for this long; what comes then is another signal.
EPISODE = timedelta(days=28)

Told = Callable[[str, int, int], None]


def find_signals(
    *, by: User, at: datetime, day: date | None = None, recount: bool = False,
    progress: Told = lambda state, done, of: None,
) -> AnalysisRun:  # fmt: skip
    """Look at every issue in every place up to and with the last whole day, in one go, and keep the signals up to date.

    Running it twice for the same day and the same tickets changes nothing. `progress` hears the state of the run, and
    how many of how many days or blocks are done. Raises Invalid for a day that is not over.
    """
    run = begin_run(by=by, at=at, day=day, recount=recount)

    def tell(state: str, done: int, of: int) -> None:
        run.tell(state, done, of)
        progress(state, done, of)

    count_for(run=run, at=at, progress=tell)
    night = read_night(run.day)
    return keep_signals(run=run, night=night, looked_at=_look(night, tell), by=by, at=at)


@transaction.atomic
def begin_run(*, by: User, at: datetime, day: date | None = None, recount: bool = False) -> AnalysisRun:
    """The run of a day in the present edition of the taxonomy, asked for (again). Raises Invalid for a day to come."""
    require(by, "analysis.run")
    last = day or yesterday(at)
    if last > yesterday(at):
        raise Invalid(
            gettext("%(last)s is not over yet: the last whole day is %(yesterday)s.")
            % {"last": last, "yesterday": yesterday(at)},
            pointer="day",
        )
    release = TaxonomyRelease.objects.order_by("-number").values_list("pk", flat=True).first()
    run, _ = AnalysisRun.objects.select_for_update(of=("self",), no_key=True).get_or_create(
        day=last, release_id=release, defaults={"by": by}
    )
    run.ask(by=by, at=at)
    if recount:
        mark_days(first=first_day(last), last=last)
    return run


def count_for(*, run: AnalysisRun, at: datetime, progress: Told) -> None:
    """Count the days a run rests on, as far as they are not counted yet."""
    counted = count_series(
        first=first_day(run.day),
        last=run.day,
        at=at,
        progress=lambda done, of: progress(RunState.COUNTING, done, of),
    )
    run.note(days_counted=counted)


def _look(night: Night, progress: Told) -> Survey | None:
    """The survey of all lines, block by block: none is larger in memory than it need be."""
    if not night.can_tell:
        return None
    blocks, surveys = blocks_of(night.lines), []
    # Many small products: a second thread costs more in waiting than it gains, and the other cores have work.
    with threadpool_limits(limits=1):
        for number, rows in enumerate(blocks, start=1):
            surveys.append(look_at(night.lines, rows, night.calendar, night.offset))
            progress(RunState.LOOKING, number, len(blocks))
    return joined(blocks, surveys)


@transaction.atomic
def keep_signals(
    *, run: AnalysisRun, night: Night, looked_at: Survey | None, by: User, at: datetime
) -> AnalysisRun:
    """Hold what stands out on any line against the signals there are, and finish the run, once.

    A run that was finished meanwhile is left as it is.
    """
    with connection.cursor() as cursor:  # two nights at once would each raise the same signal
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('find signals'))")
    run = held(run)
    if not run.is_at_work:
        return run
    keeper = Keeper(day=night.day, by=by, at=at)
    for finding in _found(night, looked_at) if looked_at is not None else ():
        keeper.keep(**row_of(finding, night))
    keeper.wake_snoozed()
    run.finish(
        at=at, tickets=int(night.contacts.total.sum()), lines=len(night.lines), raised=keeper.raised,
        updated=keeper.updated, sentence=_sentence(night),
    )  # fmt: skip
    return run


def _found(night: Night, looked_at: Survey) -> list[Finding]:
    with threadpool_limits(limits=1):
        found = findings.find_all(night.contacts, night.lines, night.subjects, looked_at, night.offset)
        return screen_of(night)(found, night.contacts)


def found_again(
    day: date,
    *,
    kind: str,
    issue: int | None,
    place: Place,
    edition: TaxonomyRelease | None,
    known_at: datetime,
) -> dict[str, Any] | None:
    """The numbers of a signal as the night up to and with `day` gives them from what is counted now, read in that
    edition with the levels accepted by then; None when it finds none there. Reads only."""
    night = read_night(day, edition, known_at)
    looked_at = _look(night, lambda state, done, of: None)
    for finding in _found(night, looked_at) if looked_at is not None else ():
        if (finding.kind, finding.issue, finding.place) == (kind, issue, place):
            return row_of(finding, night)
    return None


def screen_of(night: Night) -> Callable[[list[Finding], Contacts], list[Finding]]:
    """What is done with findings at last, on any evening up to this one: echoes of a changed taxonomy
    and of a campaign that asked for complaints are left out."""

    def screen(found: list[Finding], contacts: Contacts) -> list[Finding]:
        calendar = night.calendar.between(0, contacts.days)
        offset = None if night.offset is None else night.offset[: contacts.days]
        real = without_echoes(
            found,
            contacts,
            night.taxonomy.changed_families(contacts.last, MUTED_DAYS),
            night.taxonomy.came_later,
            calendar,
            offset,
        )
        return without_asked_for(real, contacts, night.asked, calendar, offset)

    return screen


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
        self.updated += known.see_again(row | {"last_seen_on": self.day})
        if reason := _wakes(known):
            known.wake(reason=reason, by=self.by, at=self.at)
            self.raised += 1
        return known

    def wake_snoozed(self) -> None:
        """Whose time is over comes back into the inbox."""
        over = Signal.objects.select_for_update(no_key=True).filter(
            state=SignalState.SNOOZED, snoozed_until__lte=self.day, last_seen_on__gte=self.day - EPISODE
        )
        for signal in over:
            signal.wake(reason=said("the time is over"), by=self.by, at=self.at)
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
                SignalState.MERGED,
                reason=said("%(number)s is open", number=case.number),
                case=case,
                by=self.by,
                at=self.at,
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


def _wakes(signal: Signal) -> Words:
    """Why a signal that was put aside is to be looked at again; "" as long as it is not."""
    before = max(signal.judged_excess or 0.0, 1.0)
    if signal.state == SignalState.DISMISSED:
        return said("it has clearly grown") if signal.excess > ANOTHER_THING * before else ""
    if signal.state != SignalState.SNOOZED:
        return ""
    if signal.snoozed_above is not None:
        return said("the number is reached") if signal.observed >= signal.snoozed_above else ""
    return said("it has clearly grown") if signal.excess > ESCALATED * before else ""


def row_of(finding: Finding, night: Night) -> dict[str, Any]:
    """What a signal says of a finding."""
    contacts, exposure = night.contacts, night.exposure
    window = slice(contacts.index(finding.window_start), contacts.index(finding.window_end) + 1)
    coded = tickets_of(night.taxonomy.read_from(finding.issue), finding.place, finding.window_start)
    words = words_of_rise(coded.values("ticket_id"), first=finding.window_start, last=finding.window_end)
    return {
        "kind": finding.kind,
        "issue_id": finding.issue,
        "dimension": finding.place.dimension,
        "value": finding.place.value,
        "label": subject(Line(finding.issue, finding.place), night.taxonomy),
        "sentence": finding.sentence,
        "where": finding.where,
        "terms": list(words.terms),
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
        "examples": list(words.examples),
        "release_id": night.taxonomy.release,
    }


def examples_of(issues: Sequence[int], place: Place, since: date) -> list[int]:
    """The latest tickets of an issue in a place."""
    return list(
        tickets_of(issues, place, since).order_by("-at", "-id").values_list("ticket_id", flat=True)[:EXAMPLES]
    )


def tickets_of(issues: Sequence[int], place: Place, since: date) -> Any:
    """The codings of tickets with one of these issues in a place."""
    rows = TicketIssue.objects.filter(issue__in=issues, at__gte=midnight(since), ticket__merged_into=None)
    return in_place(rows, place)


def in_place(rows: Any, place: Place) -> Any:
    if place.is_everywhere:
        return rows
    lookup = {"product": "ticket__product__code", "department": "ticket__department__slug"}
    return rows.filter(**{lookup.get(place.dimension, f"ticket__{place.dimension}"): place.value})


def _sentence(night: Night) -> Words:
    days = night.contacts.days
    if days < findings.LEAST_DAYS:
        return said(
            "There are %(days)s days of tickets; surges can be told from %(least)s days on.",
            days=days,
            least=findings.LEAST_DAYS,
        )
    waiting = Signal.objects.waiting().count()
    signals = counted("1 signal waiting", "%(n)s signals waiting", n=waiting)
    looked = said(
        "We looked at %(lines)s lines over %(days)s days; %(signals)s.",
        lines=Number(len(night.lines), grouped=True),
        days=days,
        signals=signals if waiting else said("no signals waiting"),
    )
    exposure = exposure_or_contacts(night.exposure, night.contacts.total)
    return in_a_row([looked, _too_thin(night.lines), exposure.sentence])


def _too_thin(lines: Lines) -> Words:
    """Silence of a thin line is no good news, and has to be said."""
    rates = lines.counts[:, -RECENT:].mean(1)
    thin = int((rates < least_rate(2.0)).sum())
    if not thin:
        return ""
    return said(
        "%(lines)s of the lines bring too few tickets to show a doubling within two weeks.",
        lines=Number(thin, grouped=True),
    )
