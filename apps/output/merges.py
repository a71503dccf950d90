"""What merges of customers and of organisations have in common: a person decides, and can take it back for a while."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from helpdesk.errors import DomainError
from helpdesk.models import User

UNDO_FOR = timedelta(days=30)  # how long a merge can be taken back


class CannotUndo(DomainError):
    """This merge is undone already, was followed by another one, or is older than thirty days."""

    code = "merge-not-undone"


class Merge(models.Model):
    """Two rows, `kept` and `gone`, that a person decided are one. The one that goes stays as an empty row that leads to
    the other, and for thirty days the record says what to put back."""

    kept_id: int
    gone_id: int
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Numbers of the rows that moved, and what was known before.
    record = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"

    def can_be_undone(self, at: datetime) -> bool:
        """Merges are undone in the reverse order: a later one of either must go first."""
        pair = [self.kept_id, self.gone_id]
        later = type(self)._default_manager.filter(
            models.Q(kept__in=pair) | models.Q(gone__in=pair), pk__gt=self.pk, undone_at=None
        )
        return (
            bool(self.record) and self.undone_at is None and at - self.at <= UNDO_FOR and not later.exists()
        )
