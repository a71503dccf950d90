"""Days of the demo company's cases, counted back from the end of the world."""

from dataclasses import dataclass
from datetime import date, timedelta

from apps.control.clock import BusinessCalendar, add_working_days
from config.demo.planned import Plan

BASELINE_WEEKS = 26
MONITORING_DAYS = 84
LAG_DAYS = 7


@dataclass(frozen=True)
class Diary:
    """Turns "so many days before the end" into working days."""

    end: date
    calendar: BusinessCalendar

    def day(self, before: int) -> date:
        """The day itself."""
        return self.end - timedelta(days=before)

    def work(self, before: int) -> date:
        """The day, or the next one on which somebody was at work."""
        return add_working_days(self.day(before), 0, self.calendar)

    def after(self, day: date, working_days: int) -> date:
        return add_working_days(day, working_days, self.calendar)

    def plan(
        self,
        *,
        detected: int,
        implemented: int,
        frozen: int,
        expected_reduction: float,
        second_source: str,
        override: str = "",
    ) -> Plan:
        return Plan(
            expected_reduction=expected_reduction,
            baseline_from=self.day(detected + 7 * BASELINE_WEEKS),
            baseline_to=self.day(detected + 1),
            lag_days=LAG_DAYS,
            decision_on=self.work(implemented) + timedelta(days=LAG_DAYS + MONITORING_DAYS),
            alpha=0.05,
            frozen_on=self.work(frozen),
            second_source=second_source,
            weak_actions_override=override,
        )
