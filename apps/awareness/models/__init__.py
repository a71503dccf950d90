"""The rows of awareness, one noun a file."""

from apps.awareness.models.campaign import (
    Campaign,
    CampaignProblem,
    CampaignReply,
    CampaignVisits,
    Via,
    Where,
)
from apps.awareness.models.digest import Digest
from apps.awareness.models.holdout import OptOut, Outreach, OutreachCustomer, OutreachKind
from apps.awareness.models.maturity import MaturityAssessment, MaturityGrade
from apps.awareness.models.notice import Audience, Notice, NoticeState
from apps.awareness.models.report import Report, ReportLetter, ReportRecipient
from apps.awareness.models.wave import Gone, Wave, WaveKind, WaveLetter, WaveState, WaveText

__all__ = [
    "Audience",
    "Campaign",
    "CampaignProblem",
    "CampaignReply",
    "CampaignVisits",
    "Digest",
    "Gone",
    "MaturityAssessment",
    "MaturityGrade",
    "Notice",
    "NoticeState",
    "OptOut",
    "Outreach",
    "OutreachCustomer",
    "OutreachKind",
    "Report",
    "ReportLetter",
    "ReportRecipient",
    "Via",
    "Wave",
    "WaveKind",
    "WaveLetter",
    "WaveState",
    "WaveText",
    "Where",
]
