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
from apps.staff.services.suggestion import (
    OwnSuggestion,
    SuggestionAnswered,
    back_suggestion,
    decline_suggestion,
    draft_proposed,
    edit_suggestion,
    merge_suggestion,
    propose_issue,
    reopen_suggestion,
    suggest,
    take_up_suggestion,
    withdraw_voice,
)
from apps.staff.services.suggestion_news import tell_of_case, tell_of_issues

__all__ = [
    "AbsenceOver",
    "OwnSuggestion",
    "Planned",
    "SuggestionAnswered",
    "assign",
    "back_suggestion",
    "decline_suggestion",
    "draft_proposed",
    "edit_suggestion",
    "end_absence",
    "enter_absence",
    "grant_skill",
    "merge_suggestion",
    "propose_issue",
    "reopen_suggestion",
    "set_availability",
    "set_staffing",
    "suggest",
    "take_up_suggestion",
    "tell_of_case",
    "tell_of_issues",
    "withdraw_skill",
    "withdraw_staffing",
    "withdraw_voice",
]
