"""The rows of evaluation, one noun a file."""

from apps.evaluation.models.calibration import (
    CalibrationItem,
    CalibrationMark,
    CalibrationSession,
    Scoring,
    SessionState,
)
from apps.evaluation.models.counted import CountedMonths
from apps.evaluation.models.goal import Goal, Measure
from apps.evaluation.models.incentive import BonusRule, Statement, StatementAct
from apps.evaluation.models.review import (
    RaisedCause,
    Review,
    ReviewedWeek,
    ReviewMark,
    ReviewState,
    SampleSize,
    Why,
)
from apps.evaluation.models.scorecard import About, Criterion, Scale, Scorecard, ScorecardState

__all__ = [
    "About",
    "BonusRule",
    "CalibrationItem",
    "CalibrationMark",
    "CalibrationSession",
    "CountedMonths",
    "Criterion",
    "Goal",
    "Measure",
    "RaisedCause",
    "Review",
    "ReviewMark",
    "ReviewState",
    "ReviewedWeek",
    "SampleSize",
    "Scale",
    "Scorecard",
    "ScorecardState",
    "Scoring",
    "SessionState",
    "Statement",
    "StatementAct",
    "Why",
]
