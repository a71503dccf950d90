from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from helpdesk.models import Message, Ticket, User


class Woken(models.TextChoices):
    """Why a ticket came back."""

    NOT_YET = "", _("Not yet")
    TIME = "time", _("Its time came")
    CUSTOMER = "customer", _("The customer wrote")
    HAND = "hand", _("By hand")
    OVER = "over", _("It was over before")


class Snooze(models.Model):
    """A colleague does not want to see a ticket before a time; one row for each time they said so."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    until = models.DateTimeField()
    # They want a letter too when it is back.
    by_mail = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    woken_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=8, choices=Woken.choices, blank=True, default=Woken.NOT_YET)
    # The mark was taken off: they have seen that it is back.
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "ticket"], name="one_snooze_at_a_time", condition=Q(woken_at__isnull=True)
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["until"], name="snooze_due", condition=Q(woken_at__isnull=True)),
            models.Index(
                fields=["user", "ticket"],
                name="snooze_back",
                condition=Q(woken_at__isnull=False, seen_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id} until {self.until:%d %b %H:%M}"

    # Mutators

    def wake(self, why: str, *, at: datetime) -> None:
        """It is back. What was over, or woken by hand, needs no mark."""
        self.woken_at, self.why = at, why
        self.seen_at = at if why in (Woken.HAND, Woken.OVER) else None
        self.save(update_fields=["woken_at", "why", "seen_at"])


def snoozed(user: User) -> Q:
    """Tickets this person has put off."""
    return Q(Exists(Snooze.objects.filter(user=user, ticket=OuterRef("pk"), woken_at=None)))


def back(user: User) -> Q:
    """Tickets that are back with this person, who has not dealt with them yet."""
    return Q(Exists(unseen(user).filter(ticket=OuterRef("pk"))))


def unseen(user: User) -> "models.QuerySet[Snooze]":
    """What is back, whose mark they did not take off, and which they have not answered since."""
    answered = Message.objects.filter(ticket=OuterRef("ticket"), author=user, at__gt=OuterRef("woken_at"))
    return Snooze.objects.filter(~Exists(answered), user=user, seen_at=None, woken_at__isnull=False)
