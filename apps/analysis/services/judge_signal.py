from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.analysis.deadlines import today
from apps.analysis.models import Case, Dismissal, NewLevel, Signal, SignalKind, SignalState
from apps.analysis.models.signal import OPEN, TRANSITIONS
from apps.analysis.services.access import locked, must_be_said
from apps.analysis.services.open_case import open_case
from helpdesk.errors import DomainError, Invalid
from helpdesk.marked import inside
from helpdesk.models import User
from helpdesk.permissions import require
from helpdesk.rows import held

ON_A_LINE = (SignalKind.SURGE, SignalKind.SLOW_BURN, SignalKind.CHRONIC)


class AlreadyJudged(DomainError):
    """Somebody has judged this signal already. Look at the list again."""

    code = "already-judged"


@transaction.atomic
def promote_signal(*, signal: Signal, by: User, at: datetime) -> Case:
    """Open a case about what the signal found. Raises AlreadyJudged."""
    require(by, "analysis.judge")
    signal = _take(signal, SignalState.PROMOTED)
    return open_case(signals=[signal], by=by, at=at)


@transaction.atomic
def merge_signal(*, signal: Signal, case: Case, by: User, at: datetime) -> None:
    """It is about what an open case is about. Raises AlreadyJudged, Invalid for a closed case."""
    require(by, "analysis.judge")
    require(by, "analysis.case", case)
    case = locked(case)
    if not case.is_open:
        raise Invalid(
            _("%(number)s is closed. Open a new case, or choose one that is open.") % {"number": case.number},
            pointer="case",
        )
    _take(signal, SignalState.MERGED).judge(SignalState.MERGED, case=case, by=by, at=at)


@transaction.atomic
def merge_signals(*, signal: Signal, into: Signal, by: User, at: datetime) -> None:
    """Two signals are about one thing: the other one stays, and what becomes of it becomes of both.

    Raises AlreadyJudged, Invalid for itself and for one that does not wait any more.
    """
    require(by, "analysis.judge")
    rows = Signal.objects.select_for_update(of=("self",), no_key=True).order_by("pk")  # in order: no deadlock
    held = {row.pk: row for row in rows.filter(pk__in=[signal.pk, into.pk])}
    if signal.pk == into.pk:
        raise Invalid(_("A signal can't be merged into itself. Choose another."), pointer="into")
    if held[into.pk].state not in OPEN:
        raise Invalid(
            _("“%(label)s” is %(state)s. Choose one that waits.")
            % {"label": into.label, "state": inside(into.get_state_display())},
            pointer="into",
        )
    _must_wait(held[signal.pk], SignalState.MERGED)
    signal.merged.update(into=into)
    held[signal.pk].judge(SignalState.MERGED, into=held[into.pk], by=by, at=at)


@transaction.atomic
def snooze_signal(
    *,
    signal: Signal,
    until: date | None = None,
    above: int | None = None,
    reason: str = "",
    by: User,
    at: datetime,
) -> None:
    """Put it aside until a day, until so many tickets are observed, or (neither) until it has grown by half.

    Raises AlreadyJudged, Invalid for a past day and for a number that is reached already.
    """
    require(by, "analysis.judge")
    if until is not None and until <= today(at):
        raise Invalid(_("Choose a day in the future."), pointer="until")
    signal = _take(signal, SignalState.SNOOZED)
    if above is not None and above <= signal.observed:
        raise Invalid(
            _("There are %(observed)s tickets already. Choose a larger number.")
            % {"observed": f"{signal.observed:.0f}"},
            pointer="above",
        )
    signal.judge(SignalState.SNOOZED, reason=reason, snoozed_until=until, snoozed_above=above, by=by, at=at)


@transaction.atomic
def dismiss_signal(*, signal: Signal, dismissal: str, reason: str = "", by: User, at: datetime) -> None:
    """It needs no case, for this reason. What is the new normal is the measure of its line from then on.

    Raises AlreadyJudged, Invalid for an unknown reason, and for a new normal of what is on no line.
    """
    require(by, "analysis.judge")
    if dismissal not in Dismissal.values:
        raise Invalid(
            _("Choose one of: %(labels)s.") % {"labels": ", ".join(map(str, Dismissal.labels))},
            pointer="dismissal",
        )
    if dismissal == Dismissal.FIXED:
        must_be_said(reason, "reason", _("When and how it was fixed"))
    signal = _take(signal, SignalState.DISMISSED)
    if dismissal == Dismissal.LEVEL:
        _accept_level(signal, reason=reason, by=by, at=at)
    signal.judge(SignalState.DISMISSED, dismissal=dismissal, reason=reason, by=by, at=at)


def _accept_level(signal: Signal, *, reason: str, by: User, at: datetime) -> None:
    must_be_said(reason, "reason", _("Why this is the new normal"))
    if signal.kind not in ON_A_LINE:
        raise Invalid(
            _("Only a rise of an issue that is counted can become the new normal. Choose another reason."),
            pointer="dismissal",
        )
    # A slow rise has no first day; its last quarter is what it rose to.
    since = signal.window_start if signal.kind == SignalKind.SLOW_BURN else signal.started_on
    NewLevel.accept(signal, since=since, reason=reason, by=by, at=at)


def _take(signal: Signal, to: str) -> Signal:
    signal = held(signal)
    _must_wait(signal, to)
    return signal


def _must_wait(signal: Signal, to: str) -> None:
    if to not in TRANSITIONS[signal.state]:
        raise AlreadyJudged(
            _("This signal is already %(state)s.") % {"state": inside(signal.get_state_display())}
        )
