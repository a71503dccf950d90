from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.models import User


class Referral(models.Model):
    """Work handed to another department, or to somebody outside, while the ticket stays ours: who, by when, their
    answer, and whether the customer confirms that it is done."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ANSWERED = "answered", _("Answered, to be checked with the customer")
        CLOSED = "closed", _("Closed")

    ticket = models.ForeignKey("helpdesk.Ticket", models.CASCADE, related_name="+")
    # Empty: somebody outside the house, by name and address.
    department = models.ForeignKey(
        "helpdesk.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    outside_name = models.CharField(max_length=120, blank=True, default="", db_default="")
    outside_email = models.EmailField(blank=True, default="", db_default="")
    # What they call it: a claim number, an order number.
    reference = models.CharField(max_length=80, blank=True, default="", db_default="")
    question = models.TextField()
    asked_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    chased_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.TextField(blank=True)
    # The system, where it came by a letter's link; then `answered_as` says whose it was.
    answered_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    answered_as = models.CharField(max_length=120, blank=True, default="", db_default="")
    answered_at = models.DateTimeField(null=True)
    # The customer was written to: is it done? Told once that they say nothing.
    checked_at = models.DateTimeField(null=True)
    unconfirmed_at = models.DateTimeField(null=True)
    # What the customer said when we asked whether it was done; null until they did.
    customer_confirmed = models.BooleanField(null=True)
    customer_words = models.CharField(max_length=500, blank=True, default="", db_default="")
    closed_at = models.DateTimeField(null=True)
    # Why it was closed without the customer's word.
    closed_why = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        ordering: ClassVar = ["asked_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["department", "state", "asked_at"], name="referral_of_department"),
            models.Index(fields=["ticket"], name="referral_of_ticket"),
            models.Index(
                fields=["checked_at"],
                name="referral_to_confirm",
                condition=Q(state="answered", unconfirmed_at__isnull=True),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_referral_goes_to_a_department_or_outside",
                condition=Q(department__isnull=False, outside_name="")
                | (Q(department__isnull=True) & ~Q(outside_name="")),
            )
        ]

    def __str__(self) -> str:
        return f"Referral {self.pk} to {self.whom}"

    def is_visible_to(self, user: User) -> bool:
        theirs = self.department_id is not None and self.department_id == user.department_id
        return theirs or self.ticket.is_visible_to(user)

    @property
    def whom(self) -> str:
        return self.department.name if self.department else self.outside_name

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def answered_name(self) -> str:
        return self.answered_as or (self.answered_by.name if self.answered_by else "")
