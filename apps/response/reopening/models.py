from datetime import timedelta
from typing import ClassVar

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.models import Department, Ticket


class ReturnsTo(models.TextChoices):
    """Who gets a ticket that is open again."""

    ASSIGNEE = "assignee", _("Whoever had it last, if they are there")
    DEPARTMENT = "department", _("The department")


class LateAnswer(models.TextChoices):
    """What becomes of an answer that comes after the days."""

    NEW_TICKET = "new_ticket", _("It becomes a new ticket, linked to the old one")
    REFUSE = "refuse", _("It is refused: the customer is asked for a new request")


@pghistory.track(append_only=True)
class ReopenPolicy(models.Model):
    """For how long a customer's answer opens a solved ticket again, and for whom, and what becomes of one that comes
    later; one for the company, and one for each department that does otherwise."""

    # Null: the company's, for departments without their own.
    department = models.ForeignKey(Department, models.CASCADE, null=True, blank=True, related_name="+")
    # Counted from when it was solved; null: for ever; 0: never.
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    returns_to = models.CharField(max_length=10, choices=ReturnsTo.choices, default=ReturnsTo.ASSIGNEE)
    late_answer = models.CharField(max_length=10, choices=LateAnswer.choices, default=LateAnswer.NEW_TICKET)
    # {"en": {"refusal": "..."}}; what is missing is said in our own words.
    texts = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "reopen policies"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["department"], nulls_distinct=False, name="one_reopen_policy_a_department"
            )
        ]

    def __str__(self) -> str:
        return str(self.department or _("The company"))

    # Queries

    def opens(self, ticket: Ticket, *, age: timedelta) -> bool:
        """Whether an answer opens the ticket again that long after it was solved."""
        return self.days is None or age < timedelta(days=self.days)

    @property
    def refuses(self) -> bool:
        return self.late_answer == LateAnswer.REFUSE
