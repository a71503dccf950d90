from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.analysis.models.action import STILL_TO_DO, Action
from apps.analysis.models.case import Case
from helpdesk import events

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from helpdesk.models import User


class Step(models.TextChoices):
    """Whom a case or an action that is not seen to has reached; `apps/analysis/ladder.py` says when."""

    DUE_SOON = "due_soon", _("Due soon")
    OVERDUE = "overdue", _("Overdue")
    HEAD = "head", _("Head of the department")
    SPONSOR = "sponsor", _("Sponsor")
    RISK_ENDS = "risk_ends", _("The accepted risk runs out")


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def standing(self) -> "ReminderQuerySet":
        """Those nobody has acted upon: the case stands where it stood, the action is still to be done by that day."""
        of_case = Q(action=None, entered_at=F("case__state_since"))
        return self.filter(of_case | Q(action__state__in=STILL_TO_DO, due_on=F("action__due_on")))


class Reminder(models.Model):
    """One rung of the ladder, climbed: somebody was told that a case, or an action of it, waits. Once for each stay in
    a state and each due day, whoever asks and however often. Who was told may look at the case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="reminders")
    # Null: about the case itself.
    action = models.ForeignKey(Action, models.CASCADE, null=True, related_name="reminders")
    # The stay in a state it is about: the case's `state_since` of then, or the moment the action was added.
    entered_at = models.DateTimeField()
    due_on = models.DateField()
    step = models.CharField(max_length=9, choices=Step.choices)
    told = models.ManyToManyField("helpdesk.User", related_name="+")
    at = models.DateTimeField()

    objects: ClassVar = ReminderQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "action", "entered_at", "due_on", "step"],
                nulls_distinct=False,
                name="a_rung_is_climbed_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_step_display()}"

    # Factories

    @classmethod
    def climb(cls, *, case: Case, step: Step, due_on: "date", told: "Sequence[User]", by: "User", at: datetime,
              action: Action | None = None) -> "Reminder":  # fmt: skip
        entered_at = action.added_at if action else case.state_since
        row = cls.objects.create(
            case=case, action=action, entered_at=entered_at, due_on=due_on, step=step, at=at
        )
        row.told.set(told)
        data = {"step": step.value, "due": due_on.isoformat(), "told": [person.name for person in told]}
        about = {"action": action.pk, "title": action.title} if action else {}
        events.record("case.reminded", about=case.ref, by=by, at=at, data=data | about)
        return row
