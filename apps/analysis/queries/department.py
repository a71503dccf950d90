"""A department's part of the loop: what it has to do by money and age, how it answers, what it promised and proved."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import QuerySet

from apps.analysis.deadlines import midnight, today
from apps.analysis.models import Case, CaseState, WorkLimit
from apps.analysis.models.case import sees_every_case
from apps.analysis.models.work_limit import USUAL
from apps.analysis.provenance import Provenance
from apps.analysis.queries.changes import present_release
from apps.analysis.queries.ledger import Ledger, ledger
from apps.analysis.queries.money import QUARTER_DAYS
from helpdesk.models import Department, Event, User

YEAR = timedelta(days=365)
AT_WORK = (CaseState.INVESTIGATING, CaseState.PLANNING, CaseState.FIXING)
ANSWERS = ("case.accepted", "case.rejected")


@dataclass(frozen=True)
class Waiting:
    """One open case: its age in days, and what has been lost since it was handed over, at the money a quarter that is
    at risk; None while either is unknown."""

    case: Case
    age: int
    cost: float | None
    is_overdue: bool


@dataclass(frozen=True)
class Answering:
    """How a department answered what was routed to it in a year: how many times, the middle of the days it took, and
    how many came by the day they were due."""

    answered: int
    days: float | None
    on_time: int

    @property
    def share_on_time(self) -> float | None:
        return self.on_time / self.answered if self.answered else None


@dataclass(frozen=True)
class DepartmentPage:
    """Everything on the page of a department."""

    department: Department
    queue: list[Waiting]
    at_work: int
    limit: int
    answering: Answering
    ledger: Ledger

    @property
    def figures(self) -> dict[str, Any]:
        """What is computed, in whatever order the queue is shown."""
        queue = {row.case.number: {"age": row.age, "cost": row.cost} for row in self.queue}
        return {"queue": queue, "answering": self.answering, "ledger": self.ledger.figures}

    @property
    def is_over_limit(self) -> bool:
        return self.at_work > self.limit

    @property
    def overdue(self) -> int:
        return sum(row.is_overdue for row in self.queue)


@dataclass(frozen=True)
class DepartmentRow:
    """One department among all."""

    department: Department
    open: int
    overdue: int
    unanswered: int
    at_work: int
    limit: int
    # The case with the most money at risk.
    dearest: Case | None

    @property
    def largest(self) -> Decimal | None:
        return self.dearest.money_likely if self.dearest else None

    @property
    def is_over_limit(self) -> bool:
        return self.at_work > self.limit


def department_page(
    department: Department, *, user: User | None, by: str = "money", at: datetime
) -> DepartmentPage:
    """Of the cases this person may see, of all without one; a fixed number of queries. `by` orders the queue: "money"
    or "age"."""
    seen = Case.objects.visible_to(user) if user else Case.objects.all()
    cases = seen.filter(owner_department=department)
    queue = [
        waiting(case, today(at))
        for case in cases.open().select_related("owner", "issue", "release").by_money()
    ]
    if by == "age":
        queue.sort(key=lambda row: -row.age)
    return DepartmentPage(
        department=department,
        queue=queue,
        at_work=sum(row.case.state in AT_WORK for row in queue),
        limit=work_limits()[department.pk],
        answering=_answering(cases, at),
        ledger=ledger(cases, at=at),
    )


def department_from(page: DepartmentPage, *, user: User | None, at: datetime) -> Provenance:
    """The address names the person who sees part of the cases only. One query."""
    words = {} if user is None or sees_every_case(user) else {"person": str(user.pk)}
    name = f"department:{page.department.slug}"
    return Provenance.of(name, words, release=present_release(), as_of=at, figures=page.figures)


def departments(*, user: User, at: datetime) -> list[DepartmentRow]:
    """Every department that owns a case, the most overdue first; three queries."""
    rows: dict[int, list[Case]] = {}
    cases = Case.objects.visible_to(user).open().exclude(owner_department=None)
    for case in cases.select_related("owner_department", "release"):
        rows.setdefault(case.owner_department_id or 0, []).append(case)
    limits = work_limits()
    found = [_row(group, limits, today(at)) for group in rows.values()]
    return sorted(found, key=lambda row: (-row.overdue, -row.open, row.department.name))


def waiting(case: Case, now: date) -> Waiting:
    cost = None
    if case.money_likely is not None and case.routed_at is not None:
        cost = float(case.money_likely) * (now - today(case.routed_at)).days / QUARTER_DAYS
    return Waiting(case, (now - today(case.opened_at)).days, cost, case.is_overdue(now))


def work_limits() -> Mapping[int, int]:
    """How many cases each department should have at work at once; one query."""
    rows: dict[int | None, int] = dict(WorkLimit.objects.values_list("department", "cases"))
    usual = rows.get(None, USUAL)
    return defaultdict(lambda: usual, {key: limit for key, limit in rows.items() if key is not None})


def at_work(department: Department) -> int:
    return Case.objects.filter(owner_department=department, state__in=AT_WORK).count()


def _row(cases: list[Case], limits: Mapping[int, int], now: date) -> DepartmentRow:
    department = cases[0].owner_department
    priced = [case for case in cases if case.money_likely is not None]
    assert department is not None  # noqa: S101
    return DepartmentRow(
        department=department,
        open=len(cases),
        overdue=sum(case.is_overdue(now) for case in cases),
        unanswered=sum(case.state == CaseState.ROUTED for case in cases),
        at_work=sum(case.state in AT_WORK for case in cases),
        limit=limits[department.pk],
        dearest=max(priced, key=lambda case: case.money_likely or 0, default=None),
    )


def _answering(cases: QuerySet[Case], at: datetime) -> Answering:
    """From the event log: each handing over and the answer that came next. Two queries."""
    refs = [f"case:{pk}" for pk in cases.values_list("pk", flat=True)]
    told = Event.objects.filter(
        kind__in=("case.routed", *ANSWERS), about__in=refs, at__gte=midnight(today(at) - YEAR), at__lte=at
    ).order_by("at", "id")
    return _answers(told.values_list("about", "kind", "at", "data"))


def _answers(told: Iterable[tuple[str, str, datetime, dict[str, Any]]]) -> Answering:
    routed: dict[str, tuple[datetime, str]] = {}
    days, on_time = [], 0
    for about, kind, at, data in told:
        if kind == "case.routed":
            routed[about] = (at, data.get("due") or "")
        elif about in routed:
            begun, due = routed.pop(about)
            days.append((at - begun).total_seconds() / 86_400)
            on_time += not due or today(at) <= date.fromisoformat(due)
    return Answering(len(days), round(median(days), 1) if days else None, on_time)
