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

__all__ = [
    "AbsenceOver",
    "assign",
    "end_absence",
    "enter_absence",
    "grant_skill",
    "set_availability",
    "withdraw_skill",
]
