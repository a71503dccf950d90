"""The prevention ledger: promised against proven, what was saved while each proof held, and what waiting cost."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from apps.analysis.deadlines import today
from apps.analysis.models import Action, Case, Signal, SignalKind, Verdict
from apps.analysis.models.action import EXITS
from apps.analysis.models.case import sees_every_case
from apps.analysis.models.plan import PROVEN
from apps.analysis.proof import Holding, Saved, sum_up
from apps.analysis.proof.ledger import QUARTER_DAYS, quarter_of
from apps.analysis.provenance import Provenance
from apps.analysis.queries.changes import present_release
from helpdesk.models import User


@dataclass(frozen=True)
class Fix:
    """A proven fix: what it promised, what was proven, and since when until when it holds. Money is None while the
    worth of a contact is not known."""

    case: Case
    verdict: Verdict
    department: str
    promised: float
    proven: float
    holding: Holding | None
    until: date | None
    saved: Saved | None
    cost: Decimal | None
    waited_days: int
    cost_of_waiting: float | None

    @property
    def holds(self) -> bool:
        return self.until is None

    @property
    def figures(self) -> dict[str, Any]:
        """What is computed, with the keys of the rows it is about."""
        names = ("department", "promised", "proven", "holding", "until", "saved", "cost", "waited_days",
                 "cost_of_waiting")  # fmt: skip
        return {"case": self.case.pk, "verdict": self.verdict.pk} | {
            name: getattr(self, name) for name in names
        }


@dataclass(frozen=True)
class Quarter:
    """What one department's fixes saved in one quarter; the whole company's with an empty department."""

    first: date
    department: str
    saved: Saved
    fixes: int

    @property
    def name(self) -> str:
        return f"{self.first.year} Q{(self.first.month + 2) // 3}"


@dataclass(frozen=True)
class Ledger:
    """`as_of`: the first day that is not counted any more."""

    as_of: date
    fixes: list[Fix]
    quarters: list[Quarter]
    saved: Saved
    running: Saved
    unpriced: int

    @property
    def figures(self) -> dict[str, Any]:
        return vars(self) | {"fixes": [fix.figures for fix in self.fixes]}


def visible_ledger(user: User | None, *, at: datetime) -> tuple[Ledger, Provenance]:
    """Of the cases this person may see (None: of all), with where it comes from. Four queries."""
    cases = Case.objects.visible_to(user) if user else Case.objects.all()
    found = ledger(cases, at=at)
    return found, ledger_from(found, user, release=present_release(), at=at)


def ledger_from(found: Ledger, user: User | None, *, release: int | None, at: datetime) -> Provenance:
    """The address names the person whose ledger it is, unless it is that of all cases."""
    words = {} if user is None or sees_every_case(user) else {"person": str(user.pk)}
    return Provenance.of("ledger", words, release=release, as_of=at, figures=found.figures)


def ledger(cases: QuerySet[Case], *, at: datetime) -> Ledger:
    """Of these cases. Three queries, whatever their number."""
    stop = today(at)
    rows = Verdict.objects.filter(verdict__in=PROVEN, case__in=cases.values("pk"), decided_at__lte=at)
    verdicts = list(rows.select_related("case__owner_department", "plan").order_by("decided_at", "id"))
    came_back: dict[int, list[date]] = defaultdict(list)
    for case, began in Signal.objects.filter(
        kind=SignalKind.REGRESSION, case__in={verdict.case_id for verdict in verdicts}, judged_at__lte=at
    ).values_list("case", "started_on"):
        came_back[case].append(began)
    actions = Action.objects.filter(case__in={verdict.case_id for verdict in verdicts}).exclude(
        state__in=EXITS
    )
    costs = dict(actions.order_by().values_list("case").annotate(sum=Sum("cost")))
    fixes = [
        _fix(verdict, _ends(verdict, verdicts, came_back[verdict.case_id]), costs.get(verdict.case_id), stop)
        for verdict in verdicts
    ]
    fixes.sort(key=lambda fix: (fix.saved.likely if fix.saved else -1.0, fix.verdict.pk), reverse=True)
    priced = [fix for fix in fixes if fix.holding is not None]
    return Ledger(
        as_of=stop,
        fixes=fixes,
        quarters=_quarters(priced, stop),
        saved=sum_up([fix.saved for fix in priced if fix.saved]),
        running=sum_up([Saved(fix.holding.low, fix.holding.likely, fix.holding.high) for fix in priced
                        if fix.holding and fix.holds]),
        unpriced=len(fixes) - len(priced),
    )  # fmt: skip


def _ends(verdict: Verdict, verdicts: list[Verdict], came_back: list[date]) -> date | None:
    """The day this proof stopped counting: the relapse began, or a newer proof of the same case took over."""
    newer = [
        other.window_start for other in verdicts
        if other.case_id == verdict.case_id and other.pk > verdict.pk
    ]  # fmt: skip
    relapses = [day for day in came_back if day > verdict.window_start]
    return min([*newer, *relapses], default=None)


def _fix(verdict: Verdict, until: date | None, cost: Decimal | None, stop: date) -> Fix:
    case, start = verdict.case, verdict.window_start
    holding = None
    if verdict.saved_likely is not None and verdict.saved_low is not None and verdict.saved_high is not None:
        money = (float(verdict.saved_low), float(verdict.saved_likely), float(verdict.saved_high))
        holding = Holding(*money, start=start, until=until)
    waited = _waited(verdict)
    return Fix(
        case=case,
        verdict=verdict,
        department=case.owner_department.name if case.owner_department else "",
        promised=verdict.plan.expected_cut,
        proven=verdict.cut,
        holding=holding,
        until=until,
        saved=holding.saved(start, stop) if holding else None,
        cost=cost,
        waited_days=waited,
        cost_of_waiting=holding.likely * waited / QUARTER_DAYS if holding else None,
    )


def _waited(verdict: Verdict) -> int:
    """Days from the hand-over to its owner until the fix was in place."""
    handed_over = verdict.case.routed_at or verdict.case.opened_at
    in_place = verdict.window_start - timedelta(days=verdict.plan.lag_days)
    return max((in_place - today(handed_over)).days, 0)


def _quarters(fixes: list[Fix], stop: date) -> list[Quarter]:
    """The newest first; in each the company as a whole, then its departments by what they saved."""
    found: list[Quarter] = []
    day = min((fix.holding.start for fix in fixes if fix.holding), default=stop)
    while day < stop:
        first, following = quarter_of(day)
        found = [*_quarter(fixes, first, min(following, stop)), *found]
        day = following
    return found


def _quarter(fixes: list[Fix], first: date, stop: date) -> list[Quarter]:
    parts: dict[str, list[Saved]] = defaultdict(list)
    for fix in fixes:
        if fix.holding and fix.holding.days_between(first, stop):
            parts[fix.department].append(fix.holding.saved(first, stop))
    if not parts:
        return []
    everything = [saved for group in parts.values() for saved in group]
    rows = [Quarter(first, name, sum_up(group), len(group)) for name, group in parts.items()]
    rows.sort(key=lambda row: -row.saved.likely)
    return [Quarter(first, "", sum_up(everything), len(everything)), *rows]
