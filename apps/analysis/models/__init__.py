"""The rows of the root-cause loop, one noun a file."""

from apps.analysis.models.action import Action, ActionKind, ActionState, DueChange, Route, Strength
from apps.analysis.models.assumption import Assumption, Parameter
from apps.analysis.models.calendar import CalendarEntry, EntryKind
from apps.analysis.models.case import Case, CaseTicket, LinkedBy
from apps.analysis.models.case_notice import CaseNotice
from apps.analysis.models.case_states import CaseState, Outcome, Rejection
from apps.analysis.models.cause import Cause, CauseCategory, CausePath, CauseState
from apps.analysis.models.counting import AnalysisRun, DayCount, Exposure, RunBlock, RunState, StaleDay
from apps.analysis.models.level import NewLevel
from apps.analysis.models.owner_link import OwnerLink
from apps.analysis.models.ownership import OwnershipRule
from apps.analysis.models.plan import Denominator, EffectivenessPlan, LookDesign, Verdict, VerdictKind
from apps.analysis.models.prediction import Finding, Prediction, PredictionKind, Trial
from apps.analysis.models.reminder import Reminder, Step
from apps.analysis.models.saved_view import Every, SavedView, ViewLetter, ViewSubscription
from apps.analysis.models.signal import Dismissal, Signal, SignalKind, SignalState
from apps.analysis.models.spread import SpreadCheck
from apps.analysis.models.use import WorkaroundUse
from apps.analysis.models.voice import CustomerVoice
from apps.analysis.models.work_limit import WorkLimit
from apps.analysis.trackers.models import Tracker, TrackerErrand, TrackerItem, TrackerNews

__all__ = [
    "Action",
    "ActionKind",
    "ActionState",
    "AnalysisRun",
    "Assumption",
    "CalendarEntry",
    "Case",
    "CaseNotice",
    "CaseState",
    "CaseTicket",
    "Cause",
    "CauseCategory",
    "CausePath",
    "CauseState",
    "CustomerVoice",
    "DayCount",
    "Denominator",
    "Dismissal",
    "DueChange",
    "EffectivenessPlan",
    "EntryKind",
    "Every",
    "Exposure",
    "Finding",
    "LinkedBy",
    "LookDesign",
    "NewLevel",
    "Outcome",
    "OwnerLink",
    "OwnershipRule",
    "Parameter",
    "Prediction",
    "PredictionKind",
    "Rejection",
    "Reminder",
    "Route",
    "RunBlock",
    "RunState",
    "SavedView",
    "Signal",
    "SignalKind",
    "SignalState",
    "SpreadCheck",
    "StaleDay",
    "Step",
    "Strength",
    "Tracker",
    "TrackerErrand",
    "TrackerItem",
    "TrackerNews",
    "Trial",
    "Verdict",
    "VerdictKind",
    "ViewLetter",
    "ViewSubscription",
    "WorkLimit",
    "WorkaroundUse",
]
