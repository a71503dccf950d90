"""Every write of staff management, by use case."""

from apps.staff.services.people import (
    AbsenceOver,
    assign,
    end_absence,
    enter_absence,
    grant_skill,
    set_availability,
    withdraw_skill,
)
from apps.staff.services.staffing import Planned, set_staffing, withdraw_staffing

__all__ = [
    "AbsenceOver",
    "Planned",
    "assign",
    "end_absence",
    "enter_absence",
    "grant_skill",
    "set_availability",
    "set_staffing",
    "withdraw_skill",
    "withdraw_staffing",
]
