"""The rows of staff management, one noun a file."""

from apps.staff.models.certificate import Certificate
from apps.staff.models.coaching import CoachingAnswer, CoachingNote
from apps.staff.models.dealing import Dealing, DealingMode, DealtTo
from apps.staff.models.people import Availability, Skill
from apps.staff.models.rule import ReviewHeard, RuleKind, TrainingRule
from apps.staff.models.staffing import StaffingRule
from apps.staff.models.suggestion import Suggestion, Voice
from apps.staff.models.training import Assignment, AssignmentState, Course, CourseKind, Reason, Topic

__all__ = [
    "Assignment",
    "AssignmentState",
    "Availability",
    "Certificate",
    "CoachingAnswer",
    "CoachingNote",
    "Course",
    "CourseKind",
    "Dealing",
    "DealingMode",
    "DealtTo",
    "Reason",
    "ReviewHeard",
    "RuleKind",
    "Skill",
    "StaffingRule",
    "Suggestion",
    "Topic",
    "TrainingRule",
    "Voice",
]
