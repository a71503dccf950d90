from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q

from helpdesk.models import Department, Issue, Role


class Then(models.TextChoices):
    """What becomes of the ticket once a reply is written."""

    STAY = "", "Leave it open"
    WAIT = "wait", "Wait for the customer"
    SOLVE = "solve", "Solve"


class MacroQuerySet(models.QuerySet["Macro"]):
    def usable_in(self, department_id: int | None) -> "MacroQuerySet":
        return self.filter(Q(department__isnull=True) | Q(department_id=department_id), is_active=True)


@pghistory.track(append_only=True)
class Macro(models.Model):
    """An answer we give often, with fields that are filled from the ticket, and what is done after it."""

    name = models.CharField(max_length=120)
    # May hold {{ fields }}: see `macros.FIELDS`.
    body = models.TextField()
    then = models.CharField(max_length=8, choices=Then.choices, blank=True, default=Then.STAY)
    # Empty: every department uses it.
    department = models.ForeignKey(Department, models.CASCADE, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)

    objects: ClassVar = MacroQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name", "department"], nulls_distinct=False, name="macro_name_once_in_a_department"
            )
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(append_only=True)
class Guidance(models.Model):
    """What an agent should know while answering one issue: what to ask, what may be offered, how to explain it.

    Its past versions are kept by the database, so an answer can be judged by the guidance of its day.
    """

    issue = models.OneToOneField(Issue, models.CASCADE, related_name="+")
    questions = models.TextField(blank=True)
    solution_space = models.TextField(blank=True)
    explanation = models.TextField(blank=True)
    prevention_tip = models.TextField(blank=True)
    # Told while the cause is being removed; analysis writes it when a case has a workaround.
    known_error = models.TextField(blank=True)
    # The most each role may give for this issue without asking; 0 is nothing.
    agent_limit = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    lead_limit = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_lead_may_give_as_much_as_an_agent",
                condition=Q(agent_limit__gte=0) & Q(lead_limit__gte=models.F("agent_limit")),
            )
        ]

    def __str__(self) -> str:
        return f"Guidance for {self.issue}"

    # Properties

    def limit_of(self, role: str) -> Decimal | None:
        """The most this role may give; None where there is no limit."""
        if role == Role.ADMIN:
            return None
        return self.lead_limit if role == Role.LEAD else self.agent_limit
