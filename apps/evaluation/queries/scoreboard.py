"""Departments side by side: what each prevented in a quarter, whether it can be believed, and how it went before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.safestring import SafeString

from apps.analysis.deadlines import today
from apps.evaluation.incentive import Deeds, Reading, Score, State, guards, score, would_pay
from apps.evaluation.models import BonusRule, Statement, StatementAct
from apps.evaluation.queries.accountability import Account, accounts
from apps.evaluation.queries.counted import Counted, read_counted
from apps.evaluation.queries.deeds import read_deeds
from apps.evaluation.queries.departments import compares_all
from apps.evaluation.queries.facts import read_facts
from apps.evaluation.queries.prevention import judged_cases
from apps.evaluation.queries.quarters import Quarter, last_whole, quarters_up_to
from helpdesk.charts import draw_sparkline
from helpdesk.models import Department, User


@dataclass(frozen=True)
class Row:
    """One department in one quarter. `trend`: the scores of the quarters up to it, the oldest first."""

    department: Department
    quarter: Quarter
    account: Account | None
    deeds: Deeds
    score: Score
    guards: tuple[Reading, ...]
    trend: tuple[float | None, ...]
    rule: BonusRule | None
    statement: Statement | None

    @property
    def doubts(self) -> tuple[Reading, ...]:
        """Guards that are not held, the broken ones first."""
        moved = [reading for reading in self.guards if reading.state != State.HELD]
        return tuple(sorted(moved, key=lambda reading: reading.state != State.BROKEN))

    @property
    def is_broken(self) -> bool:
        return any(reading.state == State.BROKEN for reading in self.guards)

    @property
    def would_pay(self) -> Decimal | None:
        return would_pay(self.score.value, self.rule.bonus if self.rule else None)

    @property
    def spark(self) -> SafeString:
        words = ", ".join("–" if value is None else f"{value:.0f}" for value in self.trend)
        return draw_sparkline(list(self.trend), title=f"{self.department}: {words}")

    @property
    def inputs(self) -> dict[str, Any]:
        """What the score was reckoned from, and beside it the contacts charged to the department."""
        charged = self.account
        return vars(self.deeds) | {
            "contacts": charged.contacts if charged else 0,
            "answered_elsewhere": charged.elsewhere if charged else 0,
            "contact_cost": charged.cost if charged else None,
        }


@dataclass(frozen=True)
class Board:
    """Departments side by side, and as of when: `counted` says what it was counted from where not from the tickets."""

    rows: tuple[Row, ...]
    as_of: datetime
    counted: Counted | None


def board(quarter: Quarter, *, departments: Sequence[Department], at: datetime) -> Board:
    """For who looks: where tickets are many as of the last count, which is minutes old. Else as of now."""
    counted = read_counted(at, since=min(quarters_up_to(quarter)).first)
    if counted is not None and counted.at < quarter.since:
        counted = None  # the quarter has begun since
    as_of = counted.at if counted else at
    return Board(
        tuple(scoreboard(quarter, departments=departments, at=as_of, counted=counted)), as_of, counted
    )


def newest_board(*, departments: Sequence[Department], at: datetime) -> tuple[Quarter, Board]:
    """What to show who asked for no quarter: the last whole one; where nobody has a score in it, the newest in which
    somebody has, the running one among them; where nobody ever had, the last whole one all the same."""
    whole = last_whole(at)
    found = board(whole, departments=departments, at=at)
    if not found.rows or any(row.score.value is not None for row in found.rows):
        return whole, found
    running = Quarter.of(today(at))
    newer = board(running, departments=departments, at=at)
    if not (scored := _last_scored(newer, running)):
        return whole, found
    return scored, newer if scored == running else board(scored, departments=departments, at=at)


def _last_scored(found: Board, quarter: Quarter) -> Quarter | None:
    trends = zip(*(row.trend for row in found.rows), strict=True)
    scored = [
        one
        for one, values in zip(quarters_up_to(quarter), trends, strict=True)
        if any(value is not None for value in values)
    ]
    return scored[-1] if scored else None


def scoreboard(
    quarter: Quarter, *, departments: Sequence[Department], at: datetime, counted: Counted | None = None
) -> list[Row]:
    """These departments, the best score first; nineteen queries whatever their number, thirteen if counted before."""
    quarters = quarters_up_to(quarter)
    *earlier, _ = quarters
    facts = read_facts(quarters, departments=[one.pk for one in departments], at=at, counted=counted)
    deeds = read_deeds(quarters, departments=departments, at=at)
    window = quarter.window(at)
    charged = accounts(window, departments=departments, judged=judged_cases(window), counted=counted).rows
    by_department = {row.department.pk: row for row in charged if row.department}
    rules = {rule.department_id: rule for rule in BonusRule.objects.all()}
    newest: dict[int, Statement] = {}
    for statement in Statement.objects.filter(quarter=quarter.first).with_acts().order_by("edition"):
        newest[statement.department_id] = statement
    rows = [
        Row(
            department=one,
            quarter=quarter,
            account=by_department.get(one.pk),
            deeds=deeds[one.pk, quarter.first],
            score=score(deeds[one.pk, quarter.first]),
            guards=guards(facts[one.pk, quarter.first], [facts[one.pk, old.first] for old in earlier]),
            trend=tuple(score(deeds[one.pk, each.first]).value for each in quarters),
            rule=rules.get(one.pk) or rules.get(None),
            statement=newest.get(one.pk),
        )
        for one in departments
    ]
    return sorted(
        rows, key=lambda row: (row.score.value is None, -(row.score.value or 0.0), row.department.name)
    )


def statements_for(user: User) -> QuerySet[Statement]:
    """The statements this person may read: administrators and analysts all, others what was handed to their own
    department."""
    rows = Statement.objects.with_acts()
    if compares_all(user):
        return rows
    handed_over = StatementAct.objects.filter(statement=OuterRef("pk"), act=StatementAct.Act.ISSUED)
    return rows.filter(Exists(handed_over), department__in=Department.objects.filter(members=user))
