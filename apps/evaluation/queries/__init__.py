"""What evaluation reads: shares by department and month, and what each department is charged with."""

from apps.evaluation.queries.accountability import Account, Accounts, accounts
from apps.evaluation.queries.prevention import Judged, judged_cases
from apps.evaluation.queries.shares import REPEAT_DAYS
from apps.evaluation.queries.standards import Report, Standard, reports
from apps.evaluation.queries.window import MONTHS, Window, window

__all__ = [
    "MONTHS",
    "REPEAT_DAYS",
    "Account",
    "Accounts",
    "Judged",
    "Report",
    "Standard",
    "Window",
    "accounts",
    "judged_cases",
    "reports",
    "window",
]
