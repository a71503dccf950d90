"""What departments did about the causes they own, quarter by quarter: promised, proven, saved, answered, done, kept."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from apps.analysis.deadlines import today
from apps.analysis.models import Action, ActionState, Case, CaseState, DueChange, Signal, SignalKind, Verdict
from apps.analysis.models.action import EXITS
from apps.analysis.models.plan import UNDECIDED
from apps.analysis.proof import Saved, sum_up
from apps.analysis.queries.ledger import Ledger, ledger
from apps.evaluation.incentive import Deeds
from apps.evaluation.queries.quarters import Quarter
from apps.evaluation.tally import Tally
from helpdesk.models import Department, Event

Key = tuple[int, date]


@dataclass
class _Found:
    """What is gathered of one department and quarter."""

    cuts: list[tuple[float, float]] = field(default_factory=list)
    saved: list[Saved] = field(default_factory=list)
    dearest: float | None = None
    days: list[float] = field(default_factory=list)
    handed_over: Tally = field(default_factory=Tally)
    actions: Tally = field(default_factory=Tally)
    standing: int = 0
    came_back: int = 0

    def told(self) -> Deeds:
        saved = sum_up(self.saved) if self.saved else None
        return Deeds(
            tried=len(self.cuts),
            promised=sum(promised for promised, _ in self.cuts),
            proven=sum(min(max(proven, 0.0), promised) for promised, proven in self.cuts),
            saved=saved.likely if saved else None,
            saved_low=saved.low if saved else None,
            saved_high=saved.high if saved else None,
            dearest=self.dearest,
            handed_over=self.handed_over,
            days_to_answer=round(median(self.days), 1) if self.days else None,
            actions=self.actions,
            fixes=Tally(max(self.standing - self.came_back, 0), self.standing),
        )


def read_deeds(
    quarters: Sequence[Quarter], *, departments: Sequence[Department], at: datetime
) -> dict[Key, Deeds]:
    """Of these departments in these quarters, as known at `at`; eight queries whatever their number."""
    known_at = max(quarters).known_at(at)
    found: dict[Key, _Found] = defaultdict(_Found)
    _decide(found, quarters, known_at)
    _save(found, quarters, ledger(Case.objects.all(), at=known_at), departments, today(known_at))
    _price(found, quarters, known_at)
    _answer(found, quarters, known_at)
    _act(found, quarters, today(known_at))
    _relapse(found, quarters, known_at)
    return {
        (one.pk, quarter.first): found[one.pk, quarter.first].told()
        for one in departments
        for quarter in quarters
    }


def _decide(found: dict[Key, _Found], quarters: Sequence[Quarter], known_at: datetime) -> None:
    """The last word of each quarter on each case; one that is not decided yet is still being measured."""
    rows = Verdict.objects.filter(decided_at__gte=min(quarters).since, decided_at__lt=known_at)
    last: dict[tuple[int, date], Verdict] = {}
    for verdict in rows.select_related("plan", "case").order_by("decided_at", "id"):
        last[verdict.case_id, Quarter.of(today(verdict.decided_at)).first] = verdict
    for (_, first), verdict in last.items():
        if verdict.verdict not in UNDECIDED and verdict.case.owner_department_id is not None:
            proven = verdict.cut if verdict.is_proven else 0.0
            found[verdict.case.owner_department_id, first].cuts.append((verdict.plan.expected_cut, proven))


def _save(
    found: dict[Key, _Found], quarters: Sequence[Quarter], saved: Ledger, departments: Sequence[Department],
    now: date,
) -> None:  # fmt: skip
    """Money while each proof held, and how many proofs stood."""
    known = {one.pk for one in departments}
    for fix in saved.fixes:
        department = fix.case.owner_department_id
        if department is None or department not in known:
            continue
        for quarter in quarters:
            stop = min(quarter.stop, now)
            stood = fix.verdict.window_start < stop and (fix.until is None or fix.until > quarter.first)
            found[department, quarter.first].standing += stood
            if fix.holding is not None and fix.holding.days_between(quarter.first, stop):
                found[department, quarter.first].saved.append(fix.holding.saved(quarter.first, stop))


def _price(found: dict[Key, _Found], quarters: Sequence[Quarter], known_at: datetime) -> None:
    """The dearest case that was open when the quarter ended and not being measured now. Money at risk is not added up:
    one customer may have several problems."""
    cases = Case.objects.filter(money_likely__isnull=False, owner_department__isnull=False)
    rows = cases.exclude(state=CaseState.MONITORING).values_list(
        "owner_department", "opened_at", "closed_at", "money_likely"
    )
    for department, opened_at, closed_at, money in rows:
        for quarter in quarters:
            end = quarter.known_at(known_at)
            if opened_at < end and (closed_at is None or closed_at >= end):
                row = found[department, quarter.first]
                row.dearest = max(row.dearest or 0.0, float(money or 0))


def _answer(found: dict[Key, _Found], quarters: Sequence[Quarter], known_at: datetime) -> None:
    """Each handing over and the answer that came next, in the quarter in which it was due; none by then is late."""
    told = Event.objects.filter(
        kind__in=("case.routed", "case.accepted", "case.rejected"), at__gte=min(quarters).before().since,
        at__lt=known_at,
    ).order_by("at", "id")  # fmt: skip
    waiting: dict[str, tuple[datetime, dict[str, Any]]] = {}
    for about, kind, at, data in told.values_list("about", "kind", "at", "data"):
        if kind == "case.routed":
            waiting[about] = (at, data)
        elif about in waiting:
            begun, handed = waiting.pop(about)
            due = date.fromisoformat(handed["due"]) if handed.get("due") else today(at)
            row = found[handed["department"], Quarter.of(due).first]
            row.handed_over += Tally(int(today(at) <= due), 1)
            row.days.append((at - begun).total_seconds() / 86_400)
    for _, handed in waiting.values():
        missed = date.fromisoformat(handed["due"]) if handed.get("due") else None
        if missed is not None and missed < today(known_at):
            found[handed["department"], Quarter.of(missed).first].handed_over += Tally(0, 1)


def _act(found: dict[Key, _Found], quarters: Sequence[Quarter], now: date) -> None:
    """Actions by the day first agreed: a day that was put off does not make them timely."""
    first_change = DueChange.objects.filter(action=OuterRef("pk"), before__isnull=False).order_by("id")
    actions = Action.objects.exclude(state__in=[*EXITS, ActionState.PROPOSED]).filter(
        case__owner_department__isnull=False
    )
    rows = (
        actions.annotate(agreed=Coalesce(Subquery(first_change.values("before")[:1]), "due_on"))
        .filter(agreed__gte=min(quarters).first, agreed__lt=min(max(quarters).stop, now))
        .values_list("case__owner_department", "agreed", "implemented_on")
    )
    for department, agreed, done in rows:
        in_time = done is not None and done <= agreed
        found[department, Quarter.of(agreed).first].actions += Tally(int(in_time), 1)


def _relapse(found: dict[Key, _Found], quarters: Sequence[Quarter], known_at: datetime) -> None:
    rows = Signal.objects.filter(
        kind=SignalKind.REGRESSION, started_on__gte=min(quarters).first, judged_at__lt=known_at,
        case__owner_department__isnull=False,
    )  # fmt: skip
    relapses = rows.values_list("case__owner_department", "case", "started_on")
    for department, _, first in {
        (department, case, Quarter.of(day).first) for department, case, day in relapses
    }:
        found[department, first].came_back += 1
