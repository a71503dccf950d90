from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from helpdesk.models import Ticket, User

MOST_MINUTES = 24 * 60


class TimeEntry(models.Model):
    """So many minutes of somebody's work on a ticket. It is never changed: a wrong one is struck out, with a reason."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=200, blank=True)
    worked_at = models.DateTimeField()
    made_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    struck_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-worked_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["worked_at", "user"], name="time_worked", condition=Q(struck_at__isnull=True)
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="minutes_of_a_day_at_most", condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES)
            ),
            models.CheckConstraint(
                name="what_is_struck_out_says_by_whom_and_why",
                condition=Q(struck_at__isnull=True, struck_by__isnull=True, struck_why="")
                | (Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_why="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} min on #{self.ticket_id}"

    @property
    def is_struck(self) -> bool:
        return self.struck_at is not None


class RunningTimer(models.Model):
    """Somebody works on a ticket right now; the row goes when they stop, and becomes an entry."""

    user = models.OneToOneField(User, models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user} on #{self.ticket_id}"

    def minutes(self, at: datetime) -> int:
        """Begun ones count; a forgotten timer counts a day at most."""
        begun = -((self.started_at - at) // timedelta(minutes=1))
        return max(1, min(begun, MOST_MINUTES))
