from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from apps.analysis.models import AnalysisRun
from apps.analysis.services.find_emerging import find_emerging
from apps.analysis.services.find_signals import Told, find_signals
from apps.analysis.services.judge_case import judge_due_cases
from apps.analysis.services.watch import watch_proven
from helpdesk.each import each
from helpdesk.models import User


def run_analysis(
    *, by: User, at: datetime, day: date | None = None, recount: bool = False,
    progress: Told = lambda state, done, of: None,
) -> AnalysisRun:  # fmt: skip
    """A whole night in one go: count, find what stands out and what has no code yet, watch what was proven, judge.

    Each step keeps what it found even if another fails. Raises what `find_signals` raises, and then does no more; the
    faults of the later steps are raised once all had their turn.
    """
    run = find_signals(by=by, at=at, day=day, recount=recount, progress=progress)
    later: tuple[Callable[..., object], ...] = (
        partial(find_emerging, day=day),
        watch_proven,
        judge_due_cases,
    )
    each(later, lambda step: step(by=by, at=at))
    return run
