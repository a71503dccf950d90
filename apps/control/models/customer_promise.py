from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from helpdesk.models import Ticket, User

MAX_TEXT = 200
# Where the promises of a ticket are read that was merged away, and merged again.
NOW_ON = Coalesce("ticket__merged_into__merged_into", "ticket__merged_into", "ticket")


class PromiseState(models.TextChoices):
    """How a promise stands."""

    OPEN = "open", _("Open")
    BROKEN = "broken", _("Broken, still to be kept")
    KEPT = "kept", pgettext_lazy("promise", "Kept")
    LATE = "late", _("Kept late")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CustomerPromiseQuerySet(models.QuerySet["CustomerPromise"]):
    def unsettled(self) -> "CustomerPromiseQuerySet":
        """What somebody still has to keep, late or not."""
        return self.filter(state__in=CustomerPromise.UNSETTLED)

    def on(self, ticket: Ticket) -> "CustomerPromiseQuerySet":
        """Those of a ticket, and of those that were merged into it."""
        merged = Q(ticket__merged_into=ticket) | Q(ticket__merged_into__merged_into=ticket)
        return self.filter(Q(ticket=ticket) | merged)

    def to_warn(self, at: datetime) -> "CustomerPromiseQuerySet":
        return self.filter(state=PromiseState.OPEN, warned_at=None, warn_at__lte=at)

    def to_break(self, at: datetime) -> "CustomerPromiseQuerySet":
        return self.filter(state=PromiseState.OPEN, due_at__lt=at)


class CustomerPromise(models.Model):
    """What somebody told a customer they would do, and by when: "I will call you on Friday"."""

    UNSETTLED: ClassVar = (PromiseState.OPEN, PromiseState.BROKEN)

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    # The answer in which it was said; it goes where that goes.
    message = models.ForeignKey("helpdesk.Message", models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=MAX_TEXT)
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    # Who has to keep it.
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    # The customer reads it on the page of their request.
    is_public = models.BooleanField(default=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=PromiseState.choices, default=PromiseState.OPEN)
    warned_at = models.DateTimeField(null=True, blank=True)
    broken_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Why it was withdrawn.
    why = models.CharField(max_length=MAX_TEXT, blank=True)

    objects: ClassVar = CustomerPromiseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["ticket"], name="promise_of_ticket"),
            models.Index(fields=["made_at"], name="promise_over_time"),
            models.Index(
                fields=["owner", "due_at"],
                name="promise_of_person",
                condition=Q(state__in=["open", "broken"]),
            ),
            models.Index(
                fields=["warn_at"], name="promise_to_warn", condition=Q(state="open", warned_at__isnull=True)
            ),
            models.Index(fields=["due_at"], name="promise_to_break", condition=Q(state="open")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_promise_withdrawn_says_why", condition=~Q(state="withdrawn") | ~Q(why="")
            )
        ]

    def __str__(self) -> str:
        return self.text

    def is_visible_to(self, user: User) -> bool:
        return self.ticket.is_visible_to(user)

    @property
    def is_unsettled(self) -> bool:
        return self.state in self.UNSETTLED
