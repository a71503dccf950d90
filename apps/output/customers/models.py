from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from helpdesk.models import Customer, User

UNDO_FOR = timedelta(days=30)  # how long a merge can be taken back


class CustomerNote(models.Model):
    """What colleagues should know of a customer whatever the ticket: "prefers to be called", "speaks for the landlord".
    Never sent, and shown to nobody outside."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    body = models.TextField(max_length=5_000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["customer", "-id"], name="note_of_customer")]

    def __str__(self) -> str:
        return f"Note on {self.customer}"

    # Factories

    @classmethod
    def add(cls, *, customer: Customer, body: str, by: User, at: datetime) -> "CustomerNote":
        note = cls.objects.create(customer=customer, body=body, by=by, at=at)
        customer.record("customer.noted", by=by, at=at, note=note.pk)
        return note


class CustomerMerge(models.Model):
    """Two customers that a person decided are one. The one that goes stays as an empty row that leads to the other, and
    for thirty days the record says what to put back."""

    kept = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    gone = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Numbers of the rows that moved, rows that were taken off, and what was known of the one that went.
    record = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["kept", "-id"], name="merges_of_kept"),
            models.Index(fields=["gone", "-id"], name="merges_of_gone"),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"

    def can_be_undone(self, at: datetime) -> bool:
        """Merges are undone in the reverse order: a later one of either must go first."""
        pair = [self.kept_id, self.gone_id]
        later = CustomerMerge.objects.filter(
            models.Q(kept__in=pair) | models.Q(gone__in=pair), pk__gt=self.pk, undone_at=None
        )
        return (
            bool(self.record) and self.undone_at is None and at - self.at <= UNDO_FOR and not later.exists()
        )
