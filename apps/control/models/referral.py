from typing import ClassVar

from django.db import models

from helpdesk.models import User


class Referral(models.Model):
    """Work handed to another department while the ticket stays ours: who, by when, their answer, and whether the
    customer confirms that it is done."""

    class State(models.TextChoices):
        OPEN = "open", "Waiting for an answer"
        ANSWERED = "answered", "Answered, to be checked with the customer"
        CLOSED = "closed", "Closed"

    ticket = models.ForeignKey("helpdesk.Ticket", models.CASCADE, related_name="+")
    department = models.ForeignKey("helpdesk.Department", models.PROTECT, related_name="+")
    question = models.TextField()
    asked_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    # What the customer said when we asked whether it was done; null until we asked.
    customer_confirmed = models.BooleanField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["asked_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["department", "state", "asked_at"], name="referral_of_department")
        ]

    def __str__(self) -> str:
        return f"Referral {self.pk} to {self.department}"

    def is_visible_to(self, user: User) -> bool:
        return self.department_id == user.department_id or self.ticket.is_visible_to(user)
