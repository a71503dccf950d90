"""Incentive statements: reckoned when a quarter is over, issued or withdrawn by an administrator, paid only while no
guard is broken."""

from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext

from apps.analysis.provenance import plain, written
from apps.evaluation.models import BonusRule, Statement, StatementAct
from apps.evaluation.queries.quarters import Quarter, last_whole
from apps.evaluation.queries.scoreboard import Row, scoreboard
from apps.evaluation.reckoned import kept
from helpdesk import events
from helpdesk.each import each
from helpdesk.errors import DomainError, Invalid, NotAllowed
from helpdesk.models import Department, User
from helpdesk.permissions import require
from helpdesk.rows import held

MOST_POINTS = 100
LARGEST = Decimal("9999999999.99")


class QuarterRuns(DomainError):
    """This quarter is not over. Its statement is drafted on the first days of the next one."""

    code = "quarter-runs"


class StatementStands(DomainError):
    """There is a statement for this quarter. Withdraw it first; then another can be drafted."""

    code = "statement-stands"


class StatementWithdrawn(DomainError):
    """This statement was withdrawn; nothing more can be done about it."""

    code = "statement-withdrawn"


class StatementIssued(DomainError):
    """This statement is issued already."""

    code = "statement-issued"


@transaction.atomic
def set_bonus_rule(
    *, words: str, least: float, full: Decimal, department: Department | None = None, by: User, at: datetime
) -> BonusRule:
    """Say in the company's words what a score is worth; statements drafted before keep the rule they had.

    Raises Invalid for no words, points over 100, or an amount that is negative or too large.
    """
    require(by, "evaluation.reward")
    if not words.strip():
        raise Invalid(gettext("Say what the bonus is for."), pointer="words")
    if not 0 <= least <= MOST_POINTS:
        raise Invalid(gettext("Points from 0 to 100."), pointer="least")
    if not 0 <= full <= LARGEST:
        raise Invalid(gettext("An amount that is not negative, in the company's currency."), pointer="full")
    values = {"words": words.strip(), "least": least, "full": full, "set_by": by, "set_at": at}
    rule, _ = BonusRule.objects.update_or_create(department=department, defaults=values)
    return rule


@transaction.atomic
def withdraw_bonus_rule(*, rule: BonusRule, by: User) -> None:
    """The department follows the rule of all again, or there is none; the history keeps what it was."""
    require(by, "evaluation.reward")
    rule.delete()


def draft_due_statements(*, by: User, at: datetime) -> list[Statement]:
    """Draft the statements of the quarter that is over, for every department that owns issues or had cases.

    May run any number of times: each is drafted once.
    """
    require(by, "evaluation.reward")
    quarter = last_whole(at)
    drafted = Statement.objects.filter(quarter=quarter.first).values("department")
    rows = scoreboard(quarter, departments=list(Department.objects.exclude(pk__in=drafted)), at=at)
    wanted = [row for row in rows if _has_something(row)]
    return each(wanted, lambda row: _keep(row, edition=1, by=by, at=at))


@transaction.atomic
def draft_statement(*, department: Department, quarter: Quarter, by: User, at: datetime) -> Statement:
    """Draft one department's statement anew, after the one before was withdrawn, or where there was none.

    Raises QuarterRuns before its end, StatementStands while one stands.
    """
    require(by, "evaluation.reward")
    if at < quarter.until:
        raise QuarterRuns
    # The department is locked, so that two drafts at once do not both find that nothing stands.
    held(department)
    known = Statement.objects.filter(department=department, quarter=quarter.first).with_acts()
    last = known.order_by("-edition").first()
    if last is not None and last.state != StatementAct.Act.WITHDRAWN:
        raise StatementStands
    (row,) = scoreboard(quarter, departments=[department], at=at)
    return _keep(row, edition=last.edition + 1 if last else 1, by=by, at=at)


