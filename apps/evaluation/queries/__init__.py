"""What evaluation reads: shares by department and month, what each is charged with, how far codes are right."""

from apps.evaluation.queries.accountability import Account, Accounts, accounts
from apps.evaluation.queries.coding_quality import CodingQuality, Share, coding_quality
from apps.evaluation.queries.counted import Counted, read_counted
from apps.evaluation.queries.prevention import Judged, judged_cases
from apps.evaluation.queries.readings import readings_behind
from apps.evaluation.queries.shares import REPEAT_DAYS
from apps.evaluation.queries.standards import Report, Standard, reports
from apps.evaluation.queries.window import MONTHS, Window, window

__all__ = [
    "MONTHS",
    "REPEAT_DAYS",
    "Account",
    "Accounts",
    "CodingQuality",
    "Counted",
    "Judged",
    "Report",
    "Share",
    "Standard",
    "Window",
    "accounts",
    "coding_quality",
    "judged_cases",
    "read_counted",
    "readings_behind",
    "reports",
    "window",
]
