"""Figures that are stored, computed again as of their own time and in their own release; see `config/figures.py`.

Nothing is written. What has changed since in the rows they rest on is said beside them, for it is no fault.
"""

from copy import copy
from datetime import date, datetime
from typing import Any, TypeVar

import numpy as np
from django.db.models import Model, QuerySet

from apps.analysis import trials
from apps.analysis.deadlines import yesterday
from apps.analysis.models import (
    AnalysisRun,
    Case,
    EffectivenessPlan,
    LookDesign,
    Signal,
    SignalKind,
    Trial,
    Verdict,
)
from apps.analysis.places import Place
from apps.analysis.provenance import Address, Answer, Provenance, stored_lines
from apps.analysis.queries import origins
from apps.analysis.queries.changes import CASES, TICKETS, changes_since, counted_since, present_release
from apps.analysis.queries.metric import read_metric
from apps.analysis.queries.night import first_day
from apps.analysis.queries.prospect import LOOK_DAYS, baseline_of, prospect_from
from apps.analysis.queries.recheck import SAVED, NothingKept, Recheck, recheck
from apps.analysis.services.find_emerging import groups_on
from apps.analysis.services.find_signals import found_again
from apps.analysis.services.open_case import money_of
from apps.analysis.services.seal_plan import frozen_baseline
from apps.analysis.services.watch import relapse_on
from helpdesk.errors import DomainError
from helpdesk.sentences import in_a_row

Row = TypeVar("Row", bound=Model)
UNPRICED = "Its money was stored before verdicts kept what a contact was worth: it can't be computed again."


class NotOver(DomainError):
    """Its day was not over when it was counted, and more has come in since: the night settles its numbers."""

    code = "not-over"


def signal(address: Address, at: datetime) -> Answer:
    """The numbers of a signal, from the night that gave them. Raises ValueError when there is none, NotOver."""
    row = _row(Signal.objects.select_related("release", "case"), address)
    own = origins.of_signal(row)
    if origins.counted_until(row) is not None and (address.as_of or own.as_of) >= own.as_of:
        raise NotOver
    as_of = address.as_of or own.as_of
    day = yesterday(as_of)
    known_at = _night_of(day) or as_of
    found = _seen_on(day, row, known_at)
    computed = {name: found.get(name) for name in origins.SIGNAL}
    # An address of an earlier night is held against its digest: the row has moved on since.
    lines = stored_lines(origins.stored(row, origins.SIGNAL), computed) if day == row.last_seen_on else ()
    changed = (*_later_release(own.release), *counted_since(known_at, first_day(day), day))
    if row.kind == SignalKind.EMERGING:
        changed = (*changed, *changes_since(as_of, TICKETS))
    where = Provenance.of(f"signal:{row.pk}", {}, release=own.release, as_of=as_of, figures=computed)
    return Answer(computed, where, lines, changed)


def _night_of(day: date) -> datetime | None:
    """When the analysis of this day was done last: what was counted until then it knew."""
    runs = AnalysisRun.objects.done().filter(day=day).order_by("-finished_at")
    return runs.values_list("finished_at", flat=True).first()


def _seen_on(day: date, row: Signal, known_at: datetime) -> dict[str, Any]:
    """What the detector of its kind says of it on this day; empty when it finds nothing there."""
    if row.kind == SignalKind.EMERGING:
        return next((group for group in groups_on(day) if group["value"] == row.value), {})
    if row.kind == SignalKind.REGRESSION:
        return _relapsed(day, row)
    place = Place(row.dimension, row.value)
    found = found_again(
        day, kind=row.kind, issue=row.issue_id, place=place, edition=row.release, known_at=known_at
    )
    return found or {}


def _relapsed(day: date, row: Signal) -> dict[str, Any]:
    given = row.case.verdicts.select_related("plan") if row.case else Verdict.objects.none()
    verdict = given.filter(window_end__lt=row.started_on).last()
    if row.case is None or verdict is None:
        return {}
    relapse = relapse_on(day, row.case, verdict)
    # A signal of the watch has neither a place nor chances of its own.
    others = {"where": "", "p": None, "q": None, "exposure": None}
    return {} if relapse is None else others | relapse.numbers(row.case, verdict)


def case_money(address: Address, at: datetime) -> Answer:
    """The money at risk of a case, as it was weighed. Raises ValueError when there is none."""
    row = _row(Case.objects.select_related("release", "issue"), address)
    own = origins.of_money([row]).get(row.pk)
    if own is None:
        raise ValueError(f"the money of {row.number} is not known: {row.money_note}")
    since = origins.as_it_was(row, "detection_start", own.as_of)
    money = money_of(case=row, since=since, at=own.as_of)
    computed = {"money_low": money.low, "money_likely": money.likely, "money_high": money.high}
    changed = (
        *_later_release(own.release),
        *changes_since(own.as_of, CASES, about=[row.ref]),
        *changes_since(own.as_of, TICKETS),
    )
    where = Provenance.of(f"{row.ref}/money", {}, release=own.release, as_of=own.as_of, figures=computed)
    return Answer(computed, where, stored_lines(origins.stored(row, origins.MONEY), computed), changed)


