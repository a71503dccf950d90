"""Control's tables, a noun a file."""

from apps.control.models.calendar import Calendar, working_week
from apps.control.models.clock import Clock, ClockQuerySet, Escalation
from apps.control.models.customer_promise import CustomerPromise, PromiseState
from apps.control.models.policy import Rung, ServicePolicy, statuses_that_pause
from apps.control.models.recurring import MadeTicket, OffDays, RecurringTicket, Rhythm
from apps.control.models.referral import Referral
from apps.control.models.survey import (
    AskDraw,
    AskLimits,
    AskRule,
    FollowUp,
    Survey,
    SurveyQuerySet,
)

__all__ = [
    "AskDraw",
    "AskLimits",
    "AskRule",
    "Calendar",
    "Clock",
    "ClockQuerySet",
    "CustomerPromise",
    "Escalation",
    "FollowUp",
    "MadeTicket",
    "OffDays",
    "PromiseState",
    "RecurringTicket",
    "Referral",
    "Rhythm",
    "Rung",
    "ServicePolicy",
    "Survey",
    "SurveyQuerySet",
    "statuses_that_pause",
    "working_week",
]
