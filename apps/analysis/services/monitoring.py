from datetime import datetime, timedelta

from apps.analysis.deadlines import today
from apps.analysis.models import ActionKind, ActionState, Case, CaseState
from helpdesk.models import User
from helpdesk.rows import held

# Telling customers or holding the line is no fix: the proof does not wait for it.
NOT_WAITED_FOR = frozenset({ActionKind.CONTAINMENT, ActionKind.COMMUNICATION})


def begin_monitoring_when_ready(*, case: Case, by: User, at: datetime) -> bool:
    """Part of other use cases: once every action is implemented and confirmed by somebody else, the count begins.

    The decision date is the frozen plan's, or as much later as the work was late.
    """
    case = held(case)
    actions = [a for a in case.actions.all() if not a.is_out and a.kind not in NOT_WAITED_FOR]
    plan = case.plans.last()
    if (
        case.state != CaseState.FIXING
        or plan is None
        or not actions
        or not all(a.is_in_place for a in actions)
    ):
        return False
    in_place = max(action.implemented_on or today(at) for action in actions)
    decision_on = in_place + timedelta(days=plan.lag_days + plan.window_days)
    for action in actions:
        action.move(ActionState.OBSERVING, by=by, at=at)
    case.move(
        CaseState.MONITORING,
        due_on=decision_on,
        monitoring_from=in_place,
        decision_on=decision_on,
        by=by,
        at=at,
    )
    return True
