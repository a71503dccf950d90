from datetime import datetime
from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.response.checklists.lines import Line, read_line
from helpdesk.models import Department, Issue, Ticket, User

MAX_TEXT = 200


class TicketTaskQuerySet(models.QuerySet["TicketTask"]):
    def open(self) -> "TicketTaskQuerySet":
        return self.filter(done_at=None)

    def to_remind(self, at: datetime) -> "TicketTaskQuerySet":
        """Due, with somebody to tell, who was not told yet."""
        return self.open().filter(due_at__lte=at, assignee__isnull=False, reminded_at=None)


class TicketTask(models.Model):
    """Something to be done about a ticket besides answering it."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    text = models.CharField(max_length=MAX_TEXT)
    assignee = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    # The ticket can't be solved before it is done.
    is_required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TicketTaskQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["assignee", "due_at", "id"],
                name="task_of_assignee",
                condition=Q(done_at__isnull=True),
            ),
            models.Index(
                fields=["due_at"],
                name="task_to_remind",
                condition=Q(done_at__isnull=True, reminded_at__isnull=True, assignee__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_done_task_says_by_whom",
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


@pghistory.track(append_only=True)
class Checklist(models.Model):
    """Tasks that belong to one kind of work, laid out on a ticket at once. Its past versions are kept."""

    name = models.CharField(max_length=80, unique=True)
    # One task a line: "! Check the serial number @ana +2d" (lines.py).
    lines = ArrayField(models.CharField(max_length=MAX_TEXT + 2))
    # Offered first on tickets about this issue or one below it; empty: on all.
    issue = models.ForeignKey(Issue, models.SET_NULL, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, models.CASCADE, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def tasks(self) -> list[Line]:
        """What is to be done, whether it must be, by whom and within which time."""
        return [read_line(line) for line in self.lines]
