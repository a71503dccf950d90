"""Measured against goals, as the page shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from apps.evaluation.models import Goal, Measure
from apps.evaluation.queries.counted import Counted
from apps.evaluation.queries.prevention import Judged
from apps.evaluation.queries.shares import Readings, count_shares, readings
from apps.evaluation.queries.window import Window
from apps.evaluation.tally import Standing, Tally, standing, total
from helpdesk.charts import draw_sparkline
from helpdesk.models import Department


@dataclass(frozen=True)
class Standard:
    """One measure of one department: the goal, the share, and how it went month by month."""

    measure: Measure
    goal: Goal | None
    # The goal is that of all departments.
    is_shared: bool
    tally: Tally
    months: tuple[Tally, ...]

    @property
    def standing(self) -> Standing:
        return standing(self.tally, self.goal.target if self.goal else None)

    @property
    def spark(self) -> SafeString:
        shares = [month.share for month in self.months]
        words = ", ".join("–" if share is None else f"{share:.0%}" for share in shares)
        met = (self.goal.target, 1.0) if self.goal else None
        return draw_sparkline(shares, title=f"{self.measure.label}: {words}", usual=met)


@dataclass(frozen=True)
class Report:
    """A department, or with None the whole company, and how it does by every measure."""

    department: Department | None
    standards: tuple[Standard, ...]


def reports(
    window: Window, *, departments: Sequence[Department], goals: Iterable[Goal], judged: Iterable[Judged],
    counted: Counted | None = None,
) -> list[Report]:  # fmt: skip
    """The company first, then these departments: three queries whatever their number, none with what is counted."""
    found = readings(window, judged, counted.shares if counted else count_shares(window))
    targets = {(goal.measure, goal.department_id): goal for goal in goals}
    return [_report(department, window, found, targets) for department in (None, *departments)]


def _report(
    department: Department | None, window: Window, found: Readings, goals: dict[tuple[str, int | None], Goal]
) -> Report:
    key = department.pk if department else None
    standards = []
    for measure in Measure:
        own, shared = goals.get((measure, key)), goals.get((measure, None))
        months = tuple(found.get((measure, key)) or [Tally()] * len(window.months))
        standards.append(Standard(measure, own or shared, own is None, total(months), months))
    return Report(department, tuple(standards))
