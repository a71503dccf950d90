"""The nouns of this point."""

from apps.response.bulk.models import BulkJob, BulkRow
from apps.response.calls.models import Call, CallDirection, CallOutcome
from apps.response.checklists.models import Checklist, TicketTask
from apps.response.closing.models import ClosingRule, ClosingStep
from apps.response.following.models import Follower, Mention
from apps.response.links.models import JointAnswer, JointAnswerTicket, LinkKind, TicketLink
from apps.response.models.approval import Approval, ApprovalKind, ApprovalState, ApprovalStep, AskedApprover
from apps.response.models.draft import Draft, DraftKind
from apps.response.models.knowledge import (
    GUIDANCE_FIELDS,
    FoundFact,
    Guidance,
    GuidanceEdition,
    Macro,
    MacroUse,
    Then,
)
from apps.response.models.merging import Merge
from apps.response.models.play import PlayClaim, PlaySkip
from apps.response.models.readings import ReadingState, SampledWeek, SecondReading
from apps.response.models.remedy import MONEY, GivenRemedy, Offer, RemedyCeiling
from apps.response.models.splitting import Split
from apps.response.models.ticket_view import Sharing, TicketView
from apps.response.recoding.models import HandRecodedTicket, HandRecoding
from apps.response.reopening.models import ReopenPolicy
from apps.response.rules.models import Rule, RuleEntry, RuleFiring, RuleHealth, RuleRun
from apps.response.sending_later.models import LaterReply, LaterState
from apps.response.snoozing.models import Snooze
from apps.response.tags.models import TagChange
from apps.response.timekeeping.models import RunningTimer, TimeEntry

__all__ = [
    "GUIDANCE_FIELDS",
    "MONEY",
    "Approval",
    "ApprovalKind",
    "ApprovalState",
    "ApprovalStep",
    "AskedApprover",
    "BulkJob",
    "BulkRow",
    "Call",
    "CallDirection",
    "CallOutcome",
    "Checklist",
    "ClosingRule",
    "ClosingStep",
    "Draft",
    "DraftKind",
    "Follower",
    "FoundFact",
    "GivenRemedy",
    "Guidance",
    "GuidanceEdition",
    "HandRecodedTicket",
    "HandRecoding",
    "JointAnswer",
    "JointAnswerTicket",
    "LaterReply",
    "LaterState",
    "LinkKind",
    "Macro",
    "MacroUse",
    "Mention",
    "Merge",
    "Offer",
    "PlayClaim",
    "PlaySkip",
    "ReadingState",
    "RemedyCeiling",
    "ReopenPolicy",
    "Rule",
    "RuleEntry",
    "RuleFiring",
    "RuleHealth",
    "RuleRun",
    "RunningTimer",
    "SampledWeek",
    "SecondReading",
    "Sharing",
    "Snooze",
    "Split",
    "TagChange",
    "Then",
    "TicketLink",
    "TicketTask",
    "TicketView",
    "TimeEntry",
]
