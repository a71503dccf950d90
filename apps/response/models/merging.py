from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from helpdesk.models import Ticket, User

UNDO_FOR = timedelta(days=30)


class Merge(models.Model):
    """One ticket became part of another: how it stood before and whom it brought along, so that it can be undone."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    into = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    status_before = models.CharField(max_length=16)
    solved_at_before = models.DateTimeField(null=True)
    closed_at_before = models.DateTimeField(null=True)
    # Addresses that take part in the other ticket since, because they took part in this one.
    brought = ArrayField(models.EmailField(max_length=254), default=list)
    merged_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket"],
                name="a_ticket_is_merged_once_at_a_time",
                condition=Q(undone_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id} into #{self.into_id}"

    # Mutators

    def undo(self, *, by: User, at: datetime) -> None:
        self.undone_by, self.undone_at = by, at
        self.save(update_fields=["undone_by", "undone_at"])

    # Properties

    @property
    def undo_until(self) -> datetime:
        return self.merged_at + UNDO_FOR

    def can_be_undone(self, at: datetime) -> bool:
        return self.undone_at is None and at < self.undo_until