@transaction.atomic
def issue_statement(*, statement: Statement, by: User, at: datetime) -> Statement:
    """Hand it to the department: from here on its people see it. A broken guard does not hold it back; it says that
    nothing is paid. Raises StatementIssued, StatementWithdrawn."""
    statement = _open(statement, by=by)
    if statement.state == StatementAct.Act.ISSUED:
        raise StatementIssued
    return _act(statement, StatementAct.Act.ISSUED, by=by, at=at)


@transaction.atomic
def settle_guard(*, statement: Statement, guard: str, reason: str, by: User, at: datetime) -> Statement:
    """Somebody has looked into why a guard is broken, and says why it may be paid all the same.

    Raises Invalid without a reason or for a guard that is not broken, NotAllowed for one's own department,
    StatementWithdrawn.
    """
    statement = _open(statement, by=by)
    if by.department_id == statement.department_id:
        raise NotAllowed(
            gettext("Nobody settles the guards of their own department. Ask another administrator.")
        )
    if guard not in {row["guard"] for row in statement.broken}:
        raise Invalid(gettext("Choose a guard that is broken and not settled."), pointer="guard")
    if not reason.strip():
        raise Invalid(gettext("Say what was found."), pointer="reason")
    return _act(statement, StatementAct.Act.SETTLED, guard=guard, reason=reason.strip(), by=by, at=at)


@transaction.atomic
def withdraw_statement(*, statement: Statement, reason: str, by: User, at: datetime) -> Statement:
    """Take it back: it pays nothing, and another may be drafted.

    Raises Invalid without a reason, StatementWithdrawn.
    """
    statement = _open(statement, by=by)
    if not reason.strip():
        raise Invalid(gettext("Say why it is withdrawn."), pointer="reason")
    return _act(statement, StatementAct.Act.WITHDRAWN, reason=reason.strip(), by=by, at=at)


def _has_something(row: Row) -> bool:
    contacts = row.account.contacts if row.account else 0
    return bool(contacts or row.deeds.tried or row.deeds.handed_over.all or row.deeds.actions.all)


@transaction.atomic
def _keep(row: Row, *, edition: int, by: User, at: datetime) -> Statement:
    rule = row.rule
    told = {
        "score": row.score.value,
        "inputs": plain(row.inputs),
        "parts": kept(row.score.parts),
        "guards": kept(row.guards),
        "words": rule.words if rule else "",
        "least": rule.least if rule else None,
        "full": rule.full if rule else None,
        "would_pay": row.would_pay,
    }
    about = {"department": row.department.slug, "quarter": row.quarter.name, "edition": edition}
    digest = sha256(written(told | about).encode()).hexdigest()
    # Of two who draft it at once the second waits here for the first, and takes theirs.
    statement, made = Statement.objects.get_or_create(
        department=row.department, quarter=row.quarter.first, edition=edition,
        defaults=told | {"digest": digest, "drafted_by": by, "drafted_at": at},
    )  # fmt: skip
    if made:
        events.record("statement.drafted", about=f"statement:{statement.pk}", by=by, at=at, data=about)
    return statement


def _open(statement: Statement, *, by: User) -> Statement:
    """The statement with its acts, locked against other acts."""
    require(by, "evaluation.reward")
    held(statement)
    statement = Statement.objects.with_acts().get(pk=statement.pk)
    if statement.state == StatementAct.Act.WITHDRAWN:
        raise StatementWithdrawn
    return statement


def _act(
    statement: Statement, act: str, *, guard: str = "", reason: str = "", by: User, at: datetime
) -> Statement:
    StatementAct.objects.create(statement=statement, act=act, guard=guard, reason=reason, by=by, at=at)
    data = {"act": str(act), "guard": guard, "reason": reason}
    events.record("statement.acted", about=f"statement:{statement.pk}", by=by, at=at, data=data)
    return Statement.objects.with_acts().get(pk=statement.pk)
