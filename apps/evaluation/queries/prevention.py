"""Which fixes were tried, which were proven, and which came undone."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.analysis.models import CaseState, Verdict
from apps.analysis.models.plan import UNDECIDED
from apps.evaluation.queries.window import Window


@dataclass(frozen=True)
class Judged:
    """The last word on one case whose fix was measured."""

    department: int | None
    decided_at: datetime
    is_proven: bool
    # Proven, and open again since: the watch found that it came back.
    came_back: bool
    saved: Decimal | None

    @property
    def holds(self) -> bool:
        return self.is_proven and not self.came_back


def judged_cases(window: Window) -> list[Judged]:
    """One row a case, its newest verdict; inconclusive ones are still being measured. One query."""
    verdicts = Verdict.objects.filter(decided_at__gte=window.since, decided_at__lt=window.until)
    newest = verdicts.order_by("case_id", "-decided_at", "-id").distinct("case_id").select_related("case")
    return [
        Judged(
            department=verdict.case.owner_department_id,
            decided_at=verdict.decided_at,
            is_proven=verdict.is_proven,
            came_back=verdict.case.state not in (CaseState.MONITORING, CaseState.CLOSED),
            saved=verdict.saved_likely,
        )
        for verdict in newest
        if verdict.verdict not in UNDECIDED
    ]