def verdict(address: Address, at: datetime) -> Answer:
    """A verdict from what was kept of it. Raises ValueError when there is none, NothingKept for the oldest."""
    return _verdict(_row(Verdict.objects.select_related("case__issue", "plan", "release"), address))


def case_verdict(address: Address, at: datetime) -> Answer:
    """The latest verdict of a case at this moment. Raises as `verdict`."""
    given = Verdict.objects.select_related("case__issue", "plan", "release").filter(decided_at__lte=at)
    row = given.filter(case=address.number).last()
    if row is None:
        raise ValueError(f"case {address.number} has no verdict")
    return _verdict(row)


def _verdict(row: Verdict) -> Answer:
    found, own = recheck(row), origins.of_verdict(row)
    computed = {line.name: line.computed for line in found.lines}
    if found.unpriced:
        computed |= origins.stored(row, SAVED)
    where = Provenance.of(f"verdict:{row.pk}", {}, release=own.release, as_of=own.as_of, figures=computed)
    return Answer(computed, where, found.lines, _since(found))


def _since(found: Recheck) -> tuple[str, ...]:
    said = [
        f"Coded otherwise since: {moved} of {name}. The verdict stands on what was counted then."
        for name, moved in found.recoded.items()
    ]
    said += ["The method has changed since."] if found.method_changed else []
    return (*said, *((UNPRICED,) if found.unpriced else ()))


def trial(address: Address, at: datetime) -> Answer:
    """What the tickets said of a prediction, from what was counted for it. Raises ValueError when there is none,
    NothingKept for the oldest."""
    row = _row(Trial.objects.select_related("release", "prediction__cause__case"), address)
    if row.record is None:
        raise NothingKept
    own, asked = origins.of_trial(row), trials.unpack(bytes(row.record))
    computed = {"entries": []} | trials.answer(asked) | {"method": asked.method}
    computed = {name: computed.get(name) for name in origins.TRIAL}
    changed = (*_later_release(own.release), *counted_since(row.made_at, row.first, row.last))
    where = Provenance.of(f"trial:{row.pk}", {}, release=own.release, as_of=own.as_of, figures=computed)
    return Answer(computed, where, stored_lines(origins.stored(row, origins.TRIAL), computed), changed)


def plan(address: Address, at: datetime) -> Answer:
    """What a frozen plan said could be shown: its baseline as it was kept, the rest from the counted days."""
    row = _row(EffectivenessPlan.objects.select_related("case__issue", "release"), address)
    own, first = origins.of_plan(row), _first_look(row)
    assert first.frozen_at is not None  # noqa: S101 (only frozen plans are kept)
    computed = _foreseen(first, window_days=_window(row)) if row.case.issue_id else {}
    if (kept := frozen_baseline(row)) is not None:
        computed["weekly"] = float(np.array(kept[0], np.float64).mean() * 7)
    changed = (
        *_later_release(own.release),
        *counted_since(first.frozen_at, row.baseline_start, yesterday(first.frozen_at)),
    )
    where = Provenance.of(f"plan:{row.pk}", {}, release=own.release, as_of=own.as_of, figures=computed)
    return Answer(computed, where, stored_lines(origins.stored(row, origins.PLAN), computed), changed)


def _first_look(row: EffectivenessPlan) -> EffectivenessPlan:
    """Later looks repeat what the first one foresaw."""
    return row.case.plans.filter(look=1, pk__lte=row.pk).order_by("pk").last() or row


def _window(row: EffectivenessPlan) -> int:
    """The days that were promised: a plan of one date is extended by as many, one of several looks ends with them."""
    return row.looks * LOOK_DAYS if row.design == LookDesign.LOOKS else row.window_days // row.look


def _foreseen(first: EffectivenessPlan, *, window_days: int) -> dict[str, Any]:
    assert first.frozen_at is not None  # noqa: S101 (only frozen plans are kept)
    then = copy(first.case)
    then.detection_start, then.regressions = (
        first.detection_start,
        0,
    )  # the baseline's beginning is the plan's
    metric = read_metric(then, baseline_of(then), yesterday(first.frozen_at)).since(first.baseline_start)
    prospect = prospect_from(metric, then)
    warning = prospect.advice(first.expected_cut, window_days, first.design)
    return {
        "weekly": prospect.weekly,
        "dispersion": prospect.dispersion,
        "power": prospect.power(first.expected_cut, window_days, first.design),
        "feasibility": in_a_row([prospect.outlook_sentence, warning]),
    }


def _later_release(then: int | None) -> tuple[str, ...]:
    now = present_release()
    return () if then == now else (f"Read in release {then} of the taxonomy then; the present one is {now}.",)


def _row(rows: QuerySet[Row], address: Address) -> Row:
    found = rows.filter(pk=address.number).first()
    if found is None:
        raise ValueError(f"there is no {address.name.partition('/')[0]}")
    return found
