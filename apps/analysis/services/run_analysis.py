from datetime import date, datetime

from apps.analysis.models import AnalysisRun
from apps.analysis.services.find_emerging import find_emerging
from apps.analysis.services.find_signals import find_signals
from apps.analysis.services.judge_case import judge_due_cases
from apps.analysis.services.watch import watch_proven
from helpdesk.models import User


def run_analysis(*, by: User, at: datetime, day: date | None = None, recount: bool = False) -> AnalysisRun:
    """A whole night: count, find what stands out, find what has no code yet, watch what was proven, give verdicts.

    Each step keeps what it found even if a later one fails. Raises what the steps raise.
    """
    run = find_signals(by=by, at=at, day=day, recount=recount)
    find_emerging(by=by, at=at, day=day)
    watch_proven(by=by, at=at)
    judge_due_cases(by=by, at=at)
    return run
