from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.control.models.calendar import Calendar
from helpdesk.models import Severity, Status


def statuses_that_pause() -> list[str]:
    return [Status.WAITING_CUSTOMER.value]


@pghistory.track(append_only=True)
class ServicePolicy(models.Model):
    """What we promise in time to the tickets it fits; the first that fits, in order, counts."""

    name = models.CharField(max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(default=100)
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+")
    # What it fits; empty fits all.
    department = models.ForeignKey(
        "helpdesk.Department", models.CASCADE, null=True, blank=True, related_name="+"
    )
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, null=True, blank=True)
    segment = models.CharField(max_length=60, blank=True)
    # Working minutes; empty means no such promise.
    acknowledge_minutes = models.PositiveIntegerField(null=True, blank=True)
    first_reply_minutes = models.PositiveIntegerField(null=True, blank=True)
    next_reply_minutes = models.PositiveIntegerField(null=True, blank=True)
    resolve_minutes = models.PositiveIntegerField(null=True, blank=True)
    referral_minutes = models.PositiveIntegerField(null=True, blank=True)
    pauses_on = ArrayField(models.CharField(max_length=16), default=statuses_that_pause, blank=True)

    class Meta:
        ordering: ClassVar = ["order", "name"]
        verbose_name_plural = "service policies"

    def __str__(self) -> str:
        return self.name

    def minutes(self, kind: str) -> int | None:
        minutes: int | None = getattr(self, f"{kind}_minutes")
        return minutes


class Rung(models.Model):
    """A step of the escalation ladder: whom to tell how long after a promise was broken."""

    class Tell(models.TextChoices):
        ASSIGNEE = "assignee", "Whoever has the ticket"
        LEADS = "leads", "The department's leads"
        HEAD = "head", "The head of the department"

    policy = models.ForeignKey(ServicePolicy, models.CASCADE, related_name="rungs")
    after_minutes = models.PositiveIntegerField(default=0)
    tell = models.CharField(max_length=8, choices=Tell.choices)

    class Meta:
        ordering: ClassVar = ["after_minutes", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "after_minutes", "tell"], name="one_rung_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.get_tell_display()} after {self.after_minutes} min"
