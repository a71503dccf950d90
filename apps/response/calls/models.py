from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.models import Customer, Note, Ticket, User


class CallDirection(models.TextChoices):
    """Who rang."""

    IN = "in", _("The customer called")
    OUT = "out", _("We called")


class CallOutcome(models.TextChoices):
    """How a call ended."""

    TALKED = "talked", _("Spoken, not settled yet")
    SETTLED = "settled", _("Settled")
    CALL_BACK = "call_back", _("We call back")
    MESSAGE_LEFT = "message_left", _("Message left")
    NO_ANSWER = "no_answer", _("Nobody answered")


# They were spoken with, whoever rang: a response like a letter.
REACHED = (CallOutcome.TALKED, CallOutcome.SETTLED, CallOutcome.CALL_BACK)


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, user: User) -> "CallQuerySet":
        """Those on tickets this person may see."""
        return self.filter(ticket__in=Ticket.objects.visible_to(user))

    def reached(self) -> "CallQuerySet":
        """Those in which the customer was spoken with."""
        return self.filter(outcome__in=REACHED)


class Call(models.Model):
    """A telephone call about a ticket, as whoever took or made it wrote it down. It is never changed."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False)
    # Digits and a plus; empty where it is not known.
    number = models.CharField(max_length=40, blank=True)
    direction = models.CharField(max_length=3, choices=CallDirection.choices)
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=CallOutcome.choices)
    call_back_at = models.DateTimeField(null=True, blank=True)
    # What was said, where somebody wrote it down.
    note = models.ForeignKey(Note, models.SET_NULL, null=True, blank=True, related_name="+")
    logged_at = models.DateTimeField()

    objects: ClassVar = CallQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-begun_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["customer", "-begun_at"], name="call_of_customer")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_call_back_has_a_time",
                condition=Q(outcome="call_back", call_back_at__isnull=False)
                | (~Q(outcome="call_back") & Q(call_back_at__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()}, #{self.ticket_id}"

    # Queries

    @property
    def is_answer(self) -> bool:
        return self.outcome in REACHED

    @property
    def answered_at(self) -> datetime:
        """When they were spoken with: no earlier than there was a ticket, for a call opens it once it is over."""
        return max(self.begun_at, self.ticket.opened_at)
