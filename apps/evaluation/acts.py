"""What can be done about a statement, for page and API alike: each act with the service behind it."""

from datetime import datetime

from apps.evaluation import services
from apps.evaluation.models import Statement, StatementAct
from helpdesk.models import User


def act_on(*, statement: Statement, act: str, guard: str, reason: str, by: User, at: datetime) -> Statement:
    """Issue, settle or withdraw. Raises what the service raises."""
    match act:
        case StatementAct.Act.ISSUED:
            return services.issue_statement(statement=statement, by=by, at=at)
        case StatementAct.Act.SETTLED:
            return services.settle_guard(statement=statement, guard=guard, reason=reason, by=by, at=at)
    return services.withdraw_statement(statement=statement, reason=reason, by=by, at=at)
