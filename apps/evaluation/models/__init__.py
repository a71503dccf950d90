"""The rows of evaluation, one noun a file."""

from apps.evaluation.models.goal import Goal, Measure
from apps.evaluation.models.incentive import BonusRule, Statement, StatementAct

__all__ = ["BonusRule", "Goal", "Measure", "Statement", "StatementAct"]
