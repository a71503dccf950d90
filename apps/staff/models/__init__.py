"""The rows of staff management, one noun a file."""

from apps.staff.models.people import Availability, Skill
from apps.staff.models.staffing import StaffingRule
from apps.staff.models.suggestion import Suggestion, Voice

__all__ = ["Availability", "Skill", "StaffingRule", "Suggestion", "Voice"]
