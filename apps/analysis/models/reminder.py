from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from apps.analysis.models.case import Case
from helpdesk import events

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from helpdesk.models import User


class Step(models.TextChoices):
    """Whom a case that is not answered has reached; `apps/analysis/ladder.py` says when."""

    DUE_SOON = "due_soon", "Due soon"
    OVERDUE = "overdue", "Overdue"
    HEAD = "head", "Head of the department"
    SPONSOR = "sponsor", "Sponsor"
    RISK_ENDS = "risk_ends", "The accepted risk runs out"


class Reminder(models.Model):
    """One rung of the ladder, climbed: somebody was told that a case waits. Once for each stay in a state and each
    due day, whoever asks and however often. Who was told may look at the case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="reminders")
    # The stay in a state it is about: the case's `state_since` of then.
    entered_at = models.DateTimeField()
    due_on = models.DateField()
    step = models.CharField(max_length=9, choices=Step.choices)
    told = models.ManyToManyField("helpdesk.User", related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "entered_at", "due_on", "step"], name="a_rung_is_climbed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_step_display()}"

    # Factories

    @classmethod
    def climb(cls, *, case: Case, step: Step, due_on: "date", told: "Sequence[User]", by: "User",
              at: datetime) -> "Reminder":  # fmt: skip
        row = cls.objects.create(case=case, entered_at=case.state_since, due_on=due_on, step=step, at=at)
        row.told.set(told)
        data = {"step": step.value, "due": due_on.isoformat(), "told": [person.name for person in told]}
        events.record("case.reminded", about=case.ref, by=by, at=at, data=data)
        return row
