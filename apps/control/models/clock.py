from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.control.models.policy import Rung, ServicePolicy
from helpdesk.models import User


class ClockQuerySet(models.QuerySet["Clock"]):
    def unmet(self) -> "ClockQuerySet":
        """Clocks somebody still has to meet, late or not."""
        return self.filter(state__in=Clock.UNMET)

    def to_warn(self, at: datetime) -> "ClockQuerySet":
        return self.filter(state=Clock.State.RUNNING, warned_at=None, warn_at__lte=at).order_by("warn_at")

    def to_breach(self, at: datetime) -> "ClockQuerySet":
        return self.filter(state=Clock.State.RUNNING, due_at__lt=at).order_by("due_at")

    def to_escalate(self, at: datetime) -> "ClockQuerySet":
        return self.filter(next_rung_at__lte=at).order_by("next_rung_at")


class Clock(models.Model):
    """One promise of time on one ticket: it runs, rests, is met, or is broken (and then still has to be met)."""

    class Kind(models.TextChoices):
        ACKNOWLEDGE = "acknowledge", _("Acknowledge")
        FIRST_REPLY = "first_reply", _("First reply")
        NEXT_REPLY = "next_reply", _("Next reply")
        NEXT_UPDATE = "next_update", _("Next update")
        RESOLVE = "resolve", _("Resolve")
        REFERRAL = "referral", _("Referral")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        BREACHED = "breached", _("Overdue")
        MET = "met", _("Met")
        MET_LATE = "met_late", _("Met late")
        CANCELLED = "cancelled", _("Cancelled")

    UNMET: ClassVar = (State.RUNNING, State.PAUSED, State.BREACHED)

    ticket = models.ForeignKey("helpdesk.Ticket", models.CASCADE, related_name="+")
    referral = models.ForeignKey("Referral", models.CASCADE, null=True, blank=True, related_name="clocks")
    policy = models.ForeignKey(ServicePolicy, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    # The promise as it was made: a later change of the policy leaves it alone.
    minutes = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    # Working minutes left when it was paused; due and warning are worked out anew when it goes on.
    minutes_left = models.FloatField(null=True)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    met_by_message = models.ForeignKey("helpdesk.Message", models.SET_NULL, null=True, related_name="+")
    next_rung_at = models.DateTimeField(null=True)

    objects: ClassVar = ClockQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket", "kind", "referral"],
                condition=Q(state__in=["running", "paused", "breached"]),
                nulls_distinct=False,
                name="one_unmet_clock_of_a_kind",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ticket", "kind"], name="clock_of_ticket"),
            models.Index(
                fields=["warn_at"], name="clock_to_warn", condition=Q(state="running", warned_at=None)
            ),
            models.Index(fields=["due_at"], name="clock_to_breach", condition=Q(state="running")),
            models.Index(
                fields=["next_rung_at"], name="clock_to_escalate", condition=Q(next_rung_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of #{self.ticket_id}"


class Escalation(models.Model):
    """Somebody was told that a promise was broken: once for each rung of the ladder, and each of its times."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="escalations")
    # None: the rung was taken out of the ladder since.
    rung = models.ForeignKey(Rung, models.SET_NULL, null=True, related_name="+")
    time = models.PositiveSmallIntegerField(default=1, db_default=1)
    told = models.ManyToManyField(User, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clock", "rung", "time"], name="each_rung_once_for_a_clock")
        ]

    def __str__(self) -> str:
        return f"{self.rung} for {self.clock}"
