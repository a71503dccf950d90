"""Every write of staff management, by use case."""

from apps.staff.services.carry_skills import carry_skills
from apps.staff.services.certificates import (
    CertificateWithdrawn,
    grant_certificate,
    renew_certificates,
    withdraw_certificate,
)
from apps.staff.services.coaching import (
    answer_coaching_note,
    write_coaching_note,
)
from apps.staff.services.courses import (
    CourseInUse,
    CourseWords,
    NotKept,
    retire_course,
    save_course,
)
from apps.staff.services.dealing import assign, deal_waiting, pause_dealing, set_dealing
from apps.staff.services.news import (
    hear_review,
    train_for_guidance,
    train_for_release,
    train_for_workaround,
)
from apps.staff.services.people import (
    AbsenceOver,
    end_absence,
    enter_absence,
    grant_skill,
    set_availability,
    withdraw_skill,
)
from apps.staff.services.rules import (
    RuleExists,
    add_rule,
    lay_out_rules,
    withdraw_rule,
)
from apps.staff.services.staffing import (
    Planned,
    set_staffing,
    withdraw_staffing,
)
from apps.staff.services.suggestion import (
    OwnSuggestion,
    SuggestionAnswered,
    back_suggestion,
    decline_suggestion,
    draft_proposed,
    edit_suggestion,
    merge_suggestion,
    mind_draft,
    propose_issue,
    reopen_suggestion,
    suggest,
    take_up_suggestion,
    withdraw_voice,
)
from apps.staff.services.suggestion_news import (
    tell_of_case,
    tell_of_issues,
)
from apps.staff.services.training import (
    AlreadyAssigned,
    TrainingClosed,
    assign_course,
    assign_course_to,
    excuse_from_course,
    pass_course,
    start_course,
    tell_learner,
)

__all__ = [
    "AbsenceOver",
    "AlreadyAssigned",
    "CertificateWithdrawn",
    "CourseInUse",
    "CourseWords",
    "NotKept",
    "OwnSuggestion",
    "Planned",
    "RuleExists",
    "SuggestionAnswered",
    "TrainingClosed",
    "add_rule",
    "answer_coaching_note",
    "assign",
    "assign_course",
    "assign_course_to",
    "back_suggestion",
    "carry_skills",
    "deal_waiting",
    "decline_suggestion",
    "draft_proposed",
    "edit_suggestion",
    "end_absence",
    "enter_absence",
    "excuse_from_course",
    "grant_certificate",
    "grant_skill",
    "hear_review",
    "lay_out_rules",
    "merge_suggestion",
    "mind_draft",
    "pass_course",
    "pause_dealing",
    "propose_issue",
    "renew_certificates",
    "reopen_suggestion",
    "retire_course",
    "save_course",
    "set_availability",
    "set_dealing",
    "set_staffing",
    "start_course",
    "suggest",
    "take_up_suggestion",
    "tell_learner",
    "tell_of_case",
    "tell_of_issues",
    "train_for_guidance",
    "train_for_release",
    "train_for_workaround",
    "withdraw_certificate",
    "withdraw_rule",
    "withdraw_skill",
    "withdraw_staffing",
    "withdraw_voice",
    "write_coaching_note",
]
