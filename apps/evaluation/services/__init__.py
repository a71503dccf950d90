"""Every write of evaluation, by use case; those of the taxonomy are in `taxonomy/`."""

from apps.evaluation.services.count_months import count_months
from apps.evaluation.services.goals import PRESETS, lay_out_goals, set_goal, withdraw_goal
from apps.evaluation.services.incentive import (
    QuarterRuns,
    StatementIssued,
    StatementStands,
    StatementWithdrawn,
    draft_due_statements,
    draft_statement,
    issue_statement,
    set_bonus_rule,
    settle_guard,
    withdraw_bonus_rule,
    withdraw_statement,
)

__all__ = [
    "PRESETS",
    "QuarterRuns",
    "StatementIssued",
    "StatementStands",
    "StatementWithdrawn",
    "count_months",
    "draft_due_statements",
    "draft_statement",
    "issue_statement",
    "lay_out_goals",
    "set_bonus_rule",
    "set_goal",
    "settle_guard",
    "withdraw_bonus_rule",
    "withdraw_goal",
    "withdraw_statement",
]
