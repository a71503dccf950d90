from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from helpdesk.models import Ticket, User

UNDO_FOR = timedelta(days=30)


class Split(models.Model):
    """Messages of one ticket were about another matter, and went to another ticket with their files."""

    source = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    target = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    # The other ticket was opened for them.
    opened = models.BooleanField()
    messages = ArrayField(models.BigIntegerField())
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="split_between_two_tickets", condition=~Q(source=F("target")))
        ]

    def __str__(self) -> str:
        return f"#{self.source_id} to #{self.target_id}"

    # Mutators

    def undo(self, *, by: User, at: datetime) -> None:
        self.undone_by, self.undone_at = by, at
        self.save(update_fields=["undone_by", "undone_at"])

    # Properties

    @property
    def undo_until(self) -> datetime:
        return self.made_at + UNDO_FOR
