from datetime import datetime
from typing import ClassVar

from django.db import models

from apps.output.merges import Merge
from helpdesk.models import Customer, User


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


class CustomerMerge(Merge):
    """Two customers that are one. The record holds rows that were taken off, too, and what was known of the one that
    went."""

    kept = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    gone = models.ForeignKey(Customer, models.CASCADE, related_name="+")

    class Meta(Merge.Meta):
        indexes: ClassVar = [
            models.Index(fields=["kept", "-id"], name="merges_of_kept"),
            models.Index(fields=["gone", "-id"], name="merges_of_gone"),
        ]
